import { describe, expect, it } from '@jest/globals'
import { describePublish } from '../../src/cli/output/words.ts'
import { type Day, day } from '../../src/domain/day.ts'
import type { RequestedDay } from '../../src/pipeline/collect/late-papers.ts'
import {
  type AwaitedList,
  type EditionDraft,
  type PublishDeps,
  type PublishResult,
  publish,
} from '../../src/pipeline/publish.ts'
import { explainLate, explainRank } from '../../src/ranking/explain.ts'
import { rankByVotes } from '../../src/ranking/trending.ts'
import { mergeListings } from '../../src/sources/merge.ts'
import type { Source, SourceAnswer } from '../../src/sources/source.ts'
import { paperOf } from '../support/papers.ts'

const DAY = day('2026-11-24')
const NOW = new Date('2026-11-24T08:45:00Z')
const source = (name: Source['name'], answer: SourceAnswer): Source => ({ name, read: async () => answer })
const listed = (votes: Record<string, number | null>, observedAt = NOW): SourceAnswer => ({
  kind: 'listed',
  observedAt,
  dropped: { count: 1, reasons: ['item 4: title is missing'] },
  listings: Object.entries(votes).map(([id, upvotes]) => ({
    paper: paperOf(id),
    signals: { upvotes, comments: null, stars: null },
  })),
})

interface Published {
  readonly result: PublishResult
  readonly saved: EditionDraft[]
  readonly awaited: AwaitedList[]
}

async function publishWith(sources: readonly Source[], over: Partial<PublishDeps> = {}): Promise<Published> {
  const saved: EditionDraft[] = []
  const awaited: AwaitedList[] = []
  const result = await publish(DAY, {
    sources,
    merge: mergeListings,
    rank: rankByVotes,
    explain: explainRank,
    explainLate,
    readRequestedDays: async () => [],
    readFirstSignals: async () => new Map(),
    readKnown: async () => new Set(),
    readLeftOut: async () => new Set(),
    clock: () => NOW,
    save: async (draft) => {
      saved.push(draft)
      return { kind: 'saved', revision: 1 }
    },
    saveAwaitedLists: async (list) => {
      awaited.push(list)
    },
    ...over,
  })
  return { result, saved, awaited }
}

const publishFrom = (...sources: Source[]) => publishWith(sources)

describe('publishing', () => {
  it('ranks what all sources listed, once each, and tells when the votes were read', async () => {
    const early = new Date('2026-11-24T08:00:00Z')
    const { saved } = await publishFrom(
      source('huggingface', listed({ '2611.00001': 3, '2611.00002': 9 }, early)),
      source('arxiv', listed({ '2611.00002': null, '2611.00003': null })),
    )
    expect(saved[0]?.entries.map((entry) => [entry.rank, entry.paper.id, entry.signals.upvotes])).toEqual([
      [1, '2611.00002', 9],
      [2, '2611.00001', 3],
      [3, '2611.00003', null],
    ])
    expect(saved[0]).toMatchObject({ state: 'published', incomplete: null, votesAt: NOW })
    expect(saved[0]?.reports.map((report) => [report.papers, report.dropped, report.reasons])).toEqual([
      [2, 1, ['item 4: title is missing']],
      [2, 1, ['item 4: title is missing']],
    ])
  })

  it('makes an edition of what is there when one source is down, and says that it is incomplete', async () => {
    const { result, saved } = await publishFrom(
      source('huggingface', { kind: 'failed', reason: 'HTTP 503' }),
      source('arxiv', listed({ '2611.00003': null })),
    )
    expect(result).toMatchObject({
      kind: 'published',
      papers: 1,
      incomplete: expect.stringMatching(/huggingface did not answer/),
    })
    expect(saved[0]?.incomplete).toMatch(/papers may be missing/)
  })

  it('fails when no source answers, with every reason, and is to be tried again', async () => {
    const { result, saved } = await publishFrom(
      source('huggingface', { kind: 'failed', reason: 'HTTP 503' }),
      source('arxiv', { kind: 'failed', reason: 'timed out' }),
    )
    expect(result).toMatchObject({ kind: 'failed', reason: 'huggingface: HTTP 503; arxiv: timed out' })
    expect(saved[0]).toMatchObject({ state: 'failed', entries: [] })
  })

  it('records a weekend as a day without papers, and no trace of a list that is not open yet', async () => {
    const weekend = await publishFrom(source('huggingface', { kind: 'empty', reason: 'weekend' }))
    expect([weekend.result.kind, weekend.saved[0]?.reason]).toEqual(['empty', 'weekend'])
    const early = await publishFrom(source('huggingface', { kind: 'empty', reason: 'not-open' }))
    expect([early.result.kind, early.saved]).toEqual(['not-open', []])
    expect(early.awaited).toEqual([
      { day: DAY, askedAt: NOW, sources: ['huggingface'], reason: 'huggingface: no list yet' },
    ])
  })

  it('tells a source that is down from an edition that has gone out, when the edition stands as it was', async () => {
    const kept = async (answer: SourceAnswer) =>
      describePublish(
        DAY,
        (await publishWith([source('huggingface', answer)], { save: async () => ({ kind: 'kept' }) })).result,
      )
    expect(await kept({ kind: 'failed', reason: 'HTTP 503' })).toEqual([
      'Edition 2026-11-24 stands as it was: this time no papers came (huggingface: HTTP 503).',
      'Run it again when the source is back, if it should be newer.',
    ])
    expect(await kept({ kind: 'empty', reason: 'holiday' })).toHaveLength(1)
    expect(await kept(listed({ '2611.00001': 3 }))).toEqual([
      'Edition 2026-11-24 has gone out already, or an operator has edited or approved it: it stands as it is.',
    ])
  })
})

