import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type ImportOptions, importFile } from '../../src/cli/subscribers/import.ts'
import { moveSubscriber, suppress } from '../../src/ledger/subscribers/subscribers.ts'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'
import { CONTACT_FORMATS } from '../../src/subscriptions/csv/formats/contact-formats.ts'
import { NEWSLETTER_FORMATS } from '../../src/subscriptions/csv/formats/newsletter-formats.ts'
import type { App } from '../../workers/app/app.ts'

import { addSubscribersFor, isPresent, openInstallation, openTestApp, type TestInstallation } from '../support/app.ts'
import { commandContext } from '../support/command.ts'
import { emptyTables } from '../support/databases/empty-tables.ts'

const AT = new Date('2026-11-24T06:00:00Z')

let place: TestInstallation
let app: App
let dir = ''
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'import-'))
  place = await openInstallation(isPresent('PostgreSQL') ? 'PostgreSQL' : 'embedded')
  app = await openTestApp(place, () => AT)
}, 300_000)
afterAll(async () => {
  await app?.close()
  await place?.close()
  rmSync(dir, { recursive: true, force: true })
})
beforeEach(() =>
  emptyTables(app.ledger.pool, 'subscribers, suppressions, transactional_emails, confirmations, events, consents'),
)

/** Imports a text or one of the exports in test/subscriptions/csv/exports, and returns the exit code and what was said. */
async function run(source: { file: string } | { text: string | Buffer }, options: ImportOptions = {}) {
  const path = join(dir, 'file' in source ? source.file : 'list.csv')
  writeFileSync(
    path,
    'file' in source ? readFileSync(join(PACKAGE_ROOT, 'test/subscriptions/csv/exports', source.file)) : source.text,
  )
  const context = commandContext(place, () => AT)
  const code = await importFile(path, options, context)
  return { code, said: context.said.join('\n'), rejected: () => readFileSync(`${path}.rejected.csv`, 'utf8') }
}

async function rowsOf(query: string, values: unknown[] = []) {
  return (await app.ledger.pool.query(query, values)).rows
}

/** Name of the address → the state here; `suppressed: why` where only its hash is kept. */
async function states(): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const { email, state } of await rowsOf('select email, state from subscribers'))
    found[email.split('@')[0]] = state
  const hashes = new Map(
    (await rowsOf('select address_hash, reason from suppressions')).map((row) => [row.address_hash, row.reason]),
  )
  for (const name of ['ada', 'ben', 'cleo', 'dora', 'emil', 'fay', 'gus', 'hal']) {
    const reason = hashes.get(app.ledger.tokens.hashAddress(`${name}@example.org`))
    if (reason !== undefined) found[name] = `suppressed: ${reason}`
  }
  return found
}

/** Everything in the tables that an import writes. */
async function ledger() {
  const tables = ['subscribers', 'suppressions', 'events', 'transactional_emails', 'confirmations', 'consents', 'audit']
  const there = await rowsOf("select table_name from information_schema.tables where table_schema = 'public'")
  const names = tables.filter((table) => there.some((row) => row.table_name === table))
  return Promise.all(names.map((table) => rowsOf(`select * from ${table} order by 1`)))
}

/** The lines that count, as a trial and an import both say them. */
function countsOf(said: string) {
  return said.replace(/ would be added/, ' added').match(/^\d+ (added|left out).*$|^By .*$/gm)
}

interface Case {
  readonly file: string
  readonly program: string
  readonly states: Record<string, string>
  readonly bad?: number
  readonly said?: string[]
  readonly note?: boolean
}

