import { describe, expect, it } from '@jest/globals'
import { TITLE_CHARS_MAX } from '../../config/limits.ts'
import { SOURCE_DROPPED_REPORTED_MAX, SOURCE_ITEMS_MAX } from '../../config/limits-sources.ts'
import { parseDailyPapers } from '../../src/sources/daily-papers.ts'

const one = (paper: object, item: object = {}) =>
  parseDailyPapers([{ paper: { id: '2510.11696', title: 'T', ...paper }, ...item }])
const first = (paper: object, item: object = {}) => one(paper, item).listings[0]

describe('an item of daily_papers', () => {
  it('becomes a paper with its votes', () => {
    const item = {
      id: '2510.11696v2',
      title: 'One\n  title -- of \\textbf{two}',
      summary: 'It costs $5,\nnot $\\alpha$.',
      authors: [{ name: 'Ada  L.' }, { name: 'Hidden', hidden: true }, { name: 7 }, { name: 'Bo' }],
      publishedAt: '2025-10-13T17:55:09.000Z',
      upvotes: 75,
      ai_summary: 'A summary.',
      ai_keywords: ['one', 'one', 'two', 3],
      githubRepo: ' https://github.com/a/\n  b. ',
      projectPage: 'https://b.example/page',
      githubStars: 12,
      organization: { name: 'lab', fullname: 'The Lab' },
    }
    expect(first(item, { numComments: 4 })).toEqual({
      paper: {
        id: '2510.11696',
        title: 'One title – of two',
        abstract: 'It costs $5, not α.',
        authors: ['Ada L.', 'Bo'],
        publishedAt: '2025-10-13T17:55:09.000Z',
        categories: [],
        keywords: ['one', 'two'],
        links: {
          arxiv: 'https://arxiv.org/abs/2510.11696',
          pdf: 'https://arxiv.org/pdf/2510.11696',
          huggingface: 'https://huggingface.co/papers/2510.11696',
          code: 'https://github.com/a/b',
          project: 'https://b.example/page',
        },
        machineSummary: 'A summary.',
        organization: 'The Lab',
        latex: { title: 'One\n  title -- of \\textbf{two}', abstract: 'It costs $5,\nnot $\\alpha$.' },
      },
      signals: { upvotes: 75, comments: 4, stars: 12 },
    })
  })

  it.each([
    ['https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/2510.11696.png', true],
    ['http://cdn-thumbnails.huggingface.co/social-thumbnails/papers/2510.11696.png', false],
    ['https://pictures.example/2510.11696.png', false],
    ['https://cdn-thumbnails.huggingface.co.example/x.png', false],
    ['javascript:alert(1)', false],
    [{ url: 'x' }, false],
  ])('has a picture only of Hugging Face, over https: %j', (thumbnail, isKept) => {
    const item = { paper: { id: '2510.11696', title: 'One' }, thumbnail }
    const [listing] = parseDailyPapers([item]).listings
    expect(listing?.paper.thumbnail).toBe(isKept ? thumbnail : undefined)
  })

  it('needs nothing but an id and a title', () => {
    expect(first({})).toMatchObject({
      paper: { abstract: '', authors: [], publishedAt: null, machineSummary: null, organization: null },
      signals: { upvotes: null, comments: null, stars: null },
    })
  })

  it('stays when an optional field has an unexpected format', () => {
    const odd = {
      upvotes: { count: 12 },
      authors: { name: 'Ada' },
      ai_keywords: {},
      githubStars: -1,
      organization: ['Lab'],
      publishedAt: 'soon',
    }
    expect(first(odd)).toMatchObject({
      paper: { authors: [], keywords: [], organization: null },
      signals: { upvotes: null, stars: null },
    })
  })

  it('is read where numbers are texts, lists are texts and names are bare', () => {
    const texts = {
      upvotes: '12',
      githubStars: ' 3400 ',
      authors: 'Ada L., Bo K.',
      ai_keywords: 'retrieval; agents',
      organization: 'Lab',
    }
    expect(first(texts, { numComments: '3' })).toMatchObject({
      paper: { authors: ['Ada L.', 'Bo K.'], keywords: ['retrieval', 'agents'], organization: 'Lab' },
      signals: { upvotes: 12, comments: 3, stars: 3400 },
    })
    expect(first({ authors: ['Ada', { name: 'Bo' }] })?.paper.authors).toEqual(['Ada', 'Bo'])
    for (const upvotes of ['', 'many', '-3', '1.5', '99999999999', true, null, [12]])
      expect(first({ upvotes })?.signals.upvotes).toBeNull()
  })

  it('drops authors without letters, such as the colon after a team', () => {
    const authors = ['Atlas Team', ':', ' , ', '—', '7', 'Ada L.', '李明'].map((name) => ({ name }))
    expect(first({ authors })?.paper.authors).toEqual(['Atlas Team', 'Ada L.', '李明'])
  })

  it('has HTML’s entities decoded in every text and address', () => {
    const paper = first({
      title: 'Caf&eacute;s &mdash; &alpha;&nbsp;and &#946;, R&D &bogus;',
      authors: [{ name: 'Ren&eacute; D.' }],
      ai_keywords: ['na&iuml;ve'],
      organization: 'Universit&auml;t',
      projectPage: 'https://b.example/page?a=1&amp;b=2',
      githubRepo: 'https://github.com/a/b?tab=readme&#45;ov',
    })?.paper
    expect(paper).toMatchObject({
      title: 'Cafés — α and β, R&D &bogus;',
      authors: ['René D.'],
      keywords: ['naïve'],
      organization: 'Universität',
      links: { project: 'https://b.example/page?a=1&b=2', code: 'https://github.com/a/b?tab=readme-ov' },
    })
  })

  it('has no arXiv links when its id is not an arXiv id', () => {
    expect(first({ id: 'page-01' })?.paper.links).toEqual({})
  })

  it('keeps 3,303 authors', () => {
    const authors = Array.from({ length: 3_303 }, (_, index) => ({ name: `Author ${index}` }))
    expect(first({ authors })?.paper.authors.length).toBe(3_303)
  })

  it('has its repository once when it is in both fields', () => {
    const links = first({ githubRepo: 'https://github.com/a/b', projectPage: 'https://github.com/a/b' })?.paper.links
    expect([links?.code, links?.project]).toEqual(['https://github.com/a/b', undefined])
  })

  it('cuts an endless title', () => {
    const title = first({ title: 'word '.repeat(1_000) })?.paper.title ?? ''
    expect(title.length).toBeLessThanOrEqual(TITLE_CHARS_MAX)
    expect(title).toMatch(/word…$/)
  })
})

