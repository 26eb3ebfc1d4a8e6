import { randomUUID } from 'node:crypto'
import { createChooser } from '../../../src/ranking/choose.ts'
import { signForm } from '../../../src/security/form-token.ts'
import { type ConfirmDeps, confirm, readConfirmationState } from '../../../src/subscriptions/confirm.ts'
import { createInterestPreview } from '../../../src/subscriptions/interest-preview.ts'
import { subscribe } from '../../../src/subscriptions/subscribe.ts'
import type { SubscribePagesDeps } from '../../../src/web/public/subscribe.tsx'
import type { App } from '../app.ts'

/** Returns the stores and services of the subscribe and confirm pages. */
export function subscribeDepsOf(app: App): SubscribePagesDeps {
  const { clock, links, queues, log } = app
  const { editions, signUps, tokens } = app.ledger
  // A lost job does no harm: the row is in the ledger, and reconcile adds its job.
  const lost = (error: Error) => log.warn({ reason: error.message }, 'could not add a job; reconcile adds it later')
  const confirming: ConfirmDeps = {
    tokens,
    readState: signUps.readConfirmation,
    redeem: signUps.redeemConfirmation,
    queueTransactional: (transactionalId) => void queues.add('notice', [{ transactionalId }]).catch(lost),
    links,
    newId: randomUUID,
    clock,
  }
  return {
    subscribe: (request) =>
      subscribe(request, {
        tokens,
        checkLimits: signUps.checkSignUpLimits,
        processSoon: (signUpId) => void queues.add('signup', [{ signUpId }]).catch(lost),
        newId: randomUUID,
        clock,
      }),
    readConfirmation: (token) => readConfirmationState(token, confirming),
    confirm: (token, ip) => confirm(token, ip, confirming),
    formToken: () => signForm(tokens, clock()),
    previewInterests: createInterestPreview({
      readNewest: async () => {
        const day = await editions.readNewestDay()
        return day === null ? null : editions.readEdition(day)
      },
      createChooser,
      // Without the host, because the page may be open under another host name.
      paperUrl: (id) => new URL(links.paper(id)).pathname,
      clock,
    }),
  }
}
