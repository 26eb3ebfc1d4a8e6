import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { runCommand, runHere, startCommand } from '../support/command.ts'
import { type OwnPostgres, postgresMissing, startOwnPostgres } from '../support/databases/own-postgres.ts'
import { startStatementProxy } from '../support/databases/statement-proxy.ts'
import { createDatabase } from '../support/databases/temp-database.ts'
import { freePort } from '../support/servers/ports.ts'
import { TEST_DATABASE_URL } from '../support/servers/services.ts'
import { startSmtpServer } from '../support/servers/smtp-server.ts'
import { until } from '../support/until.ts'

const closers: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const DAY = '2026-11-24'
const ENVIRONMENT = {
  SECRET: 'a secret of the tests that is long enough',
  EDITION_SOURCES: 'sample',
  EDITION_CRON: '0 0 1 1 *',
  // The log goes to standard error too, and must hold no stack trace either.
  LOG_LEVEL: 'info',
}

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'restart-'))
  closers.push(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** A list with so many lines. */
function writeList(dir: string, subscribers: number): void {
  const lines = Array.from({ length: subscribers }, (_, index) => `reader${index}@example.org,asked at the door`)
  writeFileSync(join(dir, 'readers.csv'), ['email,consent', ...lines, ''].join('\n'))
}

const STACK_TRACE = /^\s+at |\\n\s+at /m

const missing = postgresMissing()
if (missing !== null && process.env.PAPERROUND_REQUIRE_ALL === '1') throw new Error(missing)

describe(`a PostgreSQL that restarts${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  const test = missing === null ? it : it.skip
  let dir: string
  let postgres: OwnPostgres
  let databases = 0

  beforeAll(async () => {
    if (missing !== null) return
    dir = mkdtempSync(join(tmpdir(), 'restarting-'))
    chmodSync(dir, 0o755)
    postgres = await startOwnPostgres(join(dir, 'postgres'))
  }, 60_000)
  afterAll(async () => {
    await postgres?.stop()
    if (dir !== undefined) rmSync(dir, { recursive: true, force: true })
  }, 60_000)

  async function query<T extends pg.QueryResultRow>(database: string, statement: string): Promise<T[]> {
    const client = new pg.Client({ connectionString: postgres.url(database) })
    client.on('error', () => {})
    await client.connect()
    try {
      return (await client.query<T>(statement)).rows
    } finally {
      await client.end()
    }
  }

  async function environment(): Promise<{ name: string; dir: string; env: Record<string, string> }> {
    databases += 1
    const name = `restarted_${databases}`
    await query('postgres', `create database ${name}`)
    const at = folder()
    return { name, dir: at, env: { ...ENVIRONMENT, DATA_DIR: at, DATABASE_URL: postgres.url(name) } }
  }

  test('costs `run --wait` nobody’s digest, and nobody gets two', async () => {
    const { dir: at, env } = await environment()
    writeList(at, 80)
    expect(await runHere(['subscribers', 'import', 'readers.csv'], env, at)).toMatchObject({ code: 0 })
    let restarting: Promise<void> | null = null
    const server = await startSmtpServer({
      lean: true,
      nextFault: (command) => {
        if (command === 'DATA' && server.received.length >= 20) restarting ??= postgres.restart()
        return command === 'DATA' ? { at: 'DATA', kind: 'slow', ms: 20 } : undefined
      },
    })
    closers.push(() => server.close())
    const mailing = { ...env, MAIL_TRANSPORT: 'smtp', SMTP_URL: server.url, MAIL_FROM: 'digest@papers.example.org' }
    const ran = await runCommand(['run', '--date', DAY, '--wait'], mailing, at)
    await restarting
    expect(restarting).not.toBeNull()
    expect(ran).toMatchObject({ code: 0, err: expect.not.stringMatching(STACK_TRACE) })
    const mailed = server.received.flatMap(({ to }) => to).sort()
    expect(mailed).toEqual(Array.from({ length: 80 }, (_, index) => `reader${index}@example.org`).sort())
  }, 120_000)

  test('costs an import nobody', async () => {
    const { name, dir: at, env } = await environment()
    writeList(at, 8_000)
    expect(await runHere(['migrate'], env, at)).toMatchObject({ code: 0 })
    const { finished } = startCommand(['subscribers', 'import', 'readers.csv'], env, at)
    const count = async () => (await query<{ count: string }>(name, 'select count(*) from subscribers'))[0]?.count
    await until('some are added', async () => Number(await count()) > 0)
    await postgres.restart()
    const { code, out, err } = await finished
    expect([code, out, err]).toEqual([0, expect.stringMatching(/0 suppressed, 0 bad lines/), ''])
    expect(await count()).toBe('8000')
  }, 120_000)

  test('leaves `start` as it was', async () => {
    const { name, dir: at, env } = await environment()
    const port = await freePort()
    const { child, finished } = startCommand(['start'], { ...env, PORT: String(port) }, at)
    closers.push(() => child.kill('SIGKILL'))
    const isReady = () =>
      fetch(`http://127.0.0.1:${port}/readyz`)
        .then(({ ok }) => ok)
        .catch(() => false)
    await until('it is ready', isReady)
    await postgres.restart()
    await until('it is ready again', isReady)
    expect(await runHere(['subscribers', 'add', 'ada@example.org'], env, at)).toMatchObject({ code: 0 })
    expect(await runHere(['run', '--date', DAY], env, at)).toMatchObject({ code: 0 })
    const states = () => query<{ state: string }>(name, 'select state from deliveries')
    await until('it delivers', async () => (await states())[0]?.state === 'sent')
    child.kill('SIGTERM')
    expect(await finished).toMatchObject({ code: 0, err: expect.not.stringMatching(STACK_TRACE) })
  }, 120_000)
})

