import { sql } from 'kysely'
import type { Day } from '../../../domain/day.ts'
import type { ParcelItem, SendDecision } from '../../../domain/parcel.ts'
import { digestGiveUpAt } from '../../../pipeline/send/retry-schedule.ts'
import type { Database } from '../../schema/database.ts'
import { ofDay } from '../../schema/periods.ts'
import { type PaperNumbers, readPaperNumbers } from '../paper-numbers.ts'
import { selectionText } from '../selection-text.ts'

export interface FreezeOptions {
  readonly day: Day
  readonly at: Date
  /** The number of hours after which a deferred daily digest is given up. */
  readonly giveUpHours: number
}

/** Marks the members that get no digest as skipped, with the reason. */
export async function writeSkips(
  trx: Database,
  options: FreezeOptions,
  decisions: readonly SendDecision[],
): Promise<void> {
  const skips = decisions.filter((decision) => decision.kind === 'skip')
  if (skips.length === 0) return
  await sql`
    update deliveries d set state = 'skipped', reason = x.reason, settled_at = ${options.at}
    from unnest(${skips.map((skip) => skip.deliveryId)}::bigint[], ${skips.map((skip) => skip.reason)}::text[]) as x(id, reason)
    where d.id = x.id and ${ofDay(options.day)} and d.state = 'queued'`.execute(trx)
}

/** Stores and returns what each member will be sent, so that every attempt sends the same bytes. */
export async function freezeMembers(
  trx: Database,
  options: FreezeOptions,
  decisions: readonly SendDecision[],
): Promise<ParcelItem[]> {
  const sends = decisions.filter((decision) => decision.kind === 'send')
  if (sends.length === 0) return []
  const numbers = await readPaperNumbers(
    trx,
    sends.flatMap(({ paperIds }) => paperIds),
  )
  const { rows } = await sql<{ id: string; subscriber_id: string } & TimesRow>`
    update deliveries d set state = 'sending', address = x.address, selection = x.selection, paper_numbers = x.papers::int[]
    from unnest(
      ${`{${sends.map((send) => send.deliveryId).join(',')}}`}::bigint[], ${sends.map((send) => send.address)}::text[],
      string_to_array(${sends.map(({ paperIds }) => numbersLiteral(paperIds, numbers)).join(SEPARATOR)}, ${SEPARATOR}),
      string_to_array(${sends.map(({ selection, paperIds }) => selectionText(selection, paperIds)).join(SEPARATOR)}, ${SEPARATOR})
    ) as x(id, address, papers, selection)
    where d.id = x.id and ${ofDay(options.day)} and d.state = 'queued'
    returning d.id, d.subscriber_id, d.attempts, d.period, d.queued_at`.execute(trx)
  const frozen = new Map(rows.map((row) => [row.id, row]))
  if (frozen.size !== sends.length) throw new Error(`${sends.length} deliveries were chosen, and ${frozen.size} frozen`)
  await endAbsences(trx, options, sends)
  return sends.flatMap(({ deliveryId, address, paperIds, selection }) => {
    const row = frozen.get(deliveryId)
    if (row === undefined) return []
    const { deferrals, period, queuedAt, giveUpAt } = timesOf(row, options)
    const { subscriber_id: subscriberId } = row
    return { deliveryId, subscriberId, address, paperIds, selection, deferrals, period, queuedAt, giveUpAt }
  })
}

/** Separates texts without control characters in one parameter. As an array, pg would escape each of them, which takes 2 µs. */
const SEPARATOR = '\u001e' // INFORMATION SEPARATOR TWO, for records.

interface TimesRow {
  readonly attempts: number
  readonly period: string
  readonly queued_at: Date
}

/** Returns how often a member was deferred, and when retries end. */
export function timesOf(
  { attempts, period, queued_at: queuedAt }: TimesRow,
  { giveUpHours }: Pick<FreezeOptions, 'giveUpHours'>,
) {
  return { deferrals: attempts, period, queuedAt, giveUpAt: digestGiveUpAt(queuedAt, period, giveUpHours) }
}

/**
 * Returns the numbers of papers as a PostgreSQL array. PostgreSQL accepts only rectangular arrays of arrays, so each inner array
 * is passed as text.
 */
function numbersLiteral(paperIds: readonly string[], numbers: PaperNumbers): string {
  let found = ''
  for (const id of paperIds) {
    const number = numbers.get(id)
    if (number === undefined) throw new Error(`the ledger has no paper ${id}`)
    found += found === '' ? number : `,${number}`
  }
  return `{${found}}`
}

/** Ends the absence of subscribers who get a catch-up. After a skipped catch-up, the next digest catches up. */
async function endAbsences(
  trx: Database,
  { day }: FreezeOptions,
  sends: readonly Extract<SendDecision, { kind: 'send' }>[],
): Promise<void> {
  const caughtUp = sends.filter((send) => send.selection.catchUp).map((send) => send.deliveryId)
  if (caughtUp.length === 0) return
  await sql`
    update subscribers s set paused_since = null
    from deliveries d where d.id = any(${caughtUp}::bigint[]) and ${ofDay(day)} and s.id = d.subscriber_id`.execute(trx)
}