const CASES: readonly Case[] = [
  {
    file: 'subscribed_members_export_3f1.csv',
    program: 'Mailchimp',
    states: { ada: 'active', ben: 'active' },
    bad: 1, // No date of a sign-up, and no note.
    said: ['the consent column is empty'],
  },
  {
    file: 'unsubscribed_members_export_3f1.csv',
    program: 'Mailchimp',
    states: { dora: 'unsubscribed', emil: 'suppressed: complained', fay: 'unsubscribed' },
    said: ['2 unsubscribed, 1 suppressed; 0 of them had a subscription here'],
  },
  { file: 'cleaned_members_export_3f1.csv', program: 'Mailchimp', states: { gus: 'suppressed: bounced' } },
  {
    file: 'nonsubscribed_members_export_3f1.csv',
    program: 'Mailchimp',
    states: {},
    said: ['1 left out: they have not confirmed there'],
  },
  {
    file: 'substack.csv',
    program: 'Substack',
    states: { ada: 'active', ben: 'active', cleo: 'unsubscribed' },
    bad: 1,
    said: ['dora@example.org: the state is “email_disabled is empty”', '1 left out: they have no address'],
  },
  {
    file: 'ghost.csv',
    program: 'Ghost',
    states: { ada: 'active', ben: 'unsubscribed', cleo: 'unsubscribed' },
    bad: 1,
    said: ['dora@example.org: the state is “perhaps”'],
  },
  {
    file: 'listmonk.csv',
    program: 'listmonk',
    states: { ada: 'active', ben: 'unsubscribed', cleo: 'suppressed: provider' },
    said: ['does not say who has unsubscribed from a single list'],
  },
  {
    file: 'beehiiv.csv',
    program: 'beehiiv',
    states: { ada: 'active', ben: 'unsubscribed', dora: 'unsubscribed', emil: 'suppressed: bounced' },
    bad: 1,
    said: ['fay@example.org: the state is “dormant”: use active, pending', '1 left out: they have not confirmed there'],
  },
  {
    file: 'buttondown.csv',
    program: 'Buttondown',
    states: {
      ada: 'active',
      cleo: 'unsubscribed',
      dora: 'suppressed: complained',
      emil: 'suppressed: bounced',
      fay: 'suppressed: provider',
      gus: 'active',
    },
    bad: 1,
    said: ['hal@example.org: the state is “asleep”', '1 left out: they have not confirmed there'],
  },
  {
    file: 'kit.csv',
    program: 'Kit',
    states: { ada: 'active', cleo: 'unsubscribed', dora: 'suppressed: bounced', emil: 'suppressed: complained' },
    bad: 1,
    said: ['fay@example.org: the state is “cold”', '1 left out: they have not confirmed there'],
  },
  {
    file: 'google-contacts.csv',
    program: 'Google Contacts',
    states: { ada: 'active', ben: 'active', dora: 'active' },
    note: true,
    said: ['1 left out: they have no address'],
  },
  {
    file: 'outlook-contacts.csv',
    program: 'Outlook contacts',
    states: { ada: 'active', ben: 'active' },
    bad: 1, // An address inside of Exchange only.
    note: true,
    said: ['1 left out: they have no address', 'the address has no @'],
  },
]

