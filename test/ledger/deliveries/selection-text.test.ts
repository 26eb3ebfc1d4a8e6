import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Selection } from '../../../src/domain/parcel.ts'
import type { ShortForm } from '../../../src/domain/subscriber.ts'
import { readSelection, selectionText } from '../../../src/ledger/deliveries/selection-text.ts'

const PAPERS = ['2603.07660', '2603.10211', 'cs/0101001', 'a-slug', '12']
const INTERESTS = ['sparse retrieval', 'agents', '"quoted" \\ text', '中文', '']

const about = <T>(value: fc.Arbitrary<T>) =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom(...PAPERS, 'not in the digest'), value), { selector: ([id]) => id })
    .map((entries) => Object.fromEntries(entries))
const text = fc.oneof(fc.constantFrom(...INTERESTS), fc.string())
const words = about(fc.array(text, { maxLength: 3 }))

/** A field that is missing here does not compile, so that none is lost between the claim and a repeat. */
const FIELDS: { readonly [K in keyof Required<Selection>]: fc.Arbitrary<Required<Selection>[K]> } = {
  frequency: fc.constantFrom('daily', 'weekly'),
  interests: fc.array(text, { maxLength: 5 }),
  featured: fc.nat({ max: 30 }),
  form: fc.constantFrom<ShortForm[]>('skim', 'sentences', 'summaries'),
  titles: fc.constant('arxiv'),
  left: fc.integer({ min: 1, max: 99 }),
  following: fc.constant(true),
  byVotes: fc.constant(true),
  pictures: fc.constant(true),
  matches: about(text),
  mentions: fc.uniqueArray(fc.constantFrom(...PAPERS, 'not in the digest')),
  synonyms: about(text),
  follows: about(text),
  learned: words,
  near: words,
  span: fc.constantFrom('day', 'week'),
  catchUp: fc.boolean(),
  linkGeneration: fc.nat({ max: 9 }),
  unmatched: fc.record({
    days: fc.integer({ min: 1, max: 30 }),
    named: fc.array(fc.record({ typed: text, nearest: fc.array(text, { maxLength: 2 }) }), {
      minLength: 1,
      maxLength: 3,
    }),
    others: fc.nat({ max: 20 }),
  }),
}

const selection = fc.record(FIELDS, {
  requiredKeys: ['frequency', 'interests', 'featured', 'matches', 'follows', 'span', 'catchUp'],
})

describe('a stored selection', () => {
  it('is read as it was frozen, so that a repeat has the same bytes', () => {
    fc.assert(
      fc.property(selection, fc.shuffledSubarray(PAPERS), (frozen, papers) => {
        expect(readSelection(selectionText(frozen, papers), papers)).toEqual(frozen)
      }),
    )
  })

  it('names no paper of the digest, and each interest once', () => {
    const stored = selectionText(
      {
        frequency: 'daily',
        interests: ['sparse retrieval'],
        featured: 10,
        matches: { '2603.07660': 'sparse retrieval', '2603.10211': 'sparse retrieval' },
        follows: {},
        span: 'day',
        catchUp: false,
      },
      ['2603.10211', '2603.07660'],
    )
    expect(stored).toBe('{"n":10,"i":["sparse retrieval"],"m":[1,0,0,0]}')
  })
})
