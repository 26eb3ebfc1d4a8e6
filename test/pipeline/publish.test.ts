import { describe, expect, it } from '@jest/globals'
import { describePublish } from '../../src/cli/output/words.ts'
import { day } from '../../src/domain/day.ts'
import type { RequestedDay } from '../../src/pipeline/collect/late-papers.ts'
import type { SourceAnswer } from '../../src/sources/source.ts'
import { aList, aSource, DAY, NOW, publishFrom, publishWith } from '../support/pipeline/publishing.ts'

describe('publishing', () => {
  it('ranks the papers of all sources, each once, with the time of the votes', async () => {
    const early = new Date('2026-11-24T08:00:00Z')
    const { saved } = await publishFrom(
      aSource('huggingface', aList({ '2611.00001': 3, '2611.00002': 9 }, early)),
      aSource('arxiv', aList({ '2611.00002': null, '2611.00003': null })),
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

  it('makes an incomplete edition when one source is down', async () => {
    const { result, saved } = await publishFrom(
      aSource('huggingface', { kind: 'failed', reason: 'HTTP 503' }),
      aSource('arxiv', aList({ '2611.00003': null })),
    )
    expect(result).toMatchObject({
      kind: 'published',
      papers: 1,
      incomplete: expect.stringMatching(/huggingface did not answer/),
    })
    expect(saved[0]?.incomplete).toMatch(/papers may be missing/)
  })

  it('fails with all reasons when no source answers', async () => {
    const { result, saved } = await publishFrom(
      aSource('huggingface', { kind: 'failed', reason: 'HTTP 503' }),
      aSource('arxiv', { kind: 'failed', reason: 'timed out' }),
    )
    expect(result).toMatchObject({ kind: 'failed', reason: 'huggingface: HTTP 503; arxiv: timed out' })
    expect(saved[0]).toMatchObject({ state: 'failed', entries: [] })
  })

  it('records a weekend as a day without papers, and saves nothing for a list that may still come', async () => {
    const weekend = await publishFrom(aSource('huggingface', { kind: 'empty', reason: 'weekend' }))
    expect([weekend.result.kind, weekend.saved[0]?.reason]).toEqual(['empty', 'weekend'])
    const early = await publishFrom(aSource('huggingface', { kind: 'empty', reason: 'not-open' }))
    expect([early.result.kind, early.saved]).toEqual(['not-open', []])
    expect(early.awaited).toEqual([
      { day: DAY, askedAt: NOW, sources: ['huggingface'], reason: 'huggingface: no list yet' },
    ])
  })

  it('says whether a source is down or the edition has gone out when the edition does not change', async () => {
    const kept = async (answer: SourceAnswer) =>
      describePublish(
        DAY,
        (await publishWith([aSource('huggingface', answer)], { saveEdition: async () => ({ kind: 'kept' }) })).result,
      )
    expect(await kept({ kind: 'failed', reason: 'HTTP 503' })).toEqual([
      'Edition 2026-11-24 is not changed, because no papers were found this time (huggingface: HTTP 503).',
      'To try again, run this command when the source is back.',
    ])
    expect(await kept({ kind: 'empty', reason: 'holiday' })).toHaveLength(1)
    expect(await kept(aList({ '2611.00001': 3 }))).toEqual([
      'Edition 2026-11-24 is not changed, because it was already sent, or an operator has edited or approved it.',
    ])
  })
})

describe('an incomplete edition', () => {
  const MONDAY_ASKED: RequestedDay = {
    day: day('2026-11-23'),
    hasPapers: true,
    hasVotes: true,
    sources: ['huggingface', 'arxiv'],
  }
  const voteless = (votes: number | null) =>
    aList(Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`2611.0000${n}`, votes])))

  it('says which source has no list yet, and which gave only a part', async () => {
    const half = { ...aList({ '2611.00001': 3 }), missing: 'arXiv counts 700 papers and gave 500' } as SourceAnswer
    const { saved } = await publishFrom(
      aSource('huggingface', { kind: 'empty', reason: 'not-open' }),
      aSource('arxiv', half),
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
  ] as const)('says that votes are missing only if they are: a list %s (%p)', async (_, votes, asked, isMissing) => {
    const { saved } = await publishWith([aSource('huggingface', voteless(votes))], {
      readRequestedDays: async () => [asked],
    })
    expect([saved[0]?.state, saved[0]?.reports[0]?.votesMissing ?? false]).toEqual(['published', isMissing])
    expect(saved[0]?.incomplete ?? '').toMatch(isMissing ? /votes of huggingface could not be read/ : /^$/)
  })
})
