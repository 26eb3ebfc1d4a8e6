import { sql } from 'kysely'
import type { Actor } from '../../domain/actor.ts'
import type { Day } from '../../domain/day.ts'
import { PINNED_WORDS, type SendingState } from '../../domain/edition.ts'
import { resumeAllTransports } from '../dispatch/open-work.ts'
import { type RecordedAction, readLastAction, recordAction } from '../operators/audit.ts'
import { appendEvent } from '../reports/events.ts'
import type { Database } from '../schema/database.ts'
import { setSending } from './editions.ts'

/** `late`: the edition is no longer as the operator saw it; `by` made the last change, if that is known. */
export type EditResult = { readonly kind: 'done' } | { readonly kind: 'late'; readonly by: RecordedAction | null }

export interface EditOptions {
  readonly day: Day
  readonly actor: Actor
  readonly at: Date
}

/**
 * Pauses, resumes or cancels an edition, if it is still as the operator saw it. Resuming also ends the pauses of all
 * transports.
 */
export async function steerEdition(
  db: Database,
  { day, actor, at }: EditOptions,
  move: { readonly from: SendingState; readonly to: SendingState },
): Promise<EditResult> {
  return db.transaction().execute(async (trx) => {
    const row = await trx.selectFrom('editions').select('sending').where('day', '=', day).forUpdate().executeTakeFirst()
    if (row?.sending !== move.from || move.from === move.to || !(await setSending(trx, day, move.to, at)))
      return late(trx, day)
    if (move.to === 'running') await resumeAllTransports(trx)
    const action = { action: `edition.${move.to}`, day, before: { sending: move.from }, after: { sending: move.to } }
    await recordAction(trx, actor, action, at)
    return { kind: 'done' }
  })
}

/**
 * Approves an edition, if it still has the revision that the operator saw. `override`: why it is sent although the checks found
 * faults.
 */
export async function approveEdition(
  db: Database,
  edit: EditOptions,
  revision: number | null,
  override: { readonly reason: string; readonly faults: number } | null = null,
): Promise<EditResult> {
  const { day, actor, at } = edit
  return db.transaction().execute(async (trx) => {
    let update = trx
      .updateTable('editions')
      .set({ approved_at: at })
      .where('day', '=', day)
      .where('state', '=', 'published')
      .where('needs_approval', '=', true)
      .where('approved_at', 'is', null)
    if (revision !== null) update = update.where('revision', '=', revision)
    const row = await update.returning('revision').executeTakeFirst()
    if (row === undefined) return late(trx, day)
    const after = { revision: row.revision, ...(override === null ? {} : { faults: override.faults }) }
    await recordAction(trx, actor, { action: 'edition.approved', day, reason: override?.reason ?? null, after }, at)
    await appendEvent(trx, { at, kind: 'edition.approved', day, data: { revision: row.revision } })
    return { kind: 'done' }
  })
}

export interface CanaryRule {
  readonly percent: number
  readonly minutes: number
  readonly bouncePercentMax: number
  readonly complaintPercentMax: number
}

/** Sets, changes or removes the canary of an edition that was not dispatched. */
export async function setCanary(db: Database, { day, actor, at }: EditOptions, rule: CanaryRule): Promise<EditResult> {
  return db.transaction().execute(async (trx) => {
    const before = await trx
      .selectFrom('editions')
      .select('canary_percent as percent')
      .where('day', '=', day)
      .executeTakeFirst()
    const row = await trx
      .updateTable('editions')
      .set({
        canary: rule.percent > 0 ? 'sending' : 'none',
        canary_percent: rule.percent,
        canary_minutes: rule.minutes,
        canary_bounce_percent_max: rule.bouncePercentMax,
        canary_complaint_percent_max: rule.complaintPercentMax,
      })
      .where('day', '=', day)
      .where('dispatched_at', 'is', null)
      .returning('day')
      .executeTakeFirst()
    if (row === undefined) return late(trx, day)
    const action = { action: 'edition.canary-set', day, before: { percent: before?.percent ?? 0 }, after: { ...rule } }
    await recordAction(trx, actor, action, at)
    return { kind: 'done' }
  })
}

/** An operator's change to one paper. `to` null: removed. */
export interface EditionChange {
  readonly paperId: string
  readonly from: number
  readonly to: number | null
  readonly pinned: boolean
  readonly reason: string
}

/**
 * Saves a new order of an edition's papers as a new revision, if the edition is still as the operator saw it and was not
 * dispatched. `order` has the remaining papers, first to last.
 */
export async function reviseEdition(
  db: Database,
  { day, actor, at }: EditOptions,
  revision: { readonly seen: number; readonly order: readonly string[]; readonly changes: readonly EditionChange[] },
): Promise<EditResult> {
  return db.transaction().execute(async (trx) => {
    const row = await trx
      .updateTable('editions')
      // A new order needs a new approval.
      .set({ revision: sql`revision + 1`, edited_at: at, approved_at: null })
      .where('day', '=', day)
      .where('revision', '=', revision.seen)
      .where('dispatched_at', 'is', null)
      .where('state', '=', 'published')
      .returning('revision')
      .executeTakeFirst()
    if (row === undefined) return late(trx, day)
    await writeOrder(trx, day, revision)
    const action = {
      action: 'edition.revised',
      day,
      before: { revision: revision.seen },
      after: { revision: row.revision, changes: revision.changes },
      reason: revision.changes.map((change) => `${change.paperId}: ${change.reason}`).join('; '),
    }
    await recordAction(trx, actor, action, at)
    await appendEvent(trx, { at, kind: 'edition.revised', day, data: { revision: row.revision } })
    return { kind: 'done' }
  })
}

async function writeOrder(
  trx: Database,
  day: Day,
  { order, changes }: { readonly order: readonly string[]; readonly changes: readonly EditionChange[] },
): Promise<void> {
  await trx
    .deleteFrom('edition_papers')
    .where('day', '=', day)
    .where('paper_id', 'not in', [...order])
    .execute()
  // Ranks pass through negative numbers, because they must be unique after every step of the update.
  await sql`
    update edition_papers e set rank = -x.rank
    from unnest(${[...order]}::text[]) with ordinality as x(paper_id, rank)
    where e.day = ${day} and e.paper_id = x.paper_id`.execute(trx)
  await sql`update edition_papers set rank = -rank where day = ${day}`.execute(trx)
  const pinned = changes.filter((change) => change.pinned).map((change) => change.paperId)
  await sql`
    update edition_papers set why = ${PINNED_WORDS}::text || why
    where day = ${day} and paper_id = any(${pinned}::text[]) and not starts_with(why, ${PINNED_WORDS}::text)`.execute(
    trx,
  )
}

async function late(trx: Database, day: Day): Promise<EditResult> {
  return { kind: 'late', by: await readLastAction(trx, day) }
}
