import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { readEnv } from '../../../config/env.ts'
import { restoreCheck } from '../../../src/cli/backup/restore-check.ts'
import { isPresent } from '../../support/app.ts'
import { commandContext, type Finished, runCommand, runHere, startCommand } from '../../support/command.ts'
import { folderOf } from '../../support/databases/own-postgres.ts'
import { createDatabase } from '../../support/databases/temp-database.ts'
import { runbookCommand, runShell } from '../../support/runbook.ts'
import { putEmbedded } from '../../support/servers/embedded.ts'
import { freePort } from '../../support/servers/ports.ts'
import { TEST_DATABASE_URL } from '../../support/servers/services.ts'
import { until } from '../../support/until.ts'

const closers: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const SECRET = 'a secret of the tests that is long enough'
const DAY = '2026-11-24'

interface Installation {
  /** Holds the data folder and the backup. */
  readonly dir: string
  readonly env: Record<string, string>
  readonly file: string
  run(args: string): Promise<Finished>
}

async function install(databaseUrl: string | null): Promise<Installation> {
  const dir = mkdtempSync(join(tmpdir(), 'backup-'))
  closers.push(() => rmSync(dir, { recursive: true, force: true }))
  const env: Record<string, string> = {
    DATA_DIR: join(dir, 'data'),
    PORT: String(await freePort()),
    LOG_LEVEL: 'silent',
    EDITION_SOURCES: 'sample',
    EDITION_CRON: '0 0 1 1 *',
    ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl, SECRET }),
  }
  mkdirSync(env.DATA_DIR ?? '', { mode: 0o700 })
  if (databaseUrl === null) await putEmbedded(env.DATA_DIR ?? '')
  return { dir, env, file: join(dir, '2026-11-25-06'), run: (args) => runHere(args.split(' '), env, dir) }
}

/** A morning of one subscriber, and a `start` that stays up. */
async function startWithMail({ run, env, dir }: Installation): Promise<() => Promise<void>> {
  expect(await run('subscribers add ada@example.org --consent-note asked')).toMatchObject({ code: 0 })
  expect(await run(`run --date ${DAY} --wait`)).toMatchObject({ code: 0 })
  const { child, finished } = startCommand(['start'], env, dir)
  closers.push(() => child.kill('SIGKILL'))
  const isUp = () =>
    fetch(`http://127.0.0.1:${env.PORT}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    )
  await until('it is up', isUp)
  return async () => {
    // It has gone on serving, and ends in order.
    expect((await fetch(`http://127.0.0.1:${env.PORT}/`)).status).toBe(200)
    child.kill('SIGTERM')
    expect(await finished).toMatchObject({ code: 0 })
  }
}

/** Checks the state of a subscriber, of the day, and that nothing is sent twice. */
async function expectRestored({ run, env, dir }: Installation, lost: string): Promise<void> {
  // In the backup is a worker that ran when it was made; a minute later it is silent.
  const config = readEnv(env, { cwd: dir })
  const context = commandContext({ config }, () => new Date(Date.now() + 60_000))
  expect(await restoreCheck({ sentThrough: DAY }, context)).toBe(0)
  expect((await run('subscribers show ada@example.org')).out).toMatch(/^active/)
  expect((await run(`subscribers show ${lost}`)).code).toBe(1)
  const { counts } = JSON.parse((await run(`status --date ${DAY} --json`)).out)
  expect(counts).toMatchObject({ sent: 1, queued: 0 })
}

const paths = (installation: Installation): [string, string][] => [
  ['/var/backups/paperround/2026-11-25-06', installation.file],
]

describe('a backup of the embedded ledger', () => {
  it('is made beside `start`, which goes on, and put back by the commands of the runbook', async () => {
    const place = await install(null)
    const stop = await startWithMail(place)
    const told = await runShell(
      runbookCommand('paperround backup "/var', [['/var/backups/paperround/$(date +%F-%H)', place.file]]),
      place.env,
      place.dir,
    )
    expect(told).toMatchObject({ code: 0, out: expect.stringMatching(/is written: .* the ledger and the secret/) })
    expect(statSync(place.file).mode & 0o777).toBe(0o600)
    // The backup was made before this.
    expect(await place.run('subscribers add late@example.org --consent-note asked')).toMatchObject({ code: 0 })
    const secret = readFileSync(join(place.dir, 'data/secret'), 'utf8')
    await stop()
    expect(await place.run(`restore ${place.file}`)).toMatchObject({
      code: 2,
      err: expect.stringContaining('--replace'),
    })
    const restoring = await runShell(runbookCommand('paperround restore /', paths(place)), place.env, place.dir)
    expect(restoring).toMatchObject({ code: 0, out: expect.stringContaining('What was there is kept as') })
    expect(readFileSync(join(place.dir, 'data/secret'), 'utf8')).toBe(secret)
    expect(statSync(join(place.dir, 'data/secret')).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(place.dir, 'data')).filter((name) => /^(db|secret)/.test(name))).toHaveLength(4)
    await expectRestored(place, 'late@example.org')
  }, 120_000)

  it('needs nobody who owns the database, keeps what was in its place, and is made whole or not at all', async () => {
    const place = await install(null)
    mkdirSync(join(place.dir, 'full'))
    expect(await place.run(`backup ${place.file}`)).toMatchObject({ code: 0 })
    const before = readFileSync(place.file)
    expect(await place.run(`backup ${place.file}`)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/exists already.*--force/),
    })
    expect(readFileSync(place.file).equals(before)).toBe(true)
    symlinkSync('/nowhere', join(place.dir, 'link'))
    expect((await place.run(`backup ${place.dir}/link`)).code).toBe(2)
    chmodSync(place.file, 0o644)
    expect(await place.run(`backup ${place.file} --force`)).toMatchObject({ code: 0 })
    expect(statSync(place.file).mode & 0o777).toBe(0o600)
    expect(readdirSync(place.dir).filter((name) => name.includes('draft'))).toEqual([])
  }, 60_000)

  it('is refused within the database, in no folder, on a folder, and where there is no ledger', async () => {
    const place = await install(null)
    for (const [file, words] of [
      ['data/db/backup', /is within the database/],
      ['data/db/base/backup', /is within the database/],
      ['nowhere/backup', /does not exist\. Create it/],
      ['data', /is a folder\. Name a file/],
    ] as const) {
      expect(await place.run(`backup ${file}`)).toEqual({ code: 2, out: '', err: expect.stringMatching(words) })
    }
    const none = await runCommand(['backup', 'x'], { DATA_DIR: join(place.dir, 'none') }, place.dir)
    expect(none).toMatchObject({ code: 1, err: expect.stringMatching(/There is no ledger in/) })
    expect(existsSync(join(place.dir, 'none'))).toBe(false)
  }, 60_000)
})

