import { SEGMENTS_MAX } from '../../../config/limits-people.ts'
import type { Actor } from '../../domain/actor.ts'
import {
  type FilterFields,
  fieldsOf,
  filterWords,
  readFilter,
  type SubscriberFilter,
} from '../../domain/segments/filter.ts'
import { recordAction } from '../operators/audit.ts'
import type { Database } from '../schema/database.ts'

/** A saved search. */
export interface Segment {
  readonly id: string
  readonly name: string
  readonly filter: SubscriberFilter
}

/** `full`: there are already SEGMENTS_MAX segments. `replaced`: a segment of this name has the new filter. */
export type SaveSegmentResult = { readonly kind: 'saved' | 'replaced'; readonly id: string } | { readonly kind: 'full' }

/** Saves a search under a name. A segment of the same name gets the new filter. */
export async function saveSegment(
  db: Database,
  { name, filter }: Pick<Segment, 'name' | 'filter'>,
  { actor, at }: { readonly actor: Actor; readonly at: Date },
): Promise<SaveSegmentResult> {
  return db.transaction().execute(async (trx) => {
    const known = await trx
      .selectFrom('segments')
      .select(['id', 'filter'])
      .where('name_key', '=', keyOf(name))
      .forUpdate()
      .executeTakeFirst()
    const fields = JSON.stringify(fieldsOf(filter))
    if (known === undefined && (await countSegments(trx)) >= SEGMENTS_MAX) return { kind: 'full' }
    const { id } = await trx
      .insertInto('segments')
      .values({ name, name_key: keyOf(name), filter: fields, created_at: at, updated_at: at })
      .onConflict((conflict) => conflict.column('name_key').doUpdateSet({ name, filter: fields, updated_at: at }))
      .returning('id')
      .executeTakeFirstOrThrow()
    const before = known === undefined ? null : { filter: filterWords(readFilter(known.filter).filter) }
    const after = { name, filter: filterWords(filter) }
    await recordAction(trx, actor, { action: 'segment.saved', before, after }, at)
    return { kind: known === undefined ? 'saved' : 'replaced', id }
  })
}

/** Returns all segments in the order of their names. */
export async function listSegments(db: Database): Promise<Segment[]> {
  return (await db.selectFrom('segments').selectAll().orderBy('name_key').limit(SEGMENTS_MAX).execute()).map(toSegment)
}

export async function readSegment(db: Database, id: string): Promise<Segment | null> {
  const row = await db.selectFrom('segments').selectAll().where('id', '=', id).executeTakeFirst()
  return row === undefined ? null : toSegment(row)
}

/** Returns the segment of this name, in upper or lower case, or null. */
export async function findSegment(db: Database, name: string): Promise<Segment | null> {
  const row = await db.selectFrom('segments').selectAll().where('name_key', '=', keyOf(name)).executeTakeFirst()
  return row === undefined ? null : toSegment(row)
}

/** Deletes a segment, but no subscriber. Returns false if it was already deleted. */
export async function deleteSegment(
  db: Database,
  id: string,
  { actor, at }: { readonly actor: Actor; readonly at: Date },
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const gone = await trx.deleteFrom('segments').where('id', '=', id).returningAll().executeTakeFirst()
    if (gone === undefined) return false
    const before = { name: gone.name, filter: filterWords(readFilter(gone.filter).filter) }
    await recordAction(trx, actor, { action: 'segment.deleted', before }, at)
    return true
  })
}

async function countSegments(trx: Database): Promise<number> {
  const row = await trx
    .selectFrom('segments')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

function toSegment(row: { readonly id: string; readonly name: string; readonly filter: FilterFields }): Segment {
  const { filter, faults } = readFilter(row.filter)
  // Without the faulty condition, the segment would contain more subscribers.
  if (faults.length > 0) throw new Error(`segment ${row.id} has a condition that this version does not know`)
  return { id: row.id, name: row.name, filter }
}

function keyOf(name: string): string {
  return name.trim().toLowerCase()
}
