import { setImmediate as turn } from 'node:timers/promises'
import { readEnv } from '../../config/env.ts'
import type { PendingDelivery } from '../../src/domain/parcel.ts'
import type { Message } from '../../src/mail/transport.ts'
import { createLogger } from '../../src/platform/log/log.ts'
import type { App } from '../../workers/app/app.ts'
import { openApp } from '../../workers/app/wiring.ts'
import { acceptingTransport } from '../sending/accepting.ts'
import type { ClaimlessOptions } from '../sending/claimless.ts'
import { createSinkStats, reportTo } from '../setup/sink-stats.ts'

/**
 * The program’s selection, composing and transport for subscribers that are read once into memory, without ledger claims and
 * queue. The program cannot be faster than this, and the difference is the cost of its guarantees.
 */
const options = JSON.parse(process.argv[2] ?? '{}') as ClaimlessOptions
const stats = createSinkStats(options)
const app = await openApp(readEnv(process.env, { cwd: process.cwd() }), {
  log: createLogger('warn'),
  ...(options.accepting ? { transports: [acceptingTransport(stats)] } : {}),
})
const everyone = await readEveryone(app, options.messages)
if (options.accepting) reportTo(process, stats, 0, () => app.close())
/** Few enough that the messages that are prepared at the end of the warm-up hardly matter. */
const OPENED_FOR = 20
let next = 0
await Promise.all(Array.from({ length: options.calls }, sendInTurn))
if (!options.accepting) {
  await app.close()
  process.send?.('done')
}

/** Opens the edition for some messages at once, as the program does, even where each is a call of its own. */
async function sendInTurn(): Promise<void> {
  const { composer } = app
  while (next < everyone.length) {
    const from = next
    next += Math.max(options.batch, OPENED_FOR)
    const members = everyone.slice(from, next)
    const digests = await composer.open(options.day, false)
    const items = digests.decide(members).map((decision, at) => {
      if (decision.kind === 'skip') throw new Error(decision.reason)
      return { ...decision, subscriberId: members[at]?.subscriberId ?? '', deferrals: 0 }
    })
    const parcel = { day: options.day, keyId: composer.keyId, frozenAt: new Date() }
    for (let at = 0; at < items.length; at += options.batch)
      await call(
        `claimless-${from + at}`,
        items.slice(at, at + options.batch).map((item) => digests.message(parcel, item)),
      )
    // A transport that accepts at once would leave no time for the bench’s questions.
    if (options.accepting) await turn()
  }
}

async function call(key: string, messages: readonly Message[]): Promise<void> {
  const outcomes = (await app.transports[0]?.send({ key, messages })) ?? []
  const lost = outcomes.find(({ kind }) => kind !== 'accepted')
  if (lost !== undefined) throw new Error(JSON.stringify(lost))
}

async function readEveryone({ ledger }: App, count: number): Promise<readonly PendingDelivery[]> {
  const { rows } = await ledger.pool.query<NonNullable<PendingDelivery['subscriber']> & { id: string }>(
    `select id, email, state, interests, authors, muted_terms as "mutedTerms", interest_share as "interestShare", frequency,
      timezone, delivery_hour as "deliveryHour", weekday, weekdays, format, featured_count as "featuredCount",
      include_other_titles as "includeOtherTitles", link_generation as "linkGeneration", false as suppressed
    from subscribers order by id limit $1`,
    [count],
  )
  return rows.map(({ id, ...subscriber }) => ({
    deliveryId: id,
    subscriberId: id,
    period: options.day,
    catchUpFrom: null,
    alreadySent: [],
    subscriber,
  }))
}
