import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Kysely, sql } from 'kysely'
import type pg from 'pg'
import { PLAN_USES_MAX, PREPARED_AFTER_USES, PREPARED_STATEMENTS_MAX } from '../../../config/limits-processes.ts'
import { openDatabase, openPool } from '../../../src/ledger/connection/database.ts'
import { PreparedStatements } from '../../../src/ledger/connection/prepared-statements.ts'
import { createDatabase } from '../../support/databases/temp-database.ts'
import { TEST_DATABASE_URL } from '../../support/servers/services.ts'

const open = TEST_DATABASE_URL === null ? describe.skip : describe

open('statements that repeat', () => {
  const prepared = new PreparedStatements()
  let database: Awaited<ReturnType<typeof createDatabase>>
  let pool: pg.Pool
  let db: Kysely<unknown>
  beforeAll(async () => {
    database = await createDatabase(TEST_DATABASE_URL ?? '')
    pool = openPool({ kind: 'url', url: database.url }, { max: 1 })
    db = openDatabase(pool, prepared) as unknown as Kysely<unknown>
    await pool.query('create table things (id int); insert into things values (1)')
  })
  afterAll(async () => {
    await db?.destroy()
    await database?.drop()
  })

  const readThings = async () => (await sql`select * from things where id = ${1}`.execute(db)).rows
  const repeat = async (times: number) => {
    for (let time = 0; time < times; time += 1) await readThings()
  }
  const named = async () =>
    (await pool.query<{ statement: string }>('select statement from pg_prepared_statements')).rows.map(
      ({ statement }) => statement,
    )

  it('have no name until it is known that each connection has its own session', async () => {
    await repeat(PREPARED_AFTER_USES + 2)
    expect(await named()).toEqual([])
  })

  it('are prepared once in a session, and others are not', async () => {
    prepared.start()
    await sql`select ${'once'} as once`.execute(db)
    await repeat(PREPARED_AFTER_USES + 3)
    expect(await named()).toEqual(['select * from things where id = $1'])
  })

  it('get a new plan when an empty table, which it reads as a whole, has been filled', async () => {
    await pool.query(
      'create table many (id int) with (autovacuum_enabled = off); create index on many (id); analyze many',
    )
    const read = async (times: number) => {
      for (let time = 0; time < times; time += 1) await sql`select * from many where id = ${time}`.execute(db)
    }
    const plan = async () => {
      const { rows } = await pool.query<{ name: string }>(
        `select name from pg_prepared_statements where statement like '%many%'`,
      )
      const explained = await pool.query(`explain execute ${rows[0]?.name} (1)`)
      return JSON.stringify(explained.rows)
    }
    // PostgreSQL keeps a plan after five uses.
    await read(PREPARED_AFTER_USES + 7)
    expect(await plan()).toContain('Seq Scan')
    await pool.query('insert into many select generate_series(1, 20000)')
    expect(await plan()).toContain('Seq Scan')
    await read(PLAN_USES_MAX)
    expect(await plan()).toContain('Index')
  })

  it('are prepared again after a migration has changed their columns', async () => {
    await pool.query('alter table things add column name text')
    await expect(readThings()).rejects.toThrow(/cached plan/)
    expect(await readThings()).toEqual([{ id: 1, name: null }])
  })

  it('have no names any more once a session does not know them, as behind an unnoticed pooler', async () => {
    await pool.query('deallocate all')
    await expect(readThings()).rejects.toThrow(/does not exist/)
    expect(await readThings()).toEqual([{ id: 1, name: null }])
    expect(await named()).toEqual([])
  })

  it('have a bounded number of names', () => {
    const bounded = new PreparedStatements()
    bounded.start()
    const texts = Array.from({ length: PREPARED_STATEMENTS_MAX + 20 }, (_, at) => `select $1 + ${at}`)
    for (const text of texts) for (let use = 0; use < PREPARED_AFTER_USES; use += 1) bounded.nameOf(text)
    const names = texts.flatMap((text) => bounded.nameOf(text) ?? [])
    expect(new Set(names).size).toBe(PREPARED_STATEMENTS_MAX)
  })
})
