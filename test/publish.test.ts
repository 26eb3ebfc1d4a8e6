import { describe, expect, it } from '@jest/globals'
import { describePublish } from '../src/cli/words.ts'
import { day } from '../src/day.ts'
import type { EditionDraft } from '../src/ledger/editions.ts'
import { type PublishResult, publish } from '../src/publish.ts'
import { explainLate, explainRank } from '../src/ranking/explain.ts'
import { rankByVotes } from '../src/ranking/trending.ts'
import { mergeListings } from '../src/sources/merge.ts'
import type { Source, SourceAnswer } from '../src/sources/source.ts'
import { paperOf } from './support/papers.ts'

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

async function publishFrom(...sources: Source[]): Promise<{ result: PublishResult; saved: EditionDraft[] }> {
  const saved: EditionDraft[] = []
  const result = await publish(DAY, {
    sources,
    merge: mergeListings,
    rank: rankByVotes,
    explain: explainRank,
    explainLate,
    readEditionDays: async () => [],
    readFirstSignals: async () => new Map(),
    readKnown: async () => new Set(),
    clock: () => NOW,
    save: async (draft) => {
      saved.push(draft)
      return { kind: 'saved', revision: 1 }
    },
  })
  return { result, saved }
}

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
  })

  it('tells a source that is down from an edition that has gone out, when the edition stands as it was', async () => {
    const kept = async (answer: SourceAnswer) =>
      describePublish(
        DAY,
        await publish(DAY, {
          sources: [source('huggingface', answer)],
          merge: mergeListings,
          rank: rankByVotes,
          explain: explainRank,
          explainLate,
          readEditionDays: async () => [],
          readFirstSignals: async () => new Map(),
          readKnown: async () => new Set(),
          clock: () => NOW,
          save: async () => ({ kind: 'kept' }),
        }),
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
  const publishAgain = async (source: Source) => {
    const saved: EditionDraft[] = []
    await publish(DAY, {
      sources: [source],
      merge: mergeListings,
      rank: rankByVotes,
      explain: explainRank,
      explainLate,
      readEditionDays: async () => [MONDAY],
      readFirstSignals: async () => new Map(),
      readKnown: async () => new Set(['2611.00008']),
      clock: () => NOW,
      save: async (draft) => {
        saved.push(draft)
        return { kind: 'saved', revision: 1 }
      },
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

  it('costs the edition nothing when the earlier list cannot be read, or its source keeps none', async () => {
    const alone = [['2611.00001', '3 votes, the day’s only paper']]
    for (const source of [keeping({ [DAY]: lists[DAY] as SourceAnswer }), keeping(lists, 'file')]) {
      const draft = await publishAgain(source)
      expect(draft?.entries.map(({ paper, why }) => [paper.id, why])).toEqual(alone)
      expect(draft?.incomplete).toBeNull()
    }
  })
})
