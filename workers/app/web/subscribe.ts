import { randomUUID } from 'node:crypto'
import { readEdition, readNewestDay } from '../../../src/ledger/editions/editions.ts'
import { readConfirmation, redeemConfirmation } from '../../../src/ledger/signups/confirmations.ts'
import { admit } from '../../../src/ledger/signups/signups.ts'
import { createChooser } from '../../../src/ranking/choose.ts'
import { sealForm } from '../../../src/security/form-token.ts'
import { type ConfirmParts, confirm, lookAtConfirmation } from '../../../src/subscriptions/confirm.ts'
import { createMatching } from '../../../src/subscriptions/interest-preview.ts'
import { join } from '../../../src/subscriptions/subscribe.ts'
import type { JoiningParts } from '../../../src/web/public/subscribe.tsx'
import type { App } from '../app.ts'

/** What the pages of joining stand on. */
export function joiningPartsOf(app: App): JoiningParts {
  const { clock, links, queues, log } = app
  const { db, tokens } = app.ledger
  // Nobody waits for a job to be added: the row is written, and reconcile finds it.
  const lost = (error: Error) => log.warn({ reason: error.message }, 'a job could not be added; reconcile will')
  const confirmParts: ConfirmParts = {
    tokens,
    read: (id, at) => readConfirmation(db, id, at),
    use: (order) => redeemConfirmation(db, order),
    wakeTransactional: (noticeId) => void queues.add('notice', [{ noticeId }]).catch(lost),
    links,
    newId: randomUUID,
    clock,
  }
  return {
    join: (request) =>
      join(request, {
        tokens,
        admit: (arrival) => admit(db, arrival),
        wake: (signUpId) => void queues.add('signup', [{ signUpId }]).catch(lost),
        newId: randomUUID,
        clock,
      }),
    lookAt: (token) => lookAtConfirmation(token, confirmParts),
    confirm: (token, ip) => confirm(token, ip, confirmParts),
    formToken: () => sealForm(tokens, clock()),
    matching: createMatching({
      readNewest: async () => {
        const day = await readNewestDay(db)
        return day === null ? null : readEdition(db, day)
      },
      createChooser,
      // A path and no host: the page that asks may be reached by another name.
      paperUrl: (id) => new URL(links.paper(id)).pathname,
      clock,
    }),
  }
}
