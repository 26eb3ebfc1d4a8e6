import { PUBLIC_NAMES } from '../../../domain/interests/preferences.ts'
import type { Preferences, Subscriber } from '../../../domain/subscriber.ts'
import { type AdminContext, recordAction } from '../../operators/audit.ts'
import type { Database } from '../../schema/database.ts'
import { savePreferencesWithin } from '../preferences.ts'
import { toSubscriber } from '../subscribers.ts'

type Field = keyof Preferences

/** An operator's changes of preferences. */
export interface PreferencesEdit {
  /** The preferences that the operator saw; null: nothing was shown, as on the command line. */
  readonly base: Preferences | null
  readonly wanted: Preferences
}

/** `conflict`: somebody else has changed these fields since the operator opened the page. The edit was not saved. */
export type EditPreferencesResult =
  | { readonly kind: 'saved'; readonly changed: readonly Field[] }
  | { readonly kind: 'conflict'; readonly current: Subscriber; readonly fields: readonly Field[] }
  | { readonly kind: 'not-found' }

/**
 * Saves the preferences that the operator changed. Other fields keep what is stored, even if the subscriber changed them
 * meanwhile. If both changed the same field, nothing is saved, so that neither value is lost.
 */
export async function editPreferences(
  db: Database,
  id: string,
  { base, wanted }: PreferencesEdit,
  context: AdminContext,
): Promise<EditPreferencesResult> {
  return db.transaction().execute(async (trx): Promise<EditPreferencesResult> => {
    const row = await trx.selectFrom('subscribers').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
    if (row === undefined) return { kind: 'not-found' }
    const current = toSubscriber(row)
    const touched = (Object.keys(wanted) as Field[]).filter((field) => !isSame(field, wanted, base ?? current))
    const fields = touched.filter(
      (field) => base !== null && !isSame(field, current, base) && !isSame(field, current, wanted),
    )
    if (fields.length > 0) return { kind: 'conflict', current, fields }
    const { actor, reason, at } = context
    const wishes = Object.fromEntries(touched.map((field) => [field, wanted[field]]))
    const changed = await savePreferencesWithin(trx, current, wishes, { at, more: { by: 'operator', why: reason } })
    if (changed.length === 0) return { kind: 'saved', changed }
    const valuesOf = (of: Preferences) => Object.fromEntries(changed.map((field) => [PUBLIC_NAMES[field], of[field]]))
    const action = { action: 'subscriber.edited', subscriberId: id, reason }
    await recordAction(trx, actor, { ...action, before: valuesOf(current), after: valuesOf(wanted) }, at)
    return { kind: 'saved', changed }
  })
}

function isSame(field: Field, one: Preferences, other: Preferences): boolean {
  return JSON.stringify(one[field]) === JSON.stringify(other[field])
}
