import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { PACKAGE_ROOT } from '../../../src/platform/paths.ts'
import { CONTACT_FORMATS } from '../../../src/subscriptions/csv/formats/contact-formats.ts'
import { NEWSLETTER_FORMATS } from '../../../src/subscriptions/csv/formats/newsletter-formats.ts'
import { countsOf, openImports } from '../../support/imports.ts'

const { run, rowsOf, states, ledgerRows } = await openImports()

interface Case {
  readonly file: string
  readonly program: string
  readonly states: Record<string, string>
  readonly bad?: number
  readonly output?: string[]
  readonly note?: boolean
}

const CASES: readonly Case[] = [
  {
    file: 'subscribed_members_export_3f1.csv',
    program: 'Mailchimp',
    states: { ada: 'active', ben: 'active' },
    bad: 1, // Without a sign-up date and a note.
    output: ['the consent column is empty'],
  },
  {
    file: 'unsubscribed_members_export_3f1.csv',
    program: 'Mailchimp',
    states: { dora: 'unsubscribed', emil: 'suppressed: complained', fay: 'unsubscribed' },
    output: ['2 unsubscribed, 1 suppressed; 0 of them had a subscription here'],
  },
  { file: 'cleaned_members_export_3f1.csv', program: 'Mailchimp', states: { gus: 'suppressed: bounced' } },
  {
    file: 'nonsubscribed_members_export_3f1.csv',
    program: 'Mailchimp',
    states: {},
    output: ['1 left out: they have not confirmed there'],
  },
  {
    file: 'substack.csv',
    program: 'Substack',
    states: { ada: 'active', ben: 'active', cleo: 'unsubscribed' },
    bad: 1,
    output: ['dora@example.org: the state is “email_disabled is empty”', '1 left out: they have no address'],
  },
  {
    file: 'ghost.csv',
    program: 'Ghost',
    states: { ada: 'active', ben: 'unsubscribed', cleo: 'unsubscribed' },
    bad: 1,
    output: ['dora@example.org: the state is “perhaps”'],
  },
  {
    file: 'listmonk.csv',
    program: 'listmonk',
    states: { ada: 'active', ben: 'unsubscribed', cleo: 'suppressed: provider' },
    output: ['does not say who has unsubscribed from a single list'],
  },
  {
    file: 'beehiiv.csv',
    program: 'beehiiv',
    states: { ada: 'active', ben: 'unsubscribed', dora: 'unsubscribed', emil: 'suppressed: bounced' },
    bad: 1,
    output: [
      'fay@example.org: the state is “dormant”: use active, pending',
      '1 left out: they have not confirmed there',
    ],
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
    output: ['hal@example.org: the state is “asleep”', '1 left out: they have not confirmed there'],
  },
  {
    file: 'kit.csv',
    program: 'Kit',
    states: { ada: 'active', cleo: 'unsubscribed', dora: 'suppressed: bounced', emil: 'suppressed: complained' },
    bad: 1,
    output: ['fay@example.org: the state is “cold”', '1 left out: they have not confirmed there'],
  },
  {
    file: 'google-contacts.csv',
    program: 'Google Contacts',
    states: { ada: 'active', ben: 'active', dora: 'active' },
    note: true,
    output: ['1 left out: they have no address'],
  },
  {
    file: 'outlook-contacts.csv',
    program: 'Outlook contacts',
    states: { ada: 'active', ben: 'active' },
    bad: 1, // An address that exists only inside Exchange.
    note: true,
    output: ['1 left out: they have no address', 'the address has no @'],
  },
]

