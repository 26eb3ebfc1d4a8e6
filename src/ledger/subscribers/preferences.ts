import { PUBLIC_NAMES } from '../../domain/interests/preferences.ts'
import type { Preferences, Subscriber } from '../../domain/subscriber.ts'
import { appendEvent } from '../reports/events.ts'
import type { Database } from '../schema/database.ts'
import { columnsOf, setEligibleFrom, toSubscriber } from './subscribers.ts'

type Field = keyof Preferences

/** `saved` has the fields that changed, which may be none. */
export type SavePreferencesResult =
  | { readonly kind: 'saved'; readonly changed: readonly Field[] }
  | { readonly kind: 'not-found' }

/**
 * Saves the given preferences in one update and records each change with old and new value. Other preferences keep their
 * current value, even if it changed meanwhile.
 */
export async function savePreferences(
  db: Database,
  id: string,
  wanted: Partial<Preferences>,
  at: Date,
): Promise<SavePreferencesResult> {
  return db.transaction().execute(async (trx) => {
    const row = await trx.selectFrom('subscribers').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
    if (row === undefined) return { kind: 'not-found' }
    return { kind: 'saved', changed: await savePreferencesWithin(trx, toSubscriber(row), wanted, { at }) }
  })
}

/**
 * As `savePreferences`, for a subscriber whom a transaction of the caller has locked. `more` joins the data of the event.
 * @returns the fields that changed.
 */
export async function savePreferencesWithin(
  trx: Database,
  subscriber: Subscriber,
  wanted: Partial<Preferences>,
  { at, more = {} }: { readonly at: Date; readonly more?: Readonly<Record<string, unknown>> },
): Promise<readonly Field[]> {
  const { id } = subscriber
  const changes = changesOf(subscriber, wanted)
  const changed = changes.map(({ field }) => field)
  if (changes.length === 0) return changed
  await trx
    .updateTable('subscribers')
    .set({ ...columnsOf(Object.fromEntries(changes.map(({ field, to }) => [field, to]))), updated_at: at })
    .where('id', '=', id)
    .execute()
  // A new hour or time zone must not lose a digest that is due. New weekdays apply from now on.
  if (changed.some((field) => NEW_DAYS.includes(field)))
    await setEligibleFrom(trx, id, wanted.timezone ?? subscriber.timezone, at)
  const data = Object.fromEntries(changes.map(({ field, from, to }) => [PUBLIC_NAMES[field], { from, to }]))
  await appendEvent(trx, { at, kind: 'subscriber.preferences', subscriberId: id, data: { ...data, ...more } })
  return changed
}

const NEW_DAYS: readonly Field[] = ['frequency', 'weekday', 'weekdays']

function changesOf(before: Subscriber, wanted: Partial<Preferences>): { field: Field; from: unknown; to: unknown }[] {
  return (Object.keys(wanted) as Field[])
    .map((field) => ({ field, from: before[field], to: wanted[field] }))
    .filter(({ from, to }) => to !== undefined && JSON.stringify(from) !== JSON.stringify(to))
}
