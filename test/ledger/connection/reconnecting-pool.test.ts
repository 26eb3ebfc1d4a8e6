import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { type Kysely, sql } from 'kysely'
import { EMBEDDED_START_ATTEMPTS_MAX } from '../../../config/limits-processes.ts'
import type { DatabaseAddress } from '../../../src/ledger/connection/address.ts'
import { openDatabase, openPool } from '../../../src/ledger/connection/database.ts'
import {
  DatabaseGone,
  isDatabaseLost,
  ReconnectingPool,
  retryWhileUnavailable,
  whileOwnersChange,
} from '../../../src/ledger/connection/reconnecting-pool.ts'
import { onlyReads } from '../../../src/ledger/connection/repeated-reads.ts'
import { createDatabase } from '../../support/databases/temp-database.ts'
import { freePort } from '../../support/servers/ports.ts'
import { TEST_DATABASE_URL } from '../../support/servers/services.ts'

const EMBEDDED: DatabaseAddress = { kind: 'embedded', dataDir: '/nowhere' }
const SERVER: DatabaseAddress = { kind: 'url', url: 'postgres://127.0.0.1:1/none' }
/** As pg words it when the process at the other end has gone. */
const gone = () => new Error('Connection terminated unexpectedly')

/** Work that fails so many times before it is done, and how often it was begun. */
function failing(times: number, error: Error) {
  const work = { begun: 0, run: async () => 'done' }
  work.run = async () => {
    work.begun += 1
    if (work.begun <= times) throw error
    return 'done'
  }
  return work
}

describe('the start of a process', () => {
  it('is repeated if the owner of the embedded database ended meanwhile', async () => {
    const work = failing(2, gone())
    expect(await whileOwnersChange(EMBEDDED, work.run)).toBe('done')
    expect(work.begun).toBe(3)
  })

  it('fails after a time limit', async () => {
    const work = failing(100, gone())
    await expect(whileOwnersChange(EMBEDDED, work.run)).rejects.toThrow('Connection terminated')
    expect(work.begun).toBe(EMBEDDED_START_ATTEMPTS_MAX)
  })

  it.each([
    ['a fault of another kind', EMBEDDED, new Error('relation "papers" does not exist')],
    ['a server that went away', SERVER, gone()],
  ] as const)('is not repeated after %s', async (_what, address, error) => {
    const work = failing(1, error)
    await expect(whileOwnersChange(address, work.run)).rejects.toBe(error)
    expect(work.begun).toBe(1)
  })
})

const coded = (code: string, over: object = {}) => Object.assign(new Error(`failed: ${code}`), { code, ...over })

describe('an error', () => {
  it.each([
    ['a server that is not there', coded('ECONNREFUSED')],
    ['a socket of a server that ended', coded('ENOENT', { syscall: 'connect' })],
    ['a name that is not known while its container restarts', coded('EAI_AGAIN')],
    ['a connection that an administrator ended', coded('57P01')],
    ['a server that starts', coded('57P03')],
    ['a connection that failed', coded('08006')],
    ['a connection that ended in the middle', gone()],
    [
      'a client that had lost its connection',
      new Error('Client has encountered a connection error and is not queryable'),
    ],
    ['a wait for a connection in vain', new DatabaseGone(gone())],
  ])('%s means that the database is lost', (_what, error) => {
    expect(isDatabaseLost(error)).toBe(true)
  })

  it.each([
    ['a file that is not there', coded('ENOENT', { syscall: 'open' })],
    ['a row that is there already', coded('23505')],
    ['a statement that took too long', coded('57014')],
    ['ours', new TypeError('x is not a function')],
    ['no error at all', 'connection terminated'],
  ])('%s does not mean that the database is lost', (_what, error) => {
    expect(isDatabaseLost(error)).toBe(false)
  })
})

describe('a pool', () => {
  const poolTo = async (patience: { waitMs: number; fromTheStart: boolean }) =>
    new ReconnectingPool({ host: '127.0.0.1', port: await freePort() }, patience)

  it('does not wait for a server that never answered, because its address may be wrong', async () => {
    const pool = await poolTo({ waitMs: 3_600_000, fromTheStart: false })
    await expect(pool.query('select 1')).rejects.toThrow(DatabaseGone)
  })

  it('reports the reason when it stops waiting', async () => {
    const pool = await poolTo({ waitMs: 1, fromTheStart: true })
    await expect(pool.query('select 1')).rejects.toThrow(/^connect ECONNREFUSED 127\.0\.0\.1:\d+$/)
  })
})

it('only the first query waits during an outage', async () => {
  let tries = 0
  const server = createServer((socket) => {
    tries += 1
    socket.destroy()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const pool = new ReconnectingPool({ host: '127.0.0.1', port }, { waitMs: 1_000, fromTheStart: true })
  await expect(pool.query('select 1')).rejects.toThrow(DatabaseGone)
  expect(tries).toBeGreaterThan(1)
  tries = 0
  await expect(pool.query('select 1')).rejects.toThrow(DatabaseGone)
  expect(tries).toBe(1)
  server.close()
})

describe('work that is safe to repeat', () => {
  it('is repeated when its connection is lost, but not if no other connection is available', async () => {
    const work = failing(2, gone())
    expect(await retryWhileUnavailable(work.run)).toBe('done')
    expect(work.begun).toBe(3)
    const vain = failing(1, new DatabaseGone(gone()))
    await expect(retryWhileUnavailable(vain.run)).rejects.toThrow(DatabaseGone)
    expect(vain.begun).toBe(1)
  })

  it('is not repeated after other errors', async () => {
    const work = failing(1, new Error('relation "papers" does not exist'))
    await expect(retryWhileUnavailable(work.run)).rejects.toThrow('papers')
    expect(work.begun).toBe(1)
  })
})

describe('a statement', () => {
  it.each([
    ['select * from "editions"', true],
    ['  with due as (select 1) select * from due', true],
    ['select updated_at, inserted from t', true],
    ['with x as (insert into t values (1) returning *) select * from x', false],
    ['select id from subscribers for update', false],
    ["select setval('ids', 1)", false],
    ['select pg_advisory_xact_lock(1)', false],
    ['update t set a = 1', false],
    ['begin', false],
  ])('%s only reads: %p', (statement, reads) => {
    expect(onlyReads(statement)).toBe(reads)
  })

  const test = TEST_DATABASE_URL === null ? it.skip : it
  test('is repeated on a lost connection only if it is read-only and outside of transactions', async () => {
    const { url, drop } = await createDatabase(TEST_DATABASE_URL ?? '')
    const db = openDatabase(openPool({ kind: 'url', url }, { max: 1 })) as unknown as Kysely<unknown>
    try {
      await sql`create table written (by integer)`.execute(db)
      const pid = async () => (await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db)).rows[0]?.pid ?? 0
      /** Ends its own connection, if that is still the one. */
      const ending = (of: number) => sql`pg_backend_pid() = ${of} and pg_terminate_backend(pg_backend_pid())`
      const read = async () => sql<{ one: number }>`select 1 as one where not (${ending(await pid())})`
      expect((await (await read()).execute(db)).rows).toEqual([{ one: 1 }])
      const write = sql`insert into written select 1 where not (${ending(await pid())})`
      await expect(write.execute(db)).rejects.toThrow()
      const held = await read()
      await expect(db.transaction().execute((trx) => held.execute(trx))).rejects.toThrow()
      expect((await sql`select * from written`.execute(db)).rows).toEqual([])
    } finally {
      await db.destroy()
      await drop()
    }
  })
})
