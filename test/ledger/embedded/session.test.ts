import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { openPool } from '../../../src/ledger/connection/database.ts'
import { type Embedded, openEmbedded } from '../../../src/ledger/embedded/embedded.ts'
import { putEmbedded } from '../../support/servers/embedded.ts'

// All tests share one embedded database, with the program's pool and guests that misuse the session.
let dir: string
let embedded: Embedded
let ours: pg.Pool
const guests: pg.Client[] = []

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'session-'))
  await putEmbedded(dir)
  embedded = await openEmbedded(dir, { idleInTransactionMs: 1_000 })
  ours = openPool(embedded.address)
  await ours.query('create table papers_kept (n int); create role stranger')
}, 60_000)
afterEach(() => {
  for (const guest of guests.splice(0)) cut(guest)
})
afterAll(async () => {
  await ours.end()
  await embedded.close()
  rmSync(dir, { recursive: true, force: true })
})

/** A client that the program did not open, such as psql. */
async function guest(): Promise<pg.Client> {
  const client = new pg.Client({ host: join(dir, 'socket'), user: 'postgres', database: 'postgres' })
  client.on('error', () => {})
  await client.connect()
  guests.push(client)
  return client
}

/** Ends a connection without a Terminate message, as `kill -9` of the client does. */
function cut(client: pg.Client): void {
  ;(client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
}

function run(program: string, args: string[]): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve) => void execFile(program, args, (_error, stdout, stderr) => resolve({ stdout, stderr })))
}

/** Reads the session as the program's queries see it. */
async function sessionOfOurs(): Promise<unknown> {
  const { rows } = await ours.query(
    `select current_user as me, session_user as login, current_setting('search_path') as path, current_setting('role') as role,
       current_setting('default_transaction_read_only') as "readOnly", current_setting('TimeZone') as zone,
       current_setting('statement_timeout') as timeout, to_regclass('papers_kept')::text as "ours",
       (select count(*)::int from pg_prepared_statements where name <> '') as statements,
       (select count(*)::int from pg_cursors where is_holdable) as cursors,
       (select count(*)::int from pg_class where relnamespace = pg_my_temp_schema()) as temporary,
       (select count(*)::int from pg_listening_channels()) as channels,
       (select count(*)::int from pg_locks where locktype = 'advisory') as locks`,
  )
  return rows[0]
}

const AS_NEW = {
  me: 'postgres',
  login: 'postgres',
  path: 'public, bullmq, pg_temp',
  role: 'none',
  readOnly: 'off',
  zone: 'UTC',
  timeout: '0',
  ours: 'papers_kept',
  statements: 0,
  cursors: 0,
  temporary: 0,
  channels: 0,
  locks: 0,
}

const MISUSE: readonly [what: string, statements: readonly string[]][] = [
  ['the empty search path of pg_dump', [`select pg_catalog.set_config('search_path', '', false)`]],
  ['a search path of its own', [`set search_path = ''`]],
  ['a role', ['set role stranger']],
  ['another login', ['set session authorization stranger']],
  ['a read-only session', ['set session characteristics as transaction read only']],
  ['settings', [`set timezone = 'Asia/Tokyo'; set statement_timeout = '7s'; set standard_conforming_strings = off`]],
  ['a setting within a block', [`do $$ begin perform set_config('search_path', 'nowhere', false); end $$`]],
  ['a prepared statement', ['prepare mine as select 1']],
  ['a cursor that outlives its transaction', ['declare mine cursor with hold for select 1']],
  ['a temporary table in the place of ours', ['create temp table papers_kept (other text)']],
  ['a channel', ['listen "Mine"']],
  ['an advisory lock', ['select pg_advisory_lock(7)']],
  ['an open transaction', ['begin', 'drop table papers_kept', `set search_path = ''`]],
  ['a failed transaction', ['begin', 'set role stranger', 'drop table papers_kept']],
  [
    'everything at once',
    ['begin', 'create temp table papers_kept ()', `set search_path = ''`, 'commit', 'listen other'],
  ],
]

