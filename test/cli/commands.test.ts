import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { runCommand } from '../support/command.ts'
import { openCommandFolder } from '../support/command-folder.ts'
import { putEmbedded } from '../support/servers/embedded.ts'

const { dir, paperround } = await openCommandFolder('commands-')
/** Runs `paperround` in a process of its own, as a shell does. */
const paperroundProcess = (args: string, env: Record<string, string> = {}) =>
  runCommand(args.split(' '), { LOG_LEVEL: 'silent', ...env }, dir)

describe('a file of subscribers', () => {
  beforeAll(() => putEmbedded(join(dir, 'bad')))

  const csv = (name: string, ...lines: string[]) => writeFileSync(join(dir, name), lines.join('\n'))

  it('is rejected line by line, and corrected lines can be imported', async () => {
    csv('bad.csv', 'email,interests,consent', 'hal@,agents;robots,"form, 2026"', '=ida@example.org,@home,')
    expect(await paperround('subscribers import bad.csv', { DATA_DIR: 'bad' })).toMatchObject({ code: 1 })
    const path = join(dir, 'bad.csv.rejected.csv')
    const corrected = readFileSync(path, 'utf8').replace('hal@', 'hal@example.org')
    writeFileSync(path, corrected)
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

  it('is read according to --map and --ignore', async () => {
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
  it('goes from import to export, step by step', async () => {
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
    expect(imported.err).toMatch(/line 5: ADA@example.org: the file has this address on an earlier line/)
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
      'email,state,interests,muted,authors,frequency,timezone,hour,weekday,weekdays,length,format,titles,rest,mix,consent,since,paused_until',
    )
    expect(exported.out).toContain("'=cmd") // A spreadsheet must not run it as a formula.

    // Interests without a match are named, with how many have them.
    const added = await paperround('subscribers add fay@example.org --interest zymurgy --interest agents')
    expect(added).toMatchObject({ code: 0, err: expect.stringMatching(/^“zymurgy” matches none of the \d+ papers of/) })
    expect((await paperround('subscribers show fay@example.org')).out).toContain('“zymurgy” matches none of the')
    const lines = ['email,interests', 'gus@example.org,zymurgy;agents', 'hal@example.org,agnets;zymurgy']
    writeFileSync(join(dir, 'more.csv'), lines.join('\n'))
    const more = await paperround('subscribers import more.csv --consent-note letter --dry-run')
    expect(more).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^2 interests without a match in the \d+ papers/),
    })
    expect(more.err).toMatch(/“zymurgy” of 2 subscribers\.\n {2}“agnets” of 1 subscriber\. Near it: “agents/)

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

  it('subscribers add --confirm sends only a confirmation', async () => {
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

  it('`doctor` passes an embedded installation, and warns that the outbox sends nothing', async () => {
    const { code, out } = await paperround('doctor')
    expect(code).toBe(0)
    expect(out).toMatch(/database: PostgreSQL \d+.*embedded/)
    expect(out).toMatch(/warning {2}transport: MAIL_TRANSPORT is outbox/)
  }, 300_000)

  it('`demo` delivers three different digests and lists their recipients', async () => {
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
    expect(existsSync(join(dir, 'demo/secret'))).toBe(false)
    expect(existsSync(join(dir, 'demo/demo/secret'))).toBe(true)
  }, 300_000)
})