describe('an import from another program', () => {
  it.each(CASES)('recognizes $file and imports each state', async (expected) => {
    const options = expected.note === true ? { consentNote: 'asked at the fair' } : {}
    const before = await ledgerRows()
    const dryRun = await run(expected, { ...options, dryRun: true })
    expect(await ledgerRows()).toEqual(before)
    expect(dryRun.output.replace(/\s+/g, ' ')).toContain(`is an export of ${expected.program}.`)
    const done = await run(expected, options)
    expect(await states()).toEqual(expected.states)
    const bad = expected.bad ?? 0
    for (const { code, output } of [dryRun, done]) {
      expect(output).toContain(`${bad} bad lines.`)
      for (const words of expected.output ?? []) expect(output.replace(/\s+/g, ' ')).toContain(words)
      expect(code).toBe(bad === 0 ? 0 : 1)
    }
    // The dry run reports the same counts as the import.
    expect(countsOf(dryRun.output)).toEqual(countsOf(done.output))
  })

  it.each([...NEWSLETTER_FORMATS, ...CONTACT_FORMATS].map(({ program }) => program))(
    'from %s is documented',
    (program) => {
      const page = readFileSync(join(PACKAGE_ROOT, 'docs/IMPORT.md'), 'utf8')
      expect(page).toMatch(new RegExp(`^### ${program.replace(' contacts', '')}\\b`, 'm'))
      expect(CASES.some((each) => each.program === program)).toBe(true)
    },
  )

  it('changes nothing when it is repeated', async () => {
    await run({ file: 'buttondown.csv' })
    const after = (await ledgerRows()).slice(0, 2)
    await run({ file: 'buttondown.csv' })
    expect((await ledgerRows()).slice(0, 2)).toEqual(after)
  })

  it.each([
    ['unsubscribed', { dora: 'unsubscribed', emil: 'suppressed: complained', fay: 'unsubscribed' }],
    ['cleaned', { gus: 'suppressed: bounced' }],
  ])('recognizes Mailchimp’s %s members by their columns, not by the name of the file', async (kind, expected) => {
    const file = join(PACKAGE_ROOT, `test/subscriptions/csv/exports/${kind}_members_export_3f1.csv`)
    await run({ text: readFileSync(file) })
    expect(await states()).toEqual(expected)
  })

  it('stores when and where each subscriber signed up as the consent note, without the IP address', async () => {
    await run({ file: 'subscribed_members_export_3f1.csv' })
    await run({ file: 'buttondown.csv' })
    const notes = await rowsOf("select email, timezone, consent->>'note' as note from subscribers order by id")
    expect(notes[0]).toEqual({
      email: 'ada@example.org',
      timezone: 'Europe/Berlin',
      note: 'Mailchimp: signed up 2024-02-05 19:28:23, confirmed 2024-02-05 19:30:01',
    })
    // Mailchimp guesses time zones, so an invalid one does not reject the row.
    expect(notes[1]).toMatchObject({ email: 'ben@example.org', timezone: 'UTC' })
    expect(notes.find(({ email }) => email === 'gus@example.org')?.note).toBe(
      'Buttondown: signed up 2024-01-15T10:00:00Z, source organic',
    )
    expect(JSON.stringify(await ledgerRows())).not.toContain('198.51.100')
  })

  it('stores why a subscriber gets no mail, and only the hash of a suppressed address', async () => {
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
    expect(JSON.stringify(await ledgerRows())).not.toMatch(/emil@|gus@/)
  })

  it('sends a confirmation to unconfirmed addresses with --confirm', async () => {
    await run({ file: 'kit.csv' }, { confirm: true })
    expect(await states()).toMatchObject({ ada: 'pending', ben: 'pending', cleo: 'unsubscribed' })
    expect(
      (await rowsOf("select address from transactional_emails where kind = 'confirm' order by address")).map(
        (row) => row.address,
      ),
    ).toEqual(['ada@example.org', 'ben@example.org'])
  })

  it('requires a consent note when no column can be one', async () => {
    await expect(run({ file: 'google-contacts.csv' })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('State where these subscribers agreed'),
    })
  })

  it('takes the primary address of each contact, or else the first', async () => {
    await run({ file: 'google-contacts.csv' }, { consentNote: 'asked at the fair' })
    expect((await rowsOf('select email from subscribers order by id')).map(({ email }) => email)).toEqual([
      'ada@example.org',
      'ben@example.org',
      'dora@example.org',
    ])
  })
})
