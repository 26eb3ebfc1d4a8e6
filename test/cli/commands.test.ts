import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Embedded } from '../../src/ledger/embedded/embedded.ts'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'
import { runCommand, runHere } from '../support/command.ts'
import { holdEmbedded, putEmbedded } from '../support/servers/embedded.ts'

let dir = ''
let held: Embedded | null = null
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'commands-'))
})
afterAll(async () => {
  await held?.close()
  rmSync(dir, { recursive: true, force: true })
})

const paperround = (args: string, env: Record<string, string> = {}) =>
  runHere(args.split(' '), { LOG_LEVEL: 'silent', ...env }, dir)
/** As `paperround`, in a process of its own, for its exit codes and its output as a shell sees them. */
const paperroundProcess = (args: string, env: Record<string, string> = {}) =>
  runCommand(args.split(' '), { LOG_LEVEL: 'silent', ...env }, dir)

describe('bounce', () => {
  const mails = join(PACKAGE_ROOT, 'test/mail/inbound/bounces')
  const files = ['dsn-unknown-user.eml', 'vacation.eml'].map((name) => join(mails, name))

  it('says what each mail would be taken for, without any configuration, and makes no file', async () => {
    const told = await paperroundProcess(`bounce ${files.join(' ')} --json`, { MAIL_TRANSPORT: 'pigeon' })
    expect(told).toMatchObject({ code: 0, err: '' })
    expect(
      told.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { file: files[0], verdict: 'permanent', reason: '550 5.1.1 no such user here' },
      { file: files[1], verdict: 'ignore', reason: 'it is an automatic answer' },
    ])
    expect((await paperroundProcess(`bounce ${files[0]}`)).out).toBe(
      `${files[0]}: permanent: 550 5.1.1 no such user here\n`,
    )
    expect(existsSync(join(dir, '.paperround'))).toBe(false)
  })

  it('names what cannot be read, judges the rest, and ends with 2', async () => {
    const told = await paperroundProcess(`bounce nowhere.eml . ${files[1]} --json`)
    expect(told.code).toBe(2)
    expect(told.err).toBe('nowhere.eml does not exist.\n. is no file. Name mails, one a file.\n')
    expect(JSON.parse(told.out).verdict).toBe('ignore')
  })
})