describe.each(['disconnects', 'is killed'])('a guest of the embedded database that %s', (ending) => {
  it.each(MISUSE)('leaves a clean session after %s', async (_what, statements) => {
    const psql = await guest()
    for (const statement of statements) await psql.query(statement).catch(refused)
    if (ending === 'is killed') cut(psql)
    else await psql.end()
    await settled()
    expect(await sessionOfOurs()).toEqual(AS_NEW)
    await ours.query('insert into papers_kept values (1)')
  })
})

/** Runs a statement that the role may not run, so that the transaction fails. */
function refused(error: Error): void {
  if (!error.message.includes('must be owner')) throw error
}

/** Waits until the end of a guest was processed: a client that connects later is served later. */
async function settled(): Promise<void> {
  const next = await guest()
  await next.query('select 1')
  await next.end()
  await new Promise((resolve) => setImmediate(resolve))
}

describe('a guest of the embedded database', () => {
  it('has its own settings while it is connected, and so has the program', async () => {
    const [dump, psql] = [await guest(), await guest()]
    await dump.query(`select pg_catalog.set_config('search_path', '', false)`)
    await psql.query(`set search_path = 'pg_catalog'; set timezone = 'Asia/Tokyo'; set role stranger`)
    expect(await sessionOfOurs()).toEqual(AS_NEW)
    const pathOf = async (client: pg.Client) =>
      (
        await client.query(
          `select current_setting('search_path') as path, current_setting('TimeZone') as zone, current_user as me`,
        )
      ).rows[0]
    expect(await pathOf(dump)).toEqual({ path: '', zone: 'UTC', me: 'postgres' })
    expect(await pathOf(psql)).toEqual({ path: 'pg_catalog', zone: 'Asia/Tokyo', me: 'stranger' })
    await ours.query('insert into papers_kept values (2)')
  })

  it('loses none of its objects when another guest disconnects', async () => {
    const [stays, goes] = [await guest(), await guest()]
    await stays.query('prepare mine as select 5 as five; create temp table held (n int); listen mine')
    await goes.query('prepare other as select 6; create temp table other (n int); listen other')
    await goes.end()
    await settled()
    expect((await stays.query('execute mine')).rows).toEqual([{ five: 5 }])
    expect((await stays.query('select pg_listening_channels() as channel')).rows).toEqual([{ channel: 'mine' }])
    await stays.query('insert into held values (1)')
    await expect(stays.query('execute other')).rejects.toThrow('does not exist')
  })

  it('gets an error for COPY FROM STDIN, and the database continues to run', async () => {
    const psql = await guest()
    await expect(psql.query('copy papers_kept from stdin')).rejects.toThrow('takes no COPY FROM STDIN')
    await expect(
      psql.query({ text: 'copy papers_kept from stdin', queryMode: 'extended' } as pg.QueryConfig),
    ).rejects.toThrow('takes no COPY FROM STDIN')
    expect((await psql.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    expect(await sessionOfOurs()).toEqual(AS_NEW)
  })

  it('is disconnected when it is idle in a transaction, and the others continue', async () => {
    const psql = await guest()
    await psql.query('begin; drop table papers_kept')
    expect(await sessionOfOurs()).toEqual(AS_NEW)
    await expect(psql.query('drop table papers_kept; commit')).rejects.toThrow()
    expect(await sessionOfOurs()).toEqual(AS_NEW)
  })

  const withDump = spawnSync('pg_dump', ['--version']).status === 0 ? it : it.skip
  withDump('such as a pg_dump of another version that aborts does not affect the program', async () => {
    const { stderr } = await run('pg_dump', ['-h', join(dir, 'socket'), '-U', 'postgres', 'postgres'])
    expect(stderr).toMatch(/version mismatch|^$/)
    expect(await sessionOfOurs()).toEqual(AS_NEW)
  })
})