describe('a database that goes away in the middle of a command', () => {
  const test = TEST_DATABASE_URL === null ? it.skip : it
  const server = TEST_DATABASE_URL ?? ''

  async function onServer(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: server })
    await client.connect()
    await client.query(statement).finally(() => client.end())
  }

  const nameOf = (url: string) => new URL(url).pathname.slice(1)
  const GENERAL =
    /^The database went away \(.+\): paperround [a-z -]+ has not finished\. Its changes so far are stored, and you can safely run the same command again\.\n$/

  /** Each with the statement before which its database is dropped. */
  const COMMANDS: readonly (readonly [command: string, before: RegExp, words?: RegExp])[] = [
    ['status', /from "editions"/],
    ['edition', /from "editions"/],
    ['digest --to ada@example.org', /from "subscribers"/],
    ['publish', /insert into "editions"/],
    ['dispatch', /from "editions"/],
    ['run --wait', /\bparcels\b/],
    ['work --until-idle', /from parcels/],
    ['reconcile', /\bparcels\b/],
    ['migrate', /kysely_migration/],
    ['subscribers add kofi@example.org', /insert into "?subscribers/],
    [
      'subscribers import readers.csv',
      /insert into "?subscribers/,
      /^The database went away \(.+\): this was after 0 lines: 0 added, 0 bad\. Import the same file again: .+\n$/,
    ],
    [
      'subscribers export list.csv',
      /from "subscribers"/,
      /^The database went away \(.+\): list\.csv is only a part of the list\. Run the same command again for the whole\.\n$/,
    ],
  ]

  test('is told in one plain sentence, and the command fails', async () => {
    const template = await createDatabase(server)
    closers.push(() => template.drop())
    const at = folder()
    writeList(at, 10)
    const env = { ...ENVIRONMENT, DATA_DIR: at, LOG_LEVEL: 'silent' }
    const ready = { ...env, DATABASE_URL: template.url }
    for (const command of [
      ['subscribers', 'add', 'ada@example.org'],
      ['run', '--date', DAY],
    ])
      expect(await runHere(command, ready, at)).toMatchObject({ code: 0 })

    const toldOf = async (command: string, before: RegExp) => {
      const name = `${nameOf(template.url)}_${COMMANDS.findIndex(([each]) => each === command)}`
      await onServer(`create database ${name} template ${nameOf(template.url)}`)
      const drop = () => onServer(`drop database if exists ${name} with (force)`)
      closers.push(drop)
      const url = new URL(template.url)
      url.pathname = `/${name}`
      const proxy = await startStatementProxy(url.toString(), before, drop)
      closers.push(() => proxy.close())
      const options = /^(subscribers|migrate|work|reconcile)/.test(command) ? [] : ['--date', DAY]
      const through = { ...env, DATABASE_URL: proxy.url }
      const { child, finished } = startCommand([...command.split(' '), ...options], through, at)
      closers.push(() => child.kill('SIGKILL'))
      const { code, err } = await finished
      return { command, met: proxy.met(), code, err }
    }
    const told: Awaited<ReturnType<typeof toldOf>>[] = []
    for (let from = 0; from < COMMANDS.length; from += 4) {
      const some = COMMANDS.slice(from, from + 4)
      told.push(...(await Promise.all(some.map(([command, before]) => toldOf(command, before)))))
    }
    expect(told).toEqual(
      COMMANDS.map(([command, , words]) => ({
        command,
        met: true,
        code: 1,
        err: expect.stringMatching(words ?? GENERAL),
      })),
    )
  }, 120_000)
})
