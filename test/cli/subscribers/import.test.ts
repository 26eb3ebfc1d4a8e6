import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { exportSubscribers } from '../../../src/cli/subscribers/export.ts'
import { importFile } from '../../../src/cli/subscribers/import.ts'
import { DEFAULT_PREFERENCES, type Preferences } from '../../../src/domain/subscriber.ts'
import { countAdditions } from '../../../src/ledger/subscribers/insert.ts'
import { countStopping, stopAddresses } from '../../../src/ledger/subscribers/stopped.ts'
import { addSubscribers, suppress } from '../../../src/ledger/subscribers/subscribers.ts'
import { readLines } from '../../../src/subscriptions/csv/lines.ts'
import { createLineReader } from '../../../src/subscriptions/csv/subscriber-line.ts'
import { type ImportCounts, importLines } from '../../../src/subscriptions/import.ts'
import type { NewSubscriber } from '../../../src/subscriptions/new-subscriber.ts'
import { addSubscribersFor } from '../../support/app.ts'
import { commandContext } from '../../support/command.ts'
import { IMPORTED_AT, openImports } from '../../support/imports.ts'

const { app, place, dir, empty } = await openImports()

const fileOf = (...lines: readonly string[]) => {
  const path = join(dir, 'readers.csv')
  writeFileSync(path, lines.join('\n'))
  return path
}

/** Returns the result of importing these addresses in batches of two, as a dry run or for real. */
async function enrolAll(
  addresses: readonly string[],
  trial: boolean,
): Promise<{ tally: ImportCounts; repeated: number[] }> {
  const text = ['email,consent', ...addresses.map((address) => `${address},form`)].join('\n')
  const chunks = async function* () {
    yield Buffer.from(text)
  }
  const { db, tokens } = app.ledger
  const order = { note: null, state: 'active', at: IMPORTED_AT, hashAddress: tokens.hashAddress } as const
  const repeated: number[] = []
  const { stopped, ...tally } = await importLines({
    stopAll: (all) => (trial ? countStopping(db, all) : stopAddresses(db, all, IMPORTED_AT)),
    lines: readLines(chunks(), { file: 'readers.csv', noteHint: null }),
    read: createLineReader(order),
    trial,
    write: (subscribers) => (trial ? countAdditions(db, subscribers) : addSubscribers(db, subscribers, IMPORTED_AT)),
    batchRows: 2,
    onFault: () => {},
    onRepeated: ({ number }) => void repeated.push(number),
    onProgress: () => {},
    stop: () => false,
  })
  expect(stopped).toBe(false)
  return { tally, repeated }
}

const people = ['ada', 'ben', 'cleo', 'dora', 'emil'].map((name) => `${name}@example.org`)

describe('a trial of an import', () => {
  it('foretells what the import then does, whatever is in the file and on the list, and changes nothing', async () => {
    const address = fc.constantFrom(...people, 'ADA@example.org', 'nobody', 'ben@', '')
    await fc.assert(
      fc.asyncProperty(
        fc.array(address, { minLength: 1, maxLength: 12 }),
        fc.subarray(people),
        fc.subarray(people, { maxLength: 2 }),
        async (lines, known, suppressed) => {
          await empty()
          await addSubscribersFor(
            app,
            known.map((email) => ({ email })),
          )
          for (const email of suppressed)
            await suppress(app.ledger.db, app.ledger.tokens.hashAddress(email), 'complaint', IMPORTED_AT)
          const list = async () => (await app.ledger.pool.query('select * from subscribers order by id')).rows
          const before = await list()
          const foretold = await enrolAll(['first@example.org', ...lines], true)
          expect(await list()).toEqual(before)
          const done = await enrolAll(['first@example.org', ...lines], false)
          expect(foretold).toEqual(done)
          const { lines: all, ended, ...parts } = done.tally
          expect(Object.values(parts).reduce((sum, count) => sum + count, 0)).toBe(all)
          expect((await list()).length - before.length).toBe(done.tally.added)
        },
      ),
      { numRuns: 20 },
    )
  }, 300_000)

  it('says the same of each line, exits as the import would, and leaves neither reader nor file behind', async () => {
    const file = fileOf('email,interests,consent', 'ada@example.org,,form', 'not one,,form', 'ADA@example.org,,form')
    const trial = commandContext(place, () => IMPORTED_AT)
    expect(await importFile(file, { dryRun: true }, trial)).toBe(1)
    expect(trial.said.slice(-4)).toEqual([
      '1 would be added, 0 known already, 1 twice in the file, 0 suppressed, 1 bad lines.',
      'line 3: not one: the address holds a blank',
      'line 4: ADA@example.org: the file has this address on an earlier line, which counts',
      'This was a trial: nothing was written.',
    ])
    expect(() => readFileSync(`${file}.rejected.csv`)).toThrow(/ENOENT/)
    expect((await app.ledger.pool.query('select from subscribers')).rowCount).toBe(0)
    const done = commandContext(place, () => IMPORTED_AT)
    expect(await importFile(file, {}, done)).toBe(1)
    expect(done.said.slice(1, 3)).toEqual(trial.said.slice(-3, -1))
    expect(readFileSync(`${file}.rejected.csv`, 'utf8')).toMatch(/\n3,not one,.*,form,,the address holds a blank\n$/)
  })
})

