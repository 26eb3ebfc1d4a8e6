import { BOUNCE_MESSAGES_PER_ROUND, BOUNCE_POLL_MS } from '../config/limits-inbound.ts'
import { readInboundMail } from '../src/mail/inbound/inbound-mail.ts'
import type { BounceMailbox } from '../src/mail/inbound/mailbox/mailbox.ts'
import { recordInboundMail } from '../src/pipeline/record-provider-event.ts'
import { addressHasher } from '../src/security/address-hash.ts'
import { subscriberIdOf, unsubscribeByToken } from '../src/subscriptions/unsubscribe.ts'
import type { App } from './app/app.ts'
import { startSchedules } from './app/schedules.ts'
import type { Running } from './send.ts'

/**
 * Reads and empties the bounce mailbox at the start and then every minute, or again at once while it has more mails. If
 * the mailbox cannot be reached, the next round tries again and nothing is lost.
 */
export function startReadingBounces(app: App, mailbox: BounceMailbox, pollMs = BOUNCE_POLL_MS): Running {
  return startSchedules(
    async (isClosed) => ((await readRound(app, mailbox, isClosed)) === BOUNCE_MESSAGES_PER_ROUND ? 0 : pollMs),
    (error) => {
      app.log.warn({ reason: error.message }, 'could not read the bounce mailbox; trying again soon')
      return pollMs
    },
  )
}

async function readRound(app: App, mailbox: BounceMailbox, isClosed: () => boolean): Promise<number> {
  const counts: Record<string, number> = {}
  const read = await mailbox.read(async (raw) => {
    if (isClosed()) throw new Error('closing; the rest waits for the next start')
    const result = await recordInboundMail(raw, {
      read: (mail) =>
        readInboundMail(mail, {
          verp: app.verp,
          subscriberOf: (token) => subscriberIdOf(app.ledger.tokens.verify('unsubscribe', token)),
        }),
      unsubscribe: (token) => unsubscribeByToken(token, app.unsubscribing),
      deliveries: app.ledger.deliveries,
      reports: app.ledger.reports,
      hashOf: addressHasher(app.ledger.tokens),
      clock: app.clock,
    })
    counts[result] = (counts[result] ?? 0) + 1
  }, BOUNCE_MESSAGES_PER_ROUND)
  if (read > 0) app.log.info(counts, 'read the bounce mailbox')
  return read
}
