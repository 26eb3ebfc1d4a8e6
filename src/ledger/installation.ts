import type { Database } from './database.ts'

/**
 * Remembers a value under a name for as long as the ledger lives. The first to come decides.
 * @returns what is remembered, which may be another's.
 */
export async function rememberOnce(db: Database, name: string, value: string): Promise<string> {
  await db
    .insertInto('installation')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  const row = await db.selectFrom('installation').select('value').where('name', '=', name).executeTakeFirstOrThrow()
  return row.value
}
