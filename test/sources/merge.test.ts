import { describe, expect, it } from '@jest/globals'
import type { Listing, Paper, Signals } from '../../src/domain/paper.ts'
import { mergeListings } from '../../src/sources/merge.ts'

function listing(paper: Partial<Paper>, signals: Partial<Signals> = {}): Listing {
  return {
    paper: {
      id: '2611.00001',
      title: 'T',
      abstract: '',
      authors: [],
      publishedAt: null,
      categories: [],
      keywords: [],
      links: {},
      machineSummary: null,
      organization: null,
      ...paper,
    },
    signals: { upvotes: null, comments: null, stars: null, ...signals },
  }
}

describe('a paper in two sources', () => {
  it('is one paper: the first source takes precedence, the second fills empty fields', () => {
    const fromFirst = listing(
      { title: 'First title', keywords: ['k'], links: { huggingface: 'h', project: 'p1' }, machineSummary: 's' },
      { upvotes: 0, stars: 3 },
    )
    const fromSecond = listing(
      {
        title: 'Second title',
        abstract: 'A',
        authors: ['Ada'],
        categories: ['cs.CL'],
        links: { arxiv: 'a', project: 'p2' },
        publishedAt: 'd',
        thumbnail: 't',
      },
      { upvotes: 9, comments: 2 },
    )
    expect(mergeListings([[fromFirst], [fromSecond]])).toEqual([
      listing(
        {
          title: 'First title',
          abstract: 'A',
          authors: ['Ada'],
          categories: ['cs.CL'],
          keywords: ['k'],
          links: { huggingface: 'h', project: 'p1', arxiv: 'a' },
          machineSummary: 's',
          publishedAt: 'd',
          thumbnail: 't',
        },
        { upvotes: 0, comments: 2, stars: 3 },
      ),
    ])
  })

  it('keeps its first position, and others keep their order', () => {
    const ids = ['2611.00003', '2611.00001', '2611.00002']
    const lists = [
      [listing({ id: ids[0] ?? '' }), listing({ id: ids[1] ?? '' })],
      [listing({ id: ids[2] ?? '' }), listing({ id: ids[0] ?? '' })],
    ]
    expect(mergeListings(lists).map(({ paper }) => paper.id)).toEqual(ids)
  })
})
