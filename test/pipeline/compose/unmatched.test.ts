import { describe, expect, it } from '@jest/globals'
import type { Day } from '../../../src/domain/day.ts'
import type { Edition } from '../../../src/domain/edition.ts'
import { DEFAULT_PREFERENCES } from '../../../src/domain/subscriber.ts'
import { readSelection, selectionText } from '../../../src/ledger/deliveries/selection-text.ts'
import { createComposer } from '../../../src/pipeline/compose/compose.ts'
import { isUnmatchedDay } from '../../../src/pipeline/compose/unmatched.ts'
import { compileDigest } from '../../../src/rendering/digest/compile.ts'
import { viewModelOf } from '../../../src/rendering/digest/view-model.ts'
import { testIdentity } from '../../preview/bench.ts'
import { paperOf } from '../../support/papers.ts'

const MONDAY = '2026-12-07' as Day

const paper = (at: number) =>
  paperOf(`2611.${10_000 + at}`, { title: `Sparse retrieval of owls, part ${at}`, keywords: ['sparse retrieval'] })

function editionOf(day: Day): Edition {
  const signals = { upvotes: 3, comments: null, stars: null }
  const at = new Date(`${day}T08:40:00Z`)
  const entries = [{ rank: 1, score: 3, why: '3 votes', paper: paper(1), signals }]
  const none = { state: 'published', reason: null, incomplete: null, reports: [], sending: 'running' } as const
  return { ...none, day, revision: 1, votesAt: at, publishedAt: at, dispatchedAt: null, entries }
}

/** Returns the text of a digest, as it is composed first and as it is repeated from its frozen row without an archive. */
async function digestOf(
  day: Day,
  interests: readonly string[],
  { period = day as string, oldest = '2026-11-08' } = {},
) {
  const open = (withArchive: boolean) =>
    createComposer({
      ...testIdentity(),
      editions: {
        readEdition: async (on) => (on === day ? editionOf(day) : null),
        readCandidateDays: async () => [day],
        readSignals: async () => new Map(),
        readFirstSignals: async () => new Map(),
        readDuplicateIds: async () => new Map(),
        readEarlierDays: async () => new Map(),
        readLexicon: async () => null,
        readStarGrowth: async () => new Map(),
      },
      ...(withArchive && {
        recentPapers: {
          readRecentPapers: async () => [2, 3, 4].map((at) => ({ paper: paper(at), firstDay: oldest as Day })),
        },
      }),
      compile: (input) => compileDigest(viewModelOf(input), 'mjml'),
      template: 'test',
    }).open(day, true)
  const first = await open(true)
  const reader = {
    ...DEFAULT_PREFERENCES,
    interests,
    email: 'ada@example.org',
    state: 'active',
    suppressed: false,
  } as const
  const ids = { deliveryId: '1', subscriberId: '1' }
  const [made] = first.decide([{ ...ids, period, catchUpFrom: null, subscriber: reader, alreadySent: [] }])
  if (made?.kind !== 'send') throw new Error('nothing was sent')
  const selection = readSelection(selectionText(made.selection, made.paperIds), made.paperIds)
  const item = { ...made, ...ids, selection, deferrals: 0 }
  const again = (await open(false)).digest(item, testIdentity().keyId)
  expect(first.digest(item, testIdentity().keyId).html).toBe(again.html)
  return again.text.replace(/\s+/g, ' ')
}

describe('an interest that matched nothing in a month', () => {
  const ALL = ['sparce retreival', 'zymurgy', 'owls', 'author:"Grace Hopper"']

  it('is named at the end of a digest, with what does match, and again when the digest is repeated', async () => {
    expect(await digestOf(MONDAY, ALL)).toContain(
      'In the last 30 days no paper matched “sparce retreival” (perhaps “sparse retrieval”) or “zymurgy”.',
    )
    const many = ['ab', 'bc', 'cd', 'de', 'ef'].map((each) => `${each}xyz`)
    expect(await digestOf(MONDAY, many)).toContain('“abxyz”, “bcxyz”, “cdxyz” or 2 more of your interests.')
  })

  it('is named once a month', async () => {
    for (const day of ['2026-12-08', '2026-12-14'] as Day[])
      expect(await digestOf(day, ALL)).not.toContain('no paper matched')
    expect(await digestOf('2026-12-03' as Day, ALL, { period: '2026-W49' })).toContain('no paper matched')
    const days = Array.from({ length: 365 }, (_, at) => new Date(Date.UTC(2026, 0, 1 + at)).toISOString().slice(0, 10))
    expect(days.filter((day) => isUnmatchedDay(day as Day, 'daily'))).toHaveLength(12)
    for (const start of [0, 1, 2, 3, 4, 5, 6])
      expect(days.filter((day, at) => at % 7 === start && isUnmatchedDay(day as Day, 'weekly'))).toHaveLength(12)
  })

  it('is not named when all match, or when the archive is younger than three weeks', async () => {
    expect(await digestOf(MONDAY, ['owls'])).not.toContain('no paper matched')
    expect(await digestOf(MONDAY, ALL, { oldest: '2026-11-25' })).not.toContain('no paper matched')
  })
})
