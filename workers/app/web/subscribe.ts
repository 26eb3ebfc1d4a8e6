import { randomUUID } from 'node:crypto'
import { createChooser } from '../../../src/ranking/choose.ts'
import { signForm } from '../../../src/security/form-token.ts'
import { type ConfirmDeps, confirm, readConfirmationState } from '../../../src/subscriptions/confirm.ts'
import { createInterestPreview } from '../../../src/subscriptions/interest-preview.ts'
import { subscribe } from '../../../src/subscriptions/subscribe.ts'
import type { SubscribePagesDeps } from '../../../src/web/public/subscribe.tsx'
import type { App } from '../app.ts'

/** What the pages of joining stand on. */
export function subscribeDepsOf(app: App): SubscribePagesDeps {
  const { clock, links, queues, log } = app
  const { editions, signUps, tokens } = app.ledger
  // Nobody waits for a job to be added: the row is written, and reconcile finds it.
  const lost = (error: Error) => log.warn({ reason: error.message }, 'a job could not be added; reconcile will')
  const confirmParts: ConfirmDeps = {
    tokens,
    read: signUps.readConfirmation,
    use: signUps.redeemConfirmation,
    wakeTransactional: (transactionalId) => void queues.add('notice', [{ transactionalId }]).catch(lost),
    links,
    newId: randomUUID,
    clock,
  }
  return {
    join: (request) =>
      subscribe(request, {
        tokens,
        checkLimits: signUps.checkSignUpLimits,
        processSoon: (signUpId) => void queues.add('signup', [{ signUpId }]).catch(lost),
        newId: randomUUID,
        clock,
      }),
    lookAt: (token) => readConfirmationState(token, confirmParts),
    confirm: (token, ip) => confirm(token, ip, confirmParts),
    formToken: () => signForm(tokens, clock()),
    matching: createInterestPreview({
      readNewest: async () => {
        const day = await editions.readNewestDay()
        return day === null ? null : editions.readEdition(day)
      },
      createChooser,
      // A path and no host: the page that asks may be reached by another name.
      paperUrl: (id) => new URL(links.paper(id)).pathname,
      clock,
    }),
  }
}