const noDump = folderOf('pg_dump') === null ? 'there is no pg_dump' : null
if (noDump !== null && process.env.PAPERROUND_REQUIRE_ALL === '1') throw new Error(noDump)

describe('a backup of PostgreSQL', () => {
  const test = isPresent('PostgreSQL') && noDump === null ? it : it.skip

  test('is made beside `start`, and put back by the commands of the runbook', async () => {
    const database = await createDatabase(TEST_DATABASE_URL ?? '')
    closers.push(() => database.drop())
    const place = await install(database.url)
    const stop = await startWithMail(place)
    expect(await place.run(`backup ${place.file}`)).toMatchObject({
      code: 0,
      out: expect.stringContaining('SECRET and OLD_SECRETS are not in it'),
    })
    expect(statSync(place.file).mode & 0o777).toBe(0o600)
    expect(await place.run('subscribers add late@example.org --consent-note asked')).toMatchObject({ code: 0 })
    await stop()
    // A file that is not a backup, and one that was cut off, leave the database as it is.
    for (const [name, bytes] of [
      ['text', 'no dump'],
      ['cut', readFileSync(place.file).subarray(0, -2_000)],
    ] as const) {
      writeFileSync(join(place.dir, name), bytes)
      expect((await place.run(`restore ${place.dir}/${name} --replace`)).code).not.toBe(0)
      expect((await place.run('subscribers show late@example.org')).out).toMatch(/^active/)
    }
    expect(await place.run(`restore ${place.file}`)).toMatchObject({
      code: 2,
      err: expect.stringContaining('--replace'),
    })
    const restoring = await runShell(runbookCommand('paperround restore /', paths(place)), place.env, place.dir)
    expect(restoring).toMatchObject({ code: 0, err: '' })
    await expectRestored(place, 'late@example.org')
  }, 120_000)

  /** A `pg_dump` of our own, first in PATH. */
  function fakeDump(dir: string, script: string): string {
    mkdirSync(join(dir, 'bin'), { recursive: true })
    writeFileSync(join(dir, 'bin/pg_dump'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
    return [join(dir, 'bin'), process.env.PATH].join(delimiter)
  }

  test('says what to install where pg_dump is missing or older than the server, and leaves no file', async () => {
    const place = await install(TEST_DATABASE_URL)
    place.env.PATH = join(place.dir, 'bin')
    expect(await place.run(`backup ${place.file}`)).toMatchObject({
      code: 1,
      err: expect.stringMatching(
        /^There is no pg_dump here\. Install PostgreSQL’s client programs \(Debian: postgresql-client\)/,
      ),
    })
    place.env.PATH = fakeDump(place.dir, 'echo "pg_dump (PostgreSQL) 9.6.24"')
    expect(await place.run(`backup ${place.file}`)).toMatchObject({
      code: 1,
      err: expect.stringMatching(
        /^pg_dump is of PostgreSQL 9, and the server is \d+: .*Install postgresql-client-\d+\.\n$/,
      ),
    })
    place.env.PATH = fakeDump(
      place.dir,
      '[ "$1" = --version ] && echo "pg_dump (PostgreSQL) 99.1" && exit\necho "disk gone" >&2; exit 1',
    )
    expect(await place.run(`backup ${place.file}`)).toMatchObject({ code: 1, err: 'pg_dump failed: disk gone\n' })
    expect(readdirSync(place.dir).sort()).toEqual(['bin', 'data'])
  }, 60_000)

  test('gives pg_dump the password where other users cannot read it, and no secret of ours', async () => {
    const url = new URL(TEST_DATABASE_URL ?? '')
    url.password = 'hunter%2F2'
    const place = await install(url.toString())
    place.env.PATH = fakeDump(
      place.dir,
      `[ "$1" = --version ] && echo "pg_dump (PostgreSQL) 99.1" && exit\necho "$@" >${place.dir}/args; env >${place.dir}/env`,
    )
    expect(await place.run(`backup ${place.file}`)).toMatchObject({ code: 0 })
    expect(readFileSync(join(place.dir, 'args'), 'utf8')).not.toContain('hunter')
    const given = readFileSync(join(place.dir, 'env'), 'utf8')
    expect(given).toContain(`PGPASSWORD=hunter/2\n`)
    expect(given).toContain(`PGPORT=${url.port}\n`)
    expect(given).not.toContain(SECRET)
  }, 60_000)
})
