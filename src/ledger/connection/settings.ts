import type { Database } from '../schema/database.ts'

/**
 * Remembers a value under a name for as long as the ledger lives. The first to come decides.
 * @returns what is remembered, which may be another's.
 */
export async function saveSettingOnce(db: Database, name: string, value: string): Promise<string> {
  await db
    .insertInto('settings')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  return (await readSetting(db, name)) ?? value
}

/** The value that is remembered under a name; null where there is none. */
export async function readSetting(db: Database, name: string): Promise<string | null> {
  const row = await db.selectFrom('settings').select('value').where('name', '=', name).executeTakeFirst()
  return row?.value ?? null
}
