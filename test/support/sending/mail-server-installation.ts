import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals'
import type { Config } from '../../../config/config.ts'
import type { Transport } from '../../../src/mail/transport.ts'
import { createLogger } from '../../../src/platform/log/log.ts'
import type { App } from '../../../workers/app/app.ts'
import { openApp } from '../../../workers/app/wiring.ts'
import { addSubscribersFor, openInstallation, QUICKEST, type TestInstallation } from '../app.ts'
import { startSmtpServer, type TestSmtpServer } from '../servers/smtp-server.ts'

export const MORNING = new Date('2026-11-24T06:00:00Z') // A Tuesday.
export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS

/** Returns the time some hours after MORNING. */
export const at = (hours: number) => new Date(MORNING.getTime() + hours * HOUR_MS)

type Reply = { readonly code: number; readonly text: string }

/** An installation that sends over SMTP. The tests of a file share its server and its database; each has an app of its own. */
export function aMailServerInstallation() {
  let place: TestInstallation
  let smtp: TestSmtpServer
  let app: App
  const clock = { now: MORNING }
  let replyTo: (address: string) => Reply | undefined = () => undefined

  beforeAll(async () => {
    smtp = await startSmtpServer({
      lean: true,
      options: {
        onRcptTo: ({ address }, _session, done) => {
          const reply = replyTo(address)
          done(reply === undefined ? undefined : Object.assign(new Error(reply.text), { responseCode: reply.code }))
        },
      },
    })
    place = await openInstallation(QUICKEST, {
      mail: { transports: ['smtp'] },
      smtp: { url: smtp.url, connections: 5, dkim: null, uncertain: 'park' },
    })
  })
  afterAll(async () => {
    await place.close()
    await smtp.close()
  })
  beforeEach(() => {
    clock.now = MORNING
    replyTo = () => undefined
    ;(smtp.received as unknown[]).length = 0
  })
  afterEach(async () => {
    await app.ledger.pool.query(
      'truncate deliveries, parcels, edition_papers, signals, editions, papers, subscribers, suppressions, events, workers, transactional_emails, transport_pauses cascade',
    )
    await app.close()
  })
  return {
    clock,
    app: () => app,
    smtpUrl: () => smtp.url,
    /** Opens an app. `giveUpHours` and `parcelSize` change its mail settings. */
    async open(mail: Partial<Config['mail']> = {}, transports?: readonly Transport[]) {
      app = await openApp(
        { ...place.config, mail: { ...place.config.mail, ...mail } },
        { clock: () => clock.now, random: () => 0.5, log: createLogger('silent'), ...(transports && { transports }) },
      )
    },
    /** Sets the server's reply to each RCPT; undefined: it accepts the message. */
    reply(to: (address: string) => Reply | undefined) {
      replyTo = to
    },
    subscribe: (count: number, over = {}) =>
      addSubscribersFor(
        app,
        Array.from({ length: count }, (_, n) => ({ email: `r${n}@example.org`, ...over })),
      ),
    /** Counts the deliveries by state and reason. */
    async states() {
      const { rows } = await app.ledger.pool.query<{ state: string; reason: string | null; count: number }>(
        'select state, reason, count(*)::int as count from deliveries group by 1, 2 order by 1, 2',
      )
      return rows
    },
    /** Returns the recipients of all messages that the server accepted, sorted. */
    mailed: () => smtp.received.flatMap(({ to }) => to).sort(),
  }
}
