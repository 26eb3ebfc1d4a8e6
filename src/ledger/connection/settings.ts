import type { Database } from '../schema/database.ts'

/**
 * Stores a value under a name, unless there is one already.
 * @returns the stored value.
 */
export async function saveSettingOnce(db: Database, name: string, value: string): Promise<string> {
  await db
    .insertInto('settings')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  return (await readSetting(db, name)) ?? value
}

/** Returns the value that is stored under a name, or null. */
export async function readSetting(db: Database, name: string): Promise<string | null> {
  const row = await db.selectFrom('settings').select('value').where('name', '=', name).executeTakeFirst()
  return row?.value ?? null
}