describe('a list with broken items', () => {
  it('drops those and says which and why', () => {
    const { listings, dropped } = parseDailyPapers([
      { paper: { id: '2510.00001', title: 'Good' } },
      { paper: { id: '2510.00002' } },
      { paper: { id: '../etc', title: 'Bad id' } },
      { paper: { id: '2510.00003', title: ['x'] } },
      { paper: { id: '2510.00004', title: 'x', summary: 5 } },
      { paper: { id: '2510.00001v3', title: 'Again' } },
      null,
      'text',
      {},
    ])
    expect(listings.map(({ paper }) => paper.id)).toEqual(['2510.00001'])
    expect(dropped).toEqual({
      count: 8,
      reasons: [
        'item 2 (2510.00002): title is missing',
        'item 3 (../etc): id is not valid',
        'item 4 (2510.00003): title is not text',
        'item 5 (2510.00004): abstract is not text',
        'item 6 (2510.00001v3): is listed twice',
        'item 7: is not an object',
        'item 8: is not an object',
        'item 9: paper is missing',
      ],
    })
  })

  it('names the first of many faults and counts the rest', () => {
    const { dropped } = parseDailyPapers(Array.from({ length: 300 }, () => ({})))
    expect([dropped.count, dropped.reasons.length]).toEqual([300, SOURCE_DROPPED_REPORTED_MAX])
  })

  it('is read up to its limit', () => {
    const items = Array.from({ length: SOURCE_ITEMS_MAX + 5 }, (_, index) => ({
      paper: { id: `p-${index}`, title: 'T' },
    }))
    const { listings, dropped } = parseDailyPapers(items)
    expect([listings.length, dropped.count]).toEqual([SOURCE_ITEMS_MAX, 5])
  })

  it('is empty when the answer is not a list', () => {
    expect(parseDailyPapers({ error: 'x' })).toEqual({
      listings: [],
      dropped: { count: 1, reasons: ['the answer is not a list'] },
    })
  })
})
