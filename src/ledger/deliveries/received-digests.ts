import { sql } from 'kysely'
import { day as asDay, type Day } from '../../domain/day.ts'
import { RECEIVED_STATES } from '../../domain/delivery.ts'
import type { Entry } from '../../domain/edition.ts'
import type { Paper, Signals } from '../../domain/paper.ts'
import type { Selection } from '../../domain/parcel.ts'
import type { Database } from '../schema/database.ts'
import { paperIdsIn } from './paper-numbers.ts'
import { readSelection } from './selection-text.ts'

/** A digest that a subscriber received or may have received. */
export interface ReceivedDigest {
  readonly sentAt: Date
  readonly selection: Selection
  /** The papers that it features, in its order, each as its newest edition up to that day has it. */
  readonly entries: readonly Entry[]
}

/** Returns the newest digests of a subscriber with their featured papers, newest first. */
export async function readReceivedDigests(
  db: Database,
  subscriberId: string,
  limit: number,
): Promise<ReceivedDigest[]> {
  const rows = await db
    .selectFrom('deliveries')
    .select(['day', 'queued_at', 'settled_at', 'selection', paperIdsIn('paper_numbers').as('paper_ids')])
    .where('subscriber_id', '=', subscriberId)
    .where('state', 'in', RECEIVED_STATES)
    .where('selection', 'is not', null)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  const digests = rows.map((row) => {
    const ids = row.paper_ids ?? []
    const selection = readSelection(row.selection ?? '{}', ids)
    return {
      day: asDay(row.day),
      sentAt: row.settled_at ?? row.queued_at,
      selection,
      ids: ids.slice(0, selection.featured),
    }
  })
  const entries = await readEntriesUpTo(db, digests)
  return digests.map(({ day, sentAt, selection, ids }) => ({
    sentAt,
    selection,
    entries: ids.flatMap((id) => entries.get(`${day} ${id}`) ?? []),
  }))
}

/** Returns the entries of papers by day and id, in one query. */
async function readEntriesUpTo(
  db: Database,
  digests: readonly { readonly day: Day; readonly ids: readonly string[] }[],
): Promise<Map<string, Entry>> {
  const wanted = digests.flatMap(({ day, ids }) => ids.map((id) => ({ day, id })))
  if (wanted.length === 0) return new Map()
  const { rows } = await sql<EntryRow>`
    select w.day, n.rank, n.score, n.why, n.content, n.upvotes, n.comments, n.stars
    from unnest(${wanted.map(({ day }) => day)}::date[], ${wanted.map(({ id }) => id)}::text[]) as w(day, id)
    cross join lateral (
      select * from edition_papers where paper_id = w.id and day <= w.day order by day desc limit 1
    ) n`.execute(db)
  return new Map(
    rows.map(({ day, rank, score, why, content, upvotes, comments, stars }) => [
      `${day} ${content.id}`,
      { rank, score, why, paper: content, signals: { upvotes, comments, stars } },
    ]),
  )
}

interface EntryRow extends Signals {
  readonly day: string
  readonly rank: number
  readonly score: number
  readonly why: string
  readonly content: Paper
}