describe('the export of another program', () => {
  it.each(CASES)('$file is recognised, and each state is honoured', async (expected) => {
    const options = expected.note === true ? { consentNote: 'asked at the fair' } : {}
    const before = await ledger()
    const trial = await run(expected, { ...options, dryRun: true })
    expect(await ledger()).toEqual(before)
    expect(trial.said.replace(/\s+/g, ' ')).toContain(`is an export of ${expected.program}.`)
    const done = await run(expected, options)
    expect(await states()).toEqual(expected.states)
    const bad = expected.bad ?? 0
    for (const { code, said } of [trial, done]) {
      expect(said).toContain(`${bad} bad lines.`)
      for (const words of expected.said ?? []) expect(said.replace(/\s+/g, ' ')).toContain(words)
      expect(code).toBe(bad === 0 ? 0 : 1)
    }
    // A trial counts what the import then does.
    expect(countsOf(trial.said)).toEqual(countsOf(done.said))
  })

  it.each([...NEWSLETTER_FORMATS, ...CONTACT_FORMATS].map(({ program }) => program))(
    '%s is in the documentation',
    (program) => {
      const page = readFileSync(join(PACKAGE_ROOT, 'docs/IMPORT.md'), 'utf8')
      expect(page).toMatch(new RegExp(`^### ${program.replace(' contacts', '')}\\b`, 'm'))
      expect(CASES.some((each) => each.program === program)).toBe(true)
    },
  )

  it('that is imported again changes nothing, and forgets nothing', async () => {
    await run({ file: 'buttondown.csv' })
    const after = (await ledger()).slice(0, 2)
    await run({ file: 'buttondown.csv' })
    expect((await ledger()).slice(0, 2)).toEqual(after)
  })

  it.each([
    ['unsubscribed', { dora: 'unsubscribed', emil: 'suppressed: complained', fay: 'unsubscribed' }],
    ['cleaned', { gus: 'suppressed: bounced' }],
  ])('of Mailchimp’s %s members is known by its columns, whatever the file is called', async (kind, expected) => {
    const file = join(PACKAGE_ROOT, `test/subscriptions/csv/exports/${kind}_members_export_3f1.csv`)
    await run({ text: readFileSync(file) })
    expect(await states()).toEqual(expected)
  })

  it('keeps when and where each signed up as the consent note, and no network address', async () => {
    await run({ file: 'subscribed_members_export_3f1.csv' })
    await run({ file: 'buttondown.csv' })
    const notes = await rowsOf("select email, timezone, consent->>'note' as note from subscribers order by id")
    expect(notes[0]).toEqual({
      email: 'ada@example.org',
      timezone: 'Europe/Berlin',
      note: 'Mailchimp: signed up 2024-02-05 19:28:23, confirmed 2024-02-05 19:30:01',
    })
    // A zone that Mailchimp guessed wrongly is no reason to refuse somebody.
    expect(notes[1]).toMatchObject({ email: 'ben@example.org', timezone: 'UTC' })
    expect(notes.find(({ email }) => email === 'gus@example.org')?.note).toBe(
      'Buttondown: signed up 2024-01-15T10:00:00Z, source organic',
    )
    expect(JSON.stringify(await ledger())).not.toContain('198.51.100')
  })

  it('keeps the reason of each who gets no mail, and of those who must never no address at all', async () => {
    await run({ file: 'unsubscribed_members_export_3f1.csv' })
    await run({ file: 'cleaned_members_export_3f1.csv' })
    expect((await rowsOf('select note from suppressions order by reason')).map(({ note }) => note)).toEqual([
      'imported: Mailchimp: cleaned 2024-03-23 17:30:05',
      'imported: Mailchimp: unsubscribed 2024-08-01 09:00:00: SPAM',
    ])
    const events = await rowsOf(
      "select data->>'why' as why from events where kind = 'subscriber.unsubscribed' order by id",
    )
    expect(events[0]?.why).toBe('imported: Mailchimp: unsubscribed 2024-07-23 12:19:27: NORMAL')
    expect(JSON.stringify(await ledger())).not.toMatch(/emil@|gus@/)
  })

  it('asks those who have not confirmed there, when it is told to ask', async () => {
    await run({ file: 'kit.csv' }, { confirm: true })
    expect(await states()).toMatchObject({ ada: 'pending', ben: 'pending', cleo: 'unsubscribed' })
    expect(
      (await rowsOf("select address from transactional_emails where kind = 'confirm' order by address")).map(
        (row) => row.address,
      ),
    ).toEqual(['ada@example.org', 'ben@example.org'])
  })

  it('needs a consent note where no column can say who agreed', async () => {
    await expect(run({ file: 'google-contacts.csv' })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('State where these subscribers agreed'),
    })
  })

  it('of contacts gives the address that each has as the primary one, or the first', async () => {
    await run({ file: 'google-contacts.csv' }, { consentNote: 'asked at the fair' })
    expect((await rowsOf('select email from subscribers order by id')).map(({ email }) => email)).toEqual([
      'ada@example.org',
      'ben@example.org',
      'dora@example.org',
    ])
  })

  it('ends a subscription of ours when it says that its subscriber left, and counts it', async () => {
    await addSubscribersFor(app, [{ email: 'cleo@example.org' }, { email: 'dora@example.org' }])
    const { said } = await run({ file: 'kit.csv' })
    expect(said).toContain('1 unsubscribed, 2 suppressed; 2 of them had a subscription here.')
    expect(await states()).toMatchObject({ cleo: 'unsubscribed', dora: 'suppressed: bounced' })
    expect(await rowsOf("select state from subscribers where email = 'dora@example.org'")).toEqual([
      { state: 'suppressed' },
    ])
  })

  it('makes nobody active who has left here, or who must not be mailed', async () => {
    const [ada = ''] = await addSubscribersFor(app, [{ email: 'ada@example.org' }, { email: 'cleo@example.org' }])
    await moveSubscriber(app.ledger.db, ada, 'unsubscribed', AT, 'a test')
    await suppress(app.ledger.db, app.ledger.tokens.hashAddress('cleo@example.org'), 'operator', AT)
    expect((await run({ file: 'substack.csv' })).said).toContain('1 added, 1 known already')
    expect(await states()).toEqual({ ada: 'unsubscribed', ben: 'active', cleo: 'suppressed: operator' })
  })

  it.each([
    [['active', 'cancelled'], 'unsubscribed'],
    [['cancelled', 'active'], 'unsubscribed'],
    [['active', 'bounced', 'active'], 'suppressed: bounced'],
    [['complained', 'active'], 'suppressed: complained'],
    [['bounced', 'complained'], 'suppressed: complained'],
    [['complained', 'bounced', 'cancelled', 'active'], 'suppressed: complained'],
  ])('has an address with the states %j: the strictest wins', async (listed, state) => {
    const text = [
      'first_name,email,created_at,status',
      ...listed.map((each) => `A,ada@example.org,2024-01-15,${each}`),
    ].join('\n')
    const trial = await run({ text }, { dryRun: true })
    const done = await run({ text })
    expect(await states()).toEqual({ ada: state })
    expect(countsOf(trial.said)).toEqual(countsOf(done.said))
  })

  it('gives its bad lines back with their state, so that a mended one is not made active', async () => {
    const text =
      'first_name,email,created_at,status\nA,ada@,2024-01-15,bounced\nB,ben@example.org,2024-01-15,active,x\n'
    const { rejected } = await run({ text })
    const lines = rejected()
      .replace('ada@', 'ada@example.org')
      .replace(/"B,ben@.*?"/, 'ben@example.org')
    const again = await run({ text: lines }, { consentNote: 'the fair' })
    expect(await states()).toEqual({ ada: 'suppressed: bounced' })
    expect(again.said).toContain('ben@example.org: the state is “unknown”')
  })
})