describe('wrong usage', () => {
  beforeAll(async () => {
    held = await holdEmbedded(join(dir, '.paperround'))
  })

  it.each<[string, Record<string, string>, RegExp]>([
    ['frobnicate', {}, /unknown command/],
    ['runn', {}, /Did you mean run\?/],
    ['run --date 2025-13-45', {}, /--date 2025-13-45 is not a day. Write it as YYYY-MM-DD/],
    ['run --wait --give-up-after soon', {}, /--give-up-after soon is not a duration\. .*such as 90s, 10m or 2h/],
    ['run --give-up-after 10m', {}, /--give-up-after is for a command that waits\. Add --wait/],
    ['run --source reddit', {}, /--source reddit is not known. Use huggingface, arxiv, sample or file:PATH/],
    ['run --only nobody', {}, /“nobody” is not a usable address: the address has no @/],
    ['digest', {}, /required option '--to/],
    [
      'digest --to a@x.org --out /dev/null/deeper',
      {},
      /--out \/dev\/null\/deeper cannot be written to: .*Name another folder/,
    ],
    ['subscribers add a@x.org,b@y.org', {}, /must be a single one/],
    ['subscribers add a@x.org --timezone Mars', {}, /time zone “Mars” is not known/],
    [
      'subscribers add a@x.org --hour 24 --frequency hourly',
      {},
      /frequency “hourly”[\s\S]*hour “24” is not a whole number from 0 to 23/,
    ],
    ['subscribers import nowhere.csv', {}, /nowhere.csv does not exist/],
    ['subscribers import .', {}, /\. is a folder\. Name one CSV file/],
    ['run --date 0000-01-01', {}, /--date 0000-01-01 is not a day/],
    ['run', { MAIL_TRANSPORT: 'pigeon', PORT: 'abc' }, /PORT must be[\s\S]*MAIL_TRANSPORT must be/],
  ])(
    '%s %j ends with exit code 2, says what to do and starts nothing',
    async (args, env, words) => {
      const { code, out, err } = await paperround(args, { DATA_DIR: 'untouched', ...env })
      expect({ code, out }).toEqual({ code: 2, out: '' })
      expect(err).toMatch(words)
      expect(err).not.toMatch(/\n\s+at /) // No stack trace.
      expect(existsSync(join(dir, 'untouched'))).toBe(false)
    },
    300_000,
  )

  it.each<[string, Record<string, string>, RegExp]>([
    [
      'status',
      { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', SECRET: 'x'.repeat(32) },
      /DATABASE_URL cannot be used: .*Check that the server runs/,
    ],
    ['status', { DATA_DIR: '/dev/null' }, /DATA_DIR cannot be used: .*Name a folder that this user may write to/],
    ['status', { DATA_DIR: '/dev/null/deeper' }, /DATA_DIR cannot be used: .*Name a folder/],
    ['status', { DATA_DIR: '/proc/deeper' }, /DATA_DIR cannot be used: .*Name a folder/],
    ['run --source file:/no/such.json --wait', {}, /no\/such.json does not exist/],
    ['run --source sample --only nobody@example.org', {}, /There is no subscriber nobody@example.org/],
    ['dispatch --date 2020-01-01', {}, /There is no edition of 2020-01-01. Publish it first/],
    ['edition --date 2020-01-01', {}, /There is no edition of 2020-01-01/],
    ['pause --date 2020-01-01', {}, /There is no edition of 2020-01-01/],
    ['subscribers export no/such/folder.csv', {}, /no\/such\/folder.csv cannot be written: ENOENT/],
  ])(
    '%s %j fails with exit code 1 and a remedy',
    async (args, env, words) => {
      const { code, out, err } = await paperround(args, env)
      expect(code).toBe(1)
      expect(out + err).toMatch(words)
      expect(err).not.toMatch(/\n\s+at /)
    },
    300_000,
  )

  it('a malformed recording fails with its name and leaves no edition behind that could be sent', async () => {
    writeFileSync(join(dir, 'broken.json'), '[{"paper": ')
    const { code, out } = await paperround('run --date 2025-01-02 --source file:broken.json --wait')
    expect(code).toBe(1)
    expect(out).toMatch(/broken.json/)
    expect((await paperround('dispatch --date 2025-01-02')).code).toBe(1)
  }, 300_000)

  it('an edition that stands is no excuse for a source that is down', async () => {
    writeFileSync(join(dir, 'broken.json'), '[{"paper": ')
    expect((await paperround('publish --date 2025-01-03 --source sample')).code).toBe(0)
    const { code, out } = await paperround('publish --date 2025-01-03 --source file:broken.json')
    expect({ code, out }).toEqual({ code: 1, out: expect.stringMatching(/stands as it was: .*broken.json/) })
  }, 300_000)

  it('every command explains itself', async () => {
    const { code, out } = await paperround('--help')
    expect(code).toBe(0)
    for (const command of [
      'start',
      'web',
      'scheduler',
      'worker',
      'run',
      'publish',
      'dispatch',
      'work',
      'edition',
      'digest',
      'subscribers',
      'pause',
      'resume',
      'cancel',
      'status',
      'migrate',
      'reconcile',
      'doctor',
    ]) {
      expect(out).toMatch(new RegExp(`^  ${command}\\b`, 'm'))
    }
  })
})

describe('a file of subscribers', () => {
  beforeAll(() => putEmbedded(join(dir, 'bad')))

  const csv = (name: string, ...lines: string[]) => writeFileSync(join(dir, name), lines.join('\n'))

  it('gives its bad lines back whole, so that they can be mended and imported', async () => {
    csv('bad.csv', 'email,interests,consent', 'hal@,agents;robots,"form, 2026"', '=ida@example.org,@home,')
    expect(await paperround('subscribers import bad.csv', { DATA_DIR: 'bad' })).toMatchObject({ code: 1 })
    const path = join(dir, 'bad.csv.rejected.csv')
    const mended = readFileSync(path, 'utf8').replace('hal@', 'hal@example.org')
    writeFileSync(path, mended)
    expect(
      await paperround('subscribers import bad.csv.rejected.csv --consent-note letter', { DATA_DIR: 'bad' }),
    ).toEqual({
      code: 0,
      out: '2 added, 0 known already, 0 twice in the file, 0 suppressed, 0 bad lines.\n',
      err: '',
    })
    const exported = await paperround('subscribers export', { DATA_DIR: 'bad' })
    expect(exported.out).toMatch(/^hal@example.org,active,agents;robots,.*,"form, 2026",/m)
    writeFileSync(join(dir, 'again.csv'), exported.out)
    expect(await paperround('subscribers import again.csv', { DATA_DIR: 'bad' })).toMatchObject({
      out: '0 added, 2 known already, 0 twice in the file, 0 suppressed, 0 bad lines.\n',
    })
  }, 300_000)

  it('is read as --map and --ignore say', async () => {
    csv('own.csv', 'Mail,Topics,Team,Desk', 'ada@example.org,graphs,red,12')
    const importing =
      'subscribers import own.csv --consent-note fair --dry-run --map Topics=interests --ignore Team Desk'
    expect(await paperround(importing, { DATA_DIR: 'bad' })).toMatchObject({
      code: 0,
      out: expect.stringMatching(/Topics +interests\nTeam +left out: you chose to leave it out[\s\S]*1 would be added/),
    })
  }, 300_000)
})

describe('a first week with nothing installed', () => {
  it('goes from import to export, in single steps', async () => {
    writeFileSync(
      join(dir, 'readers.csv'),
      [
        'Email,Interests,Frequency,Timezone,Hour,Consent',
        'ada@example.org,sparse retrieval; agents,daily,Europe/Berlin,7,web form 2026-01-02',
        'not an address,,,,,web form',
        'kofi@example.org,robotics,hourly,,,web form',
        'ADA@example.org,,,,,web form',
        'mei@example.org,,weekly,Asia/Singapore,9,',
        'eve@example.org,=cmd,,,,paper form',
      ].join('\r\n'),
    )
    const imported = await paperround('subscribers import readers.csv')
    expect(imported.code).toBe(1)
    expect(imported.out).toContain('2 added, 0 known already, 1 twice in the file, 0 suppressed, 3 bad lines.')
    expect(imported.err).toMatch(/line 3: not an address:/)
    expect(imported.err).toMatch(/line 5: ADA@example.org: this address stands in the file before/)
    expect(imported.err).toMatch(/line 4: kofi@example.org: frequency “hourly”/)
    expect(imported.err).toMatch(/line 6: mei@example.org: the consent column is empty/)
    expect(readFileSync(join(dir, 'readers.csv.rejected.csv'), 'utf8').split('\n')).toHaveLength(5)

    const published = await paperround('publish --date 2026-11-24 --source sample')
    expect(published).toMatchObject({ code: 0, out: expect.stringMatching(/Edition 2026-11-24: 1\d papers/) })
    expect(await paperround('dispatch --date 2026-11-24')).toMatchObject({
      code: 0,
      out: expect.stringContaining('2 new deliveries are queued'),
    })
    expect(await paperround('work --until-idle')).toMatchObject({ code: 0 })
    expect(readdirSync(join(dir, '.paperround/outbox')).filter((name) => name.endsWith('.eml'))).toHaveLength(2)

    const status = JSON.parse((await paperround('status --json')).out)
    expect(status).toMatchObject({
      day: '2026-11-24',
      total: 2,
      counts: { sent: 2, queued: 0 },
      queues: { send: { waiting: 0, active: 0 } },
    })
    const edition = JSON.parse((await paperround('edition --date 2026-11-24 --json')).out)
    expect(edition.entries[0]).toMatchObject({
      rank: 1,
      why: expect.stringContaining('most voted'),
      paper: { title: expect.any(String) },
    })

    const shown = await paperround('subscribers show Ada@Example.org')
    expect(shown.out.split('\n')[0]).toBe('active')
    expect(shown.out).toMatch(/2026-11-24 {2}sent {2}\d+ papers/)

    const stored = JSON.parse((await paperround('subscribers show ada@example.org --json')).out)
    expect(stored).toMatchObject({ profile: { email: 'ada@example.org' }, deliveries: [expect.anything()] })

    const composed = await paperround('digest --to ada@example.org --date 2026-11-24 --out composed')
    expect(composed.code).toBe(0)
    expect(readFileSync(join(dir, 'composed/digest.html'), 'utf8')).toContain('<h1')
    expect(readdirSync(join(dir, '.paperround/outbox')).filter((name) => name.endsWith('.eml'))).toHaveLength(2)

    const exported = await paperround('subscribers export')
    expect(exported.out.split('\n')[0]).toBe(
      'email,state,interests,muted,authors,frequency,timezone,hour,weekday,weekdays,length,format,rest,mix,consent,since,paused_until',
    )
    expect(exported.out).toContain("'=cmd") // A spreadsheet must not run it.

    expect((await paperround('subscribers remove ada@example.org')).code).toBe(0)
    const back = await paperround('subscribers add ada@example.org')
    expect(back).toMatchObject({ code: 1, err: expect.stringContaining('--consent-note') })
    expect((await paperround('subscribers add ada@example.org --consent-note asked')).code).toBe(0)
    expect((await paperround('subscribers show ada@example.org')).out).toMatch(/^active\n/)
    expect((await paperround('subscribers remove eve@example.org --erase')).code).toBe(0)
    expect((await paperround('subscribers show eve@example.org')).code).toBe(1)
    const again = await paperround('subscribers add eve@example.org')
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('suppressed') })
  }, 300_000)

  it('asks before it subscribes when told to confirm: only the confirmation goes out', async () => {
    const env = { DATA_DIR: 'confirming' }
    expect(await paperround('subscribers add ada@example.org --confirm', env)).toMatchObject({
      code: 0,
      out: expect.stringContaining('pending'),
    })
    expect(await paperround('run --date 2026-11-24 --source sample --wait', env)).toMatchObject({ code: 0 })
    const mails = readdirSync(join(dir, 'confirming/outbox')).filter((name) => name.endsWith('.eml'))
    expect(mails).toEqual([expect.stringMatching(/^confirm-/)])
    const mail = readFileSync(join(dir, 'confirming/outbox', mails[0] ?? ''), 'utf8')
      .replace(/=\r\n/g, '')
      .replaceAll('=3D', '=')
    expect(mail).toMatch(/http:\/\/localhost:3000\/confirm\/[\w.-]+/)
    expect(mail).not.toMatch(/^List-Unsubscribe:/m)
  }, 300_000)

  it('`doctor` finds a healthy embedded set-up, and says that the outbox reaches nobody', async () => {
    const { code, out } = await paperround('doctor')
    expect(code).toBe(0)
    expect(out).toMatch(/database: PostgreSQL \d+.*embedded/)
    expect(out).toMatch(/warning {2}transport: MAIL_TRANSPORT is outbox/)
  }, 300_000)

  it('`demo` delivers three different digests and tells whom it sent what', async () => {
    const { code, out } = await paperroundProcess('demo', {
      DATA_DIR: 'demo',
      DATABASE_URL: '',
      MAIL_TRANSPORT: 'outbox',
    })
    expect(code).toBe(0)
    const mails = readdirSync(join(dir, 'demo/outbox')).filter((name) => name.endsWith('.eml'))
    expect(mails).toHaveLength(3)
    expect(
      new Set(mails.map((name) => readFileSync(join(dir, 'demo/outbox', name), 'utf8').match(/^Subject: (.*)/m)?.[1]))
        .size,
    ).toBe(3)
    expect(out).toMatch(/ada@example.com · interests: sparse retrieval/)
    expect(existsSync(join(dir, 'demo/secret'))).toBe(true)
  }, 300_000)
})