describe('a list', () => {
  it('comes back from a file as it went there', async () => {
    const odd = ['a;b', 'c|d', 'e\\', '\\;f', '=cmd', "'@x", '"quoted"', 'say "hi", then', '-1', 'graphs']
    await addSubscribersFor(app, [
      { email: 'ada@example.org', interests: odd, mutedTerms: ['x;y', '@home'], authors: ['King, Jr.', 'A|B'] },
      {
        email: '=ben@example.org',
        frequency: 'weekly',
        weekday: 3,
        timezone: 'Asia/Kolkata',
        deliveryHour: 21,
        featuredCount: 4,
      },
      { email: "'+cleo@example.org", weekdays: [1, 3, 7], format: 'titles', includeOtherTitles: false },
    ])
    await app.ledger.pool.query(
      'update subscribers set consent = jsonb_set(consent, \'{note}\', \'"=1+1, \\"form\\""\')',
    )
    const columns =
      "email, state, interests, muted_terms, authors, frequency, timezone, delivery_hour, weekday, weekdays, featured_count, format, title_links, include_other_titles, consent->>'note' as note"
    const list = async () => (await app.ledger.pool.query(`select ${columns} from subscribers order by id`)).rows
    const before = await list()
    const file = join(dir, 'list.csv')
    const context = commandContext(place, () => IMPORTED_AT)
    expect(await exportSubscribers(file, {}, context)).toBe(0)
    expect(context.said.splice(0)).toEqual([`3 subscribers written to ${file}. Only you may read it.`])
    await empty()
    expect(await importFile(file, {}, context)).toBe(0)
    expect(context.said).toEqual(['3 added, 0 known already, 0 twice in the file, 0 suppressed, 0 bad lines.'])
    expect(await list()).toEqual(before)
    // No cell, and where cells are parted by semicolons no part of one, begins like a formula.
    for (const cell of readFileSync(file, 'utf8').split(/[,;\n]/)) expect(cell).not.toMatch(/^"?[=+@-]/)
  })
})

describe('a batch', () => {
  const newSubscriber = (email: string, preferences: Preferences): NewSubscriber => ({
    email,
    emailKey: email,
    addressHash: app.ledger.tokens.hashAddress(email),
    state: 'active',
    preferences,
    consent: { by: 'operator', note: `form of "${email}" \\`, at: IMPORTED_AT.toISOString() },
  })

  it('is one statement, keeps the order of the list, and gives each subscriber their own preferences', async () => {
    const topics = ['agents', 'graphs', 'a "quoted" \\ one', ''].map((topic, index) => ({
      ...DEFAULT_PREFERENCES,
      interests: topic === '' ? [] : [topic, 'all'],
      timezone: index % 2 === 0 ? 'Asia/Singapore' : 'America/New_York',
      weekdays: [index + 1],
    }))
    const subscribers = Array.from({ length: 40 }, (_, index) =>
      newSubscriber(`reader${(index * 7) % 40}@example.org`, topics[(index * 3) % 4] ?? DEFAULT_PREFERENCES),
    )
    let statements = 0
    const counting = app.ledger.db.withPlugin({
      transformQuery: ({ node }) => {
        statements += 1
        return node
      },
      transformResult: async ({ result }) => result,
    })
    const results = await addSubscribers(counting, subscribers, new Date('2026-11-24T20:00:00Z'))
    expect(results.every(({ kind }) => kind === 'added')).toBe(true)
    expect(statements).toBe(1)
    const { rows } = await app.ledger.pool.query(
      "select email, interests, timezone, weekdays, eligible_from, consent->>'note' as note from subscribers order by id",
    )
    expect(rows).toEqual(
      subscribers.map(({ email, preferences: { interests, timezone, weekdays }, consent: { note } }) => {
        const eligible_from = timezone === 'Asia/Singapore' ? '2026-11-25' : '2026-11-24'
        return { email, interests, timezone, weekdays, eligible_from, note }
      }),
    )
  })

  it('counts an address that it has twice once, also in the same object', async () => {
    const ada = newSubscriber('ada@example.org', DEFAULT_PREFERENCES)
    const results = await addSubscribers(app.ledger.db, [ada, ada, { ...ada }], IMPORTED_AT)
    expect(results.map(({ kind }) => kind)).toEqual(['added', 'known', 'known'])
  })
})

it('an import needs no queue, unless it asks for confirmations', async () => {
  const config = { ...place.config, redisUrl: 'redis://127.0.0.1:1/0' }
  const context = commandContext({ ...place, config }, () => IMPORTED_AT)
  expect(await importFile(fileOf('email', 'ada@example.org'), { consentNote: 'form' }, context)).toBe(0)
  expect(context.said).toEqual(['1 added, 0 known already, 0 twice in the file, 0 suppressed, 0 bad lines.'])
})