describe('what comes to a list after the morning', () => {
  const MONDAY = day('2026-11-23')
  const lists: Record<string, SourceAnswer> = {
    [DAY]: listed({ '2611.00001': 3 }),
    [MONDAY]: listed({ '2611.00007': 58, '2611.00008': 41, '2611.00001': 2 }),
  }
  const keeping = (answers: Record<string, SourceAnswer>, name: Source['name'] = 'huggingface'): Source => ({
    name,
    keepsLists: name === 'huggingface',
    read: async (of) => answers[of] ?? { kind: 'failed', reason: 'nobody asked for that day' },
  })
  const asked = (source: Source, of = MONDAY, hasPapers = true): RequestedDay => ({
    day: of,
    hasPapers,
    hasVotes: hasPapers,
    sources: [source.name],
  })
  const publishAgain = async (source: Source, days: readonly RequestedDay[] = [asked(source)]) => {
    const { saved } = await publishWith([source], {
      readRequestedDays: async () => days,
      readKnown: async () => new Set(['2611.00008']),
    })
    return saved[0]
  }

  it('joins the next edition with its votes of now, and known papers only have theirs read again', async () => {
    const draft = await publishAgain(keeping(lists))
    expect(draft?.entries.map(({ paper, listedOn, why }) => [paper.id, listedOn, why])).toEqual([
      ['2611.00007', MONDAY, '58 votes, came late to yesterday’s list'],
      ['2611.00001', undefined, '3 votes, 2nd of the day’s 2'],
    ])
    expect(draft?.refreshed).toEqual([{ paperId: '2611.00008', signals: { upvotes: 41, comments: null, stars: null } }])
  })

  it('joins it, too, where the whole list came after its day, and where its source was down all day', async () => {
    const FRIDAY = day('2026-11-20')
    const source = keeping({ ...lists, [FRIDAY]: listed({ '2611.00006': 8 }) })
    const draft = await publishAgain(source, [
      asked(source, MONDAY, false),
      asked(source, day('2026-11-22'), false),
      asked(source, FRIDAY),
    ])
    expect(draft?.entries.map(({ paper, listedOn }) => [paper.id, listedOn])).toEqual([
      ['2611.00007', MONDAY],
      ['2611.00006', FRIDAY],
      ['2611.00001', undefined],
    ])
  })

  it('is not taken for late where its source was not asked on that day, as in a new installation', async () => {
    const source = keeping(lists)
    const other = { ...asked(source), sources: ['file'] }
    for (const days of [[], [other]])
      expect((await publishAgain(source, days))?.entries.map(({ paper }) => paper.id)).toEqual(['2611.00001'])
  })

  it('costs the edition nothing when the earlier list cannot be read, or its source keeps none', async () => {
    const alone = [['2611.00001', '3 votes, the day’s only paper']]
    for (const source of [keeping({ [DAY]: lists[DAY] as SourceAnswer }), keeping(lists, 'file')]) {
      const draft = await publishAgain(source)
      expect(draft?.entries.map(({ paper, why }) => [paper.id, why])).toEqual(alone)
      expect(draft?.incomplete).toBeNull()
    }
  })
})

