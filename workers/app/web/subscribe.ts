import { randomUUID } from 'node:crypto'
import { signForm } from '../../../src/security/form-token.ts'
import { paperPath } from '../../../src/security/signed-links.ts'
import { type ConfirmDeps, confirm, readConfirmationState } from '../../../src/subscriptions/confirm.ts'
import { createInterestPreviews, type InterestPreviews } from '../../../src/subscriptions/interests/interest-preview.ts'
import { subscribe } from '../../../src/subscriptions/subscribe.ts'
import type { SubscribePagesDeps } from '../../../src/web/public/subscribe.tsx'
import type { App } from '../app.ts'
import { addingSoon } from '../queue.ts'
import { synonymsOf } from '../synonyms.ts'

/** Returns the stores and services of the subscribe and confirm pages. */
export function subscribeDepsOf(app: App, interests: InterestPreviews): SubscribePagesDeps {
  const { clock, links } = app
  const { signUps, tokens } = app.ledger
  const addSoon = addingSoon(app)
  const confirming: ConfirmDeps = {
    tokens,
    signUps,
    queueTransactional: (transactionalId) => addSoon('notice', { transactionalId }),
    links,
    newId: randomUUID,
    clock,
  }
  return {
    subscribe: (request) =>
      subscribe(request, {
        tokens,
        signUps,
        queueSignUp: (signUpId) => addSoon('signup', { signUpId }),
        newId: randomUUID,
        clock,
      }),
    readConfirmation: (token) => readConfirmationState(token, confirming),
    confirm: (token, ip) => confirm(token, ip, confirming),
    formToken: () => signForm(tokens, clock()),
    interests,
    composer: app.composer,
    editions: app.ledger.editions,
  }
}

/** Returns the previews of what some interests match, which the sign-up and the preferences share. */
export function interestPreviewsOf({
  ledger,
  config,
  clock,
}: Pick<App, 'ledger' | 'config' | 'clock'>): InterestPreviews {
  return createInterestPreviews({
    editions: ledger.editions,
    // Without the host, because the page may be open under another host name, and without the base path, which pages get.
    paperUrl: paperPath,
    synonyms: synonymsOf(config),
    clock,
  })
}