describe('a hostile list', () => {
  it('runs no formula in a spreadsheet, and moves no cursor in a terminal', async () => {
    const text =
      'first_name,email,created_at,status\n=1+1,\'=ada@example.org,2024-01-15,"=HYPERLINK(""x"")\u001b[2J\u202e"\n'
    const { said, rejected } = await run({ text })
    expect(said).toContain('line 2: =ada@example.org: the state is “=HYPERLINK("x")\\u001b[2J\\u202e”')
    // The report has no control character but the ends of its lines.
    expect(said.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    expect(rejected()).toContain(`"'=HYPERLINK(""x"")`)
    for (const cell of rejected().split(/[,\n]/)) expect(cell).not.toMatch(/^"?[=+@-]/)
  })

  it('of other programs is refused with a word that helps, and leaves nothing', async () => {
    for (const [text, words] of [
      [Buffer.from('504b030414000600', 'hex'), 'save the sheet as CSV'],
      ['', 'has no lines'],
      ['first_name,email,created_at,status\n', 'has no lines'],
      ['first_name,email,created_at,email,status\nA,a@x.org,2024,b@x.org,active\n', 'columns twice: email'],
    ] as const)
      await expect(run({ text })).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining(words) })
    expect(await states()).toEqual({})
  })
})

describe('an exported list of ours', () => {
  it('keeps those unsubscribed and suppressed who were', async () => {
    await run({
      text: 'email,state,consent\nada@example.org,active,form\nben@example.org,unsubscribed,form\ncleo@example.org,suppressed,\ndora@example.org,pending,form\nemil@example.org,paused,form\n',
    })
    expect(await states()).toEqual({ ada: 'active', ben: 'unsubscribed', cleo: 'suppressed: provider' })
  })
})