describe('a source whose papers are announced once', () => {
  const FRIDAY = day('2026-11-20')
  const days: RequestedDay[] = [
    { day: day('2026-11-23'), hasPapers: true, hasVotes: false, sources: ['arxiv'] },
    { day: FRIDAY, hasPapers: true, hasVotes: false, sources: ['arxiv'] },
  ]
  const announced = (ids: readonly string[], earlier: Record<string, Day> = {}): Source => {
    const plain = (id: string) => ({ paper: paperOf(id), signals: { upvotes: null, comments: null, stars: null } })
    return {
      name: 'arxiv',
      listsOnce: true,
      read: async (_day, since) => ({
        kind: 'listed',
        observedAt: NOW,
        dropped: { count: 0, reasons: [] },
        listings: ids.map(plain),
        earlier: Object.entries(earlier)
          .filter(([, on]) => since !== undefined && on >= since)
          .map(([id, listedOn]) => ({ ...plain(id), listedOn })),
        leftOut: [{ why: 'withdrawn', papers: 2 }],
      }),
    }
  }
  const ids = (from: number, count: number) =>
    Array.from({ length: count }, (_, n) => `2611.${String(from + n).padStart(5, '0')}`)
  const over = (known: readonly string[], before: readonly string[] = []) => ({
    readRequestedDays: async () => days,
    readKnown: async (asked: readonly string[]) => new Set(asked.filter((id) => known.includes(id))),
    readLeftOut: async (asked: readonly string[]) => new Set(asked.filter((id) => before.includes(id))),
  })

  it('brings what came late since, and nothing that an earlier edition held, and says how many', async () => {
    const source = announced(['2611.00001', '2611.00002'], {
      '2611.00003': FRIDAY,
      '2611.00004': FRIDAY,
      '2610.00001': day('2026-11-12'), // Longer ago than the source was asked.
    })
    const { saved, result } = await publishWith([source], over(['2611.00002', '2611.00004']))
    expect(saved[0]?.entries.map(({ paper, listedOn }) => [paper.id, listedOn]).sort()).toEqual([
      ['2611.00001', undefined],
      ['2611.00003', FRIDAY],
    ])
    expect(saved[0]?.refreshed).toEqual([])
    expect(describePublish(DAY, result)).toEqual([
      'Edition 2026-11-24: 2 papers.',
      'arxiv: 4 found, 2 in the edition, 1 of them from earlier lists, to which they came late',
      '  left out: 2 withdrawn, 1 in another edition',
    ])
  })

  it('tells the categories of a paper that another source lists days later', async () => {
    const arxiv = announced([], { '2611.00001': FRIDAY })
    const withCategories: Source = {
      ...arxiv,
      read: async (of, since) => {
        const answer = await arxiv.read(of, since)
        if (answer.kind !== 'listed') return answer
        return {
          ...answer,
          earlier: (answer.earlier ?? []).map((each) => ({ ...each, paper: { ...each.paper, categories: ['cs.CL'] } })),
        }
      },
    }
    const bare = { ...paperOf('2611.00001'), categories: [] }
    const signals = { upvotes: 3, comments: null, stars: null }
    const huggingface = source('huggingface', { ...listed({}), listings: [{ paper: bare, signals }] } as SourceAnswer)
    const { saved } = await publishWith([huggingface, withCategories], over(['2611.00001']))
    expect(saved[0]?.entries.map(({ paper, signals: { upvotes } }) => [paper.categories, upvotes])).toEqual([
      [['cs.CL'], 3],
    ])
  })

  it('gives the room of an edition to new papers, and what is left of it to those that did not fit before', async () => {
    const old = ids(1, 150)
    const earlier = Object.fromEntries(old.map((id) => [id, FRIDAY]))
    const few = await publishWith([announced(ids(1_000, 120), earlier)], over([], old))
    expect(few.saved[0]?.entries).toHaveLength(200)
    expect(few.saved[0]?.entries.filter(({ paper }) => paper.id > '2611.00999')).toHaveLength(120)
    expect(few.saved[0]?.entries.filter(({ listedOn }) => listedOn !== undefined)).toEqual([])
    const many = await publishWith([announced(ids(1_000, 230), earlier)], over([], old))
    expect(many.saved[0]?.entries.every(({ paper }) => paper.id > '2611.00999')).toBe(true)
    expect(many.saved[0]?.leftOut).toHaveLength(30)
    expect(describePublish(DAY, many.result)).toContain('  left out: 2 withdrawn, 180 more than an edition holds (200)')
  })
})

describe('an edition that is not whole', () => {
  const MONDAY_ASKED: RequestedDay = {
    day: day('2026-11-23'),
    hasPapers: true,
    hasVotes: true,
    sources: ['huggingface', 'arxiv'],
  }
  const voteless = (votes: number | null) =>
    listed(Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`2611.0000${n}`, votes])))

  it('says which source has no list yet, and which gave a part only', async () => {
    const half = { ...listed({ '2611.00001': 3 }), missing: 'arXiv counts 700 papers and gave 500' } as SourceAnswer
    const { saved } = await publishFrom(
      source('huggingface', { kind: 'empty', reason: 'not-open' }),
      source('arxiv', half),
    )
    expect(saved[0]?.incomplete).toBe(
      'Incomplete: arxiv gave a part of its list only, huggingface had no list yet, so papers may be missing.',
    )
  })

  it.each([
    ['whose votes are gone', null, MONDAY_ASKED, true],
    ['whose votes are all 0', 0, MONDAY_ASKED, true],
    ['with votes', 1, MONDAY_ASKED, false],
    ['without votes, whose last list had none either', null, { ...MONDAY_ASKED, hasVotes: false }, false],
    ['without votes, whose last list is of another source', null, { ...MONDAY_ASKED, sources: ['file'] }, false],
  ] as const)('of a list %s (%p)', async (_, votes, asked, isMissing) => {
    const { saved } = await publishWith([source('huggingface', voteless(votes))], {
      readRequestedDays: async () => [asked],
    })
    expect([saved[0]?.state, saved[0]?.reports[0]?.votesMissing ?? false]).toEqual(['published', isMissing])
    expect(saved[0]?.incomplete ?? '').toMatch(isMissing ? /votes of huggingface could not be read/ : /^$/)
  })
})
