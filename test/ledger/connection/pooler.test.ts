import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { openPool } from '../../../src/ledger/connection/database.ts'
import { sharesSessions } from '../../../src/ledger/connection/pooler.ts'
import { isPresent } from '../../support/app.ts'
import { runCommand } from '../../support/command.ts'
import { HAS_PGBOUNCER, type PgBouncer, startPgBouncer } from '../../support/databases/pgbouncer.ts'
import { createDatabase } from '../../support/databases/temp-database.ts'
import { TEST_DATABASE_URL, TEST_REDIS_URL } from '../../support/servers/services.ts'

const SERVER = TEST_DATABASE_URL ?? ''
const isHere = HAS_PGBOUNCER && isPresent('PostgreSQL and Redis')
const DAY = '2026-11-24'

const closers: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

describe(`a pooler before PostgreSQL${isHere ? '' : ' (skipped: there is no PgBouncer, or no server)'}`, () => {
  const test = isHere ? it : it.skip
  let session: PgBouncer
  let transaction: PgBouncer
  let database: Awaited<ReturnType<typeof createDatabase>>
  let dir = ''

  beforeAll(async () => {
    if (!isHere) return
    session = await startPgBouncer(SERVER, 'session')
    transaction = await startPgBouncer(SERVER, 'transaction')
    database = await createDatabase(SERVER)
    dir = mkdtempSync(join(tmpdir(), 'pooler-'))
  }, 60_000)
  afterAll(async () => {
    if (!isHere) return
    await session?.close()
    await transaction?.close()
    await database?.drop()
    rmSync(dir, { recursive: true, force: true })
  }, 60_000)

  const isShared = async (url: string) => {
    const pool = openPool({ kind: 'url', url })
    return sharesSessions(pool).finally(() => pool.end())
  }
  const paperround = (args: string, url: string, env: Record<string, string> = {}) =>
    runCommand(
      args.split(' '),
      {
        DATABASE_URL: url,
        DATA_DIR: dir,
        SECRET: 'a secret of the tests that is long enough',
        LOG_LEVEL: 'warn',
        EDITION_SOURCES: 'sample',
        ...env,
      },
      dir,
    )
  const redis = { REDIS_URL: `${TEST_REDIS_URL}/13` }

  test('is detected only in transaction mode', async () => {
    expect([await isShared(SERVER), await isShared(session.by(SERVER))]).toEqual([false, false])
    expect(await isShared(transaction.by(SERVER))).toBe(true)
  })

  test('is also detected with round robin and in statement mode', async () => {
    for (const [mode, settings] of [
      ['transaction', 'server_round_robin = 1\nmin_pool_size = 2'],
      ['statement', ''],
    ] as const) {
      const pooler = await startPgBouncer(SERVER, mode, settings)
      closers.push(() => pooler.close())
      expect(await isShared(pooler.by(SERVER))).toBe(true)
    }
  }, 60_000)

  test('is detected while other clients use it', async () => {
    const others = openPool({ kind: 'url', url: transaction.by(SERVER) })
    let going = true
    const busy = Promise.all(
      [1, 2, 3, 4].map(async () => {
        while (going) await others.query('select pg_sleep(0.001)')
      }),
    )
    for (let times = 0; times < 20; times += 1) expect(await isShared(transaction.by(SERVER))).toBe(true)
    going = false
    await busy
    await others.end()
  })

  test.each(['start', 'run --source sample --wait', 'migrate'])(
    'in transaction mode, and without Redis, ends `%s` with 2, one sentence and the remedy',
    async (command) => {
      const { code, out, err } = await paperround(command, transaction.by(database.url), { PORT: '0' })
      expect({ code, out }).toEqual({ code: 2, out: '' })
      expect(err).toMatch(
        /^DATABASE_URL leads to a pooler in transaction mode, .*Let DATABASE_URL lead to PostgreSQL itself or to a pooler in session mode, or set REDIS_URL\.\n$/,
      )
    },
  )

  test('in transaction mode, with Redis, runs no migration, works once they have run, and `doctor` warns', async () => {
    const pooled = transaction.by(database.url)
    const early = await paperround('status', pooled, redis)
    expect({ code: early.code, err: early.err }).toEqual({
      code: 2,
      err: expect.stringMatching(/a migration is to run, .*Run `paperround migrate` once with a DATABASE_URL that/),
    })
    expect((await paperround('migrate', database.url)).code).toBe(0)
    expect((await paperround('subscribers add ada@example.org --consent-note asked', pooled, redis)).code).toBe(0)
    const ran = await paperround(`run --date ${DAY} --wait`, pooled, redis)
    expect({ code: ran.code, err: ran.err }).toEqual({
      code: 0,
      err: expect.stringContaining('DATABASE_URL leads to a pooler in transaction mode'),
    })
    const findings = JSON.parse((await paperround('doctor --json', pooled, redis)).out)
    expect(findings).toContainEqual({
      severity: 'warning',
      check: 'pooler',
      text: expect.stringContaining('transaction mode'),
      remedy: expect.stringMatching(/session mode.*idle_in_transaction_session_timeout = '30s'/),
    })
    const refused = JSON.parse((await paperround('doctor --json', pooled)).out)
    expect(refused).toContainEqual(
      expect.objectContaining({
        severity: 'error',
        check: 'database',
        remedy: expect.stringContaining('session mode'),
      }),
    )
  }, 60_000)

  test('works in session mode, also with the queue in PostgreSQL', async () => {
    const pooled = session.by(database.url)
    expect((await paperround('subscribers add mei@example.org --consent-note asked', pooled)).code).toBe(0)
    expect(await paperround('run --date 2026-11-25 --wait', pooled)).toMatchObject({ code: 0, err: expect.any(String) })
    const { counts } = JSON.parse((await paperround('status --date 2026-11-25 --json', pooled)).out)
    expect(counts).toMatchObject({ queued: 0, refused: 0 })
    expect(counts.sent).toBeGreaterThan(0)
  }, 60_000)
})