describe('columns', () => {
  const text = 'Work mail,Topics,Team\nada@example.org,graphs;agents,red\n'
  const note = { consentNote: 'the fair' }

  it('of any name are mapped and left out as the operator says', async () => {
    await run({ text }, { ...note, map: ['work mail=email', 'Topics=interests'], ignore: ['Team'] })
    expect(await rowsOf('select email, interests from subscribers')).toEqual([
      { email: 'ada@example.org', interests: ['graphs', 'agents'] },
    ])
  })

  it('of a known export are mapped too', async () => {
    await run({ file: 'subscribed_members_export_3f1.csv' }, { map: ['Research Field=interests'] })
    expect((await rowsOf('select interests from subscribers order by id'))[0]?.interests).toEqual(['graphs', 'agents'])
  })

  it.each<[ImportOptions, RegExp]>([
    [
      {},
      /no column “email”[\s\S]*not known: Work mail \(did you mean “email”\?\), Topics, Team[\s\S]*--map 'Work mail=email'/,
    ],
    [{ map: ['Wrok mail=email'] }, /--map: .*no column “wrok mail”; did you mean “work mail”\?/],
    [{ map: ['Work mail=emial'] }, /there is no field “emial”; did you mean “email”\?/],
    [{ map: ['Work mail=email', 'Work mail=consent'] }, /this column is mapped twice/],
    [{ map: ['Work mail=email', 'Team=email'] }, /another column becomes “email” already/],
    [{ map: ['Work mail'] }, /is not of the form 'COLUMN=FIELD'/],
    [{ map: ['Work mail=email'], ignore: ['Work mail'] }, /this column is mapped by --map/],
    [{ map: ['Work mail=email'], ignore: ['Topic', 'Team'] }, /--ignore: .*no column “topic”; did you mean “topics”\?/],
  ])('that are named wrongly stop the import before it begins: %j', async (options, words) => {
    await expect(run({ text }, { ...note, ...options })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(words),
    })
    expect(await rowsOf('select from subscribers')).toEqual([])
  })

  it.each<[ImportOptions, RegExp]>([
    [{ ignore: ['status'] }, /says who has unsubscribed, and must be read/],
    [{ map: ['tags=state'] }, /the state of a Kit export is read from its own columns/],
  ])('that say who has left cannot be put aside: %j', async (options, words) => {
    await expect(run({ file: 'kit.csv' }, options)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(words),
    })
  })
})

describe('a trial', () => {
  it('shows what becomes of each column, and the first ten lines as they would be, within 80 columns', async () => {
    const people = Array.from({ length: 12 }, (_, at) => `reader${at}@example.org,${at + 7}:00,Weekly,paper form,x`)
    const { said } = await run(
      { text: ['email,hour,frequency,consent,"Shoe\u001b[31m size"', ...people].join('\n') },
      { dryRun: true, ignore: ['Shoe\u001b[31m size'] },
    )
    const lines = said.split('\n')
    expect(lines.slice(0, 6)).toEqual([
      'Column                          Becomes',
      'email                           email',
      'hour                            hour',
      'frequency                       frequency',
      'consent                         consent',
      'Shoe\\u001b[31m size             left out: you chose to leave it out',
    ])
    expect(lines).toContain('The first 10 lines would become:')
    expect(lines).toContain('reader3@example.org: active, weekly on Monday from 10:00 UTC')
    expect(lines).toContain('    consent: paper form')
    expect(lines.filter((line) => /^reader\d+@/.test(line))).toHaveLength(10)
    const counts = lines.findIndex((line) => line.startsWith('12 would be added'))
    expect(lines.slice(0, counts).filter((line) => line.length > 80)).toEqual([])
  })
})
