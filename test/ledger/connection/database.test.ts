import { afterEach, describe, expect, it } from '@jest/globals'
import { migrate, openDatabase, openPool } from '../../../src/ledger/connection/database.ts'
import { createDatabase } from '../../support/databases/temp-database.ts'
import { TEST_DATABASE_URL } from '../../support/servers/services.ts'
import { until } from '../../support/until.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

describe('a pool of connections', () => {
  const test = TEST_DATABASE_URL === null ? it.skip : it

  test('survives when the server ends a connection that is in use, and opens a new one', async () => {
    const database = await createDatabase(TEST_DATABASE_URL ?? '')
    closers.push(() => database.drop())
    const pool = openPool({ kind: 'url', url: database.url })
    closers.push(() => pool.end())
    const held = await pool.connect()
    const { rows } = await held.query<{ pid: number }>('select pg_backend_pid() as pid')
    let ended = false
    held.once('end', () => {
      ended = true
    })
    // Between two queries, no pending answer reports the error.
    await pool.query('select pg_terminate_backend($1)', [rows[0]?.pid])
    await until('the connection has ended', () => ended)
    held.release(true)
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })
})

describe('a connection', () => {
  const test = TEST_DATABASE_URL === null ? it.skip : it

  test('that is idle in a transaction is ended by the server, so that its locks are released', async () => {
    const database = await createDatabase(TEST_DATABASE_URL ?? '')
    closers.push(() => database.drop())
    const pool = openPool({ kind: 'url', url: database.url })
    closers.push(() => pool.end())
    const { rows } = await pool.query<{ after: string }>(
      `select current_setting('idle_in_transaction_session_timeout') as after`,
    )
    expect(rows).toEqual([{ after: '30s' }])
  })
})

describe('a schema', () => {
  const test = TEST_DATABASE_URL === null ? it.skip : it

  test('of a newer version is refused with instructions', async () => {
    const database = await createDatabase(TEST_DATABASE_URL ?? '')
    closers.push(() => database.drop())
    const pool = openPool({ kind: 'url', url: database.url })
    const db = openDatabase(pool)
    closers.push(() => db.destroy())
    await migrate(db)
    await pool.query(`insert into kysely_migration values ('9999-of-next-year', '2027-01-01')`)
    await expect(migrate(db)).rejects.toThrow(
      'The database was migrated by a newer version of Paperround (9999-of-next-year). Start that version',
    )
  })
})
