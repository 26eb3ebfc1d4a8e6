import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { CsvRow } from '../../../src/subscriptions/csv/columns.ts'
import { createLineReader, type LineReading } from '../../../src/subscriptions/csv/subscriber-line.ts'

const lineReader = () =>
  createLineReader({
    note: 'form',
    state: 'active',
    at: new Date('2026-11-24T06:00:00Z'),
    hashAddress: (key) => key,
  })

const read = lineReader()

const wishesOf = (row: CsvRow) => {
  const reading = read({ email: 'ada@example.org', ...row })
  if (reading.kind === 'bad') return reading.reason
  return reading.kind === 'add' ? reading.subscriber.preferences : reading
}

const emailOf = (email: string) => {
  const reading: LineReading = read({ email })
  return reading.kind === 'add' ? reading.subscriber.email : reading.kind === 'bad' ? reading.reason : reading.kind
}

describe('the cell of an address', () => {
  it.each([
    'ada@example.org',
    'mailto:ada@example.org',
    'MAILTO:ada@example.org?subject=hello',
    'Ada Brook <ada@example.org>',
    '"Brook, Ada" <ada@example.org>',
    '<ada@example.org>',
    '<mailto:ada@example.org>',
    'ada@example.org;',
    'ada@example.org, ',
    "'ada@example.org'",
    '\u00a0ada@example.org\u200b',
    '\ufeff\u202aada@example.org\u202c',
  ])('%j is ada@example.org', (cell) => {
    expect(emailOf(cell)).toBe('ada@example.org')
  })

  it.each([
    ['ada@example.org; ben@example.org', 'the address must be a single one, without commas or semicolons'],
    ['Ada <ada@example.org>, Ben <ben@example.org>', 'the address must be a single one, without commas or semicolons'],
    [
      'ben@example.net <ada@example.org>',
      'the address must be plain, such as name@example.org, without a name or comment',
    ],
    ['ada@exa\u200bmple.org', 'the address holds a control character'],
    ['mailto:', 'the address has no @'],
    ['', 'the address is empty'],
  ])('rejects %j: %s', (cell, reason) => {
    expect(emailOf(cell)).toBe(reason)
  })
})

describe('the cell of an hour', () => {
  it.each([
    ['7', 7],
    ['07', 7],
    ['07:00', 7],
    ['7:00:00', 7],
    ['7.00', 7],
    ['7 AM', 7],
    ['7:00 am', 7],
    ['7pm', 19],
    ['12 a.m.', 0],
    ['12 PM', 12],
    ['19h', 19],
    ['0.2916667', 7],
    ['0,5', '0,5'],
    ['0.75', 18],
    ['7:30', '7:30'],
    ['13 PM', '13 PM'],
    ['24:00', '24'],
    ['0.3', '0.3'],
  ])('%j is %j', (hour, expected) => {
    const wishes = wishesOf({ hour })
    if (typeof expected === 'number') expect(wishes).toMatchObject({ deliveryHour: expected })
    else expect(wishes).toBe(`hour “${expected}” is not a whole number from 0 to 23.`)
  })
})

describe('the cells of days', () => {
  it.each<[CsvRow, object | RegExp]>([
    [{ frequency: 'Daily' }, { frequency: 'daily' }],
    [{ frequency: ' DAILY ' }, { frequency: 'daily' }],
    [{ frequency: 'Weekly digest' }, { frequency: 'weekly', weekday: 1 }],
    [
      { frequency: 'every week', weekday: 'fri' },
      { frequency: 'weekly', weekday: 5 },
    ],
    [{ frequency: 'Wednesday' }, { frequency: 'weekly', weekday: 3 }],
    [
      { frequency: 'Every Monday', weekday: '1' },
      { frequency: 'weekly', weekday: 1 },
    ],
    [{ frequency: 'Monday', weekday: 'Tuesday' }, /frequency “Monday” and weekday “Tuesday” are different days/],
    [{ weekday: 'Sunday' }, { weekday: 7 }],
    [{ weekdays: 'Mon, Wed;fridays' }, { weekdays: [1, 3, 5] }],
    [{ weekdays: '1,2' }, { weekdays: [1, 2] }],
    [{ weekday: 'S' }, /weekday “S” is not a whole number from 1 to 7/],
    [{ frequency: '3' }, /frequency “3” is not known: use daily or weekly/],
    [{ frequency: 'hourly' }, /frequency “hourly” is not known/],
    [
      { format: 'Titles', rest: 'No' },
      { format: 'titles', includeOtherTitles: false },
    ],
    [{ timezone: 'W. Europe Standard Time' }, /“W\. Europe Standard Time” is a Windows name: use an IANA name/],
    [{ timezone: 'Berlin' }, /time zone “Berlin” is not known/],
  ])('%j', (row, expected) => {
    const wishes = wishesOf(row)
    if (expected instanceof RegExp) expect(wishes).toMatch(expected)
    else expect(wishes).toMatchObject(expected)
  })
})

describe('the cell of a state', () => {
  it.each([
    ['active', 'add'],
    ['Subscribed', 'add'],
    ['', 'add'],
    ['pending', 'skip'],
    ['unsubscribed (Mailchimp: unsubscribed 2024-01-01 (by hand))', 'stop'],
    ['Bounced', 'stop'],
    ['paused', 'bad'],
    ['inactive', 'bad'],
    ['constructor', 'bad'],
    ['active (', 'bad'],
  ])('%j: %s', (state, kind) => {
    expect(read({ email: 'ada@example.org', state }).kind).toBe(kind)
  })

  it('keeps its note without the addresses in it', () => {
    expect(read({ email: 'ada@example.org', state: 'complained (mail ben@example.org (now))' })).toMatchObject({
      stopped: { suppression: 'complained', note: 'imported: mail (address) (now)' },
    })
  })
})

it('rows that differ in one cell never share their preferences', () => {
  const phrases = fc.option(fc.array(fc.constantFrom('a', 'b', '1:a', ';', '0', '-', '2;'), { maxLength: 3 }), {
    nil: undefined,
  })
  const cell = fc.constantFrom(undefined, '', '1', '0:', '1:7', '7', '-')
  const row = fc.record({
    interests: phrases,
    muted: phrases,
    authors: phrases,
    hour: cell,
    weekday: cell,
    length: cell,
  })
  fc.assert(
    fc.property(fc.array(row, { minLength: 2, maxLength: 20 }), (rows) => {
      const fresh = rows.map((each) => lineReader()({ email: 'ada@example.org', ...each } as CsvRow))
      const shared = lineReader()
      expect(rows.map((each) => shared({ email: 'ada@example.org', ...each } as CsvRow))).toEqual(fresh)
    }),
    {
      examples: [
        [
          [
            { interests: ['a', 'b'], muted: [], authors: [], hour: '7', weekday: undefined, length: undefined },
            { interests: ['a'], muted: ['b'], authors: [], hour: '7', weekday: undefined, length: undefined },
          ],
        ],
      ],
    },
  )
})
