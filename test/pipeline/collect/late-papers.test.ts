import { describe, expect, it } from '@jest/globals'
import { describePublish } from '../../../src/cli/output/words.ts'
import { type Day, day } from '../../../src/domain/day.ts'
import type { RequestedDay } from '../../../src/pipeline/collect/late-papers.ts'
import type { Source, SourceAnswer } from '../../../src/sources/source.ts'
import { paperOf } from '../../support/papers.ts'
import { aList, aSource, DAY, NOW, publishWith } from '../../support/pipeline/publishing.ts'

describe('a paper that comes to a list after the morning', () => {
  const MONDAY = day('2026-11-23')
  const lists: Record<string, SourceAnswer> = {
    [DAY]: aList({ '2611.00001': 3 }),
    [MONDAY]: aList({ '2611.00007': 58, '2611.00008': 41, '2611.00001': 2 }),
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
      readKnownPapers: async () => new Set(['2611.00008']),
    })
    return saved[0]
  }

  it('is in the next edition with its current votes, and known papers only get new votes', async () => {
    const draft = await publishAgain(keeping(lists))
    expect(draft?.entries.map(({ paper, listedOn, why }) => [paper.id, listedOn, why])).toEqual([
      ['2611.00007', MONDAY, '58 votes, came late to yesterday’s list'],
      ['2611.00001', undefined, '3 votes, 2nd of the day’s 2'],
    ])
    expect(draft?.refreshed).toEqual([{ paperId: '2611.00008', signals: { upvotes: 41, comments: null, stars: null } }])
  })

  it('is in it even if the whole list came late, or its source was down all day', async () => {
    const FRIDAY = day('2026-11-20')
    const source = keeping({ ...lists, [FRIDAY]: aList({ '2611.00006': 8 }) })
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

  it('is not late if its source was not requested on that day, as in a new installation', async () => {
    const source = keeping(lists)
    const other = { ...asked(source), sources: ['file'] }
    for (const days of [[], [other]])
      expect((await publishAgain(source, days))?.entries.map(({ paper }) => paper.id)).toEqual(['2611.00001'])
  })

  it('is missing without harm if the earlier list cannot be read, or its source keeps no lists', async () => {
    const alone = [['2611.00001', '3 votes, the day’s only paper']]
    for (const source of [keeping({ [DAY]: lists[DAY] as SourceAnswer }), keeping(lists, 'file')]) {
      const draft = await publishAgain(source)
      expect(draft?.entries.map(({ paper, why }) => [paper.id, why])).toEqual(alone)
      expect(draft?.incomplete).toBeNull()
    }
  })
})

describe('a source that announces each paper once', () => {
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
  const knowing = (known: readonly string[], before: readonly string[] = []) => ({
    readRequestedDays: async () => days,
    readKnownPapers: async (asked: readonly string[]) => new Set(asked.filter((id) => known.includes(id))),
    readExcludedPapers: async (asked: readonly string[]) => new Set(asked.filter((id) => before.includes(id))),
  })

  it('adds late papers but none of earlier editions, and counts them', async () => {
    const source = announced(['2611.00001', '2611.00002'], {
      '2611.00003': FRIDAY,
      '2611.00004': FRIDAY,
      '2610.00001': day('2026-11-12'), // Longer ago than the source was asked.
    })
    const { saved, result } = await publishWith([source], knowing(['2611.00002', '2611.00004']))
    expect(saved[0]?.entries.map(({ paper, listedOn }) => [paper.id, listedOn]).sort()).toEqual([
      ['2611.00001', undefined],
      ['2611.00003', FRIDAY],
    ])
    expect(saved[0]?.refreshed).toEqual([])
    expect(describePublish(DAY, result)).toEqual([
      'Edition 2026-11-24: 2 papers.',
      'arxiv: 4 found, 2 in the edition, 1 of them added late to earlier lists',
      '  left out: 2 withdrawn, 1 in another edition',
    ])
  })

  it('is asked for the late papers of seven days', async () => {
    const since: (Day | undefined)[] = []
    const source: Source = {
      ...announced([]),
      read: async (_day, from) => {
        since.push(from)
        return { kind: 'empty', reason: 'holiday' }
      },
    }
    const requested = ['2026-11-23', '2026-11-17', '2026-11-16'].map((of) => ({ ...days[0], day: day(of) }))
    await publishWith([source], { readRequestedDays: async () => requested as RequestedDay[] })
    expect(since).toEqual(['2026-11-17'])
  })

  it('adds its categories to a paper that another source lists days later', async () => {
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
    const huggingface = aSource('huggingface', { ...aList({}), listings: [{ paper: bare, signals }] } as SourceAnswer)
    const { saved } = await publishWith([huggingface, withCategories], knowing(['2611.00001']))
    expect(saved[0]?.entries.map(({ paper, signals: { upvotes } }) => [paper.categories, upvotes])).toEqual([
      [['cs.CL'], 3],
    ])
  })

  it('fills an edition with new papers first, and then with those that did not fit before', async () => {
    const old = ids(1, 150)
    const earlier = Object.fromEntries(old.map((id) => [id, FRIDAY]))
    const few = await publishWith([announced(ids(1_000, 120), earlier)], knowing([], old))
    expect(few.saved[0]?.entries).toHaveLength(200)
    expect(few.saved[0]?.entries.filter(({ paper }) => paper.id > '2611.00999')).toHaveLength(120)
    expect(few.saved[0]?.entries.filter(({ listedOn }) => listedOn !== undefined)).toEqual([])
    const many = await publishWith([announced(ids(1_000, 230), earlier)], knowing([], old))
    expect(many.saved[0]?.entries.every(({ paper }) => paper.id > '2611.00999')).toBe(true)
    expect(many.saved[0]?.leftOut).toHaveLength(30)
    expect(describePublish(DAY, many.result)).toContain('  left out: 2 withdrawn, 180 more than an edition holds (200)')
  })
})
