import { describe, expect, it } from '@jest/globals'
import { matchInterest, readInterest } from '../../../src/ranking/interest.ts'
import { createHighlighter, type Fragment } from '../../../src/ranking/search/highlight.ts'
import { lexemesOf } from '../../../src/ranking/search/indexed-paper.ts'
import { readQuery } from '../../../src/ranking/search/query.ts'
import { interestsOf } from '../../../src/ranking/search/query-parts.ts'
import { matchesTerm } from '../../../src/ranking/search/term.ts'
import { createCandidatePool } from '../../../src/ranking/selection/candidate-pool.ts'
import { createLexicon } from '../../../src/ranking/words/lexicon.ts'
import { SEARCH_PAPERS, SEARCHES } from '../../support/corpora/search-papers.ts'

const pool = createCandidatePool(
  SEARCH_PAPERS.map((paper, index) => ({
    paper,
    rank: index + 1,
    score: 1,
    why: '',
    signals: { upvotes: 1, comments: null, stars: null },
  })),
)
const lexicon = createLexicon([])
const lexemes = new Map(SEARCH_PAPERS.map((paper) => [paper.id, lexemesOf(paper)]))

describe.each(SEARCHES)('a search for %s (%s)', (_, query, ids) => {
  it('matches the papers that it means', () => {
    const read = readQuery(query)
    const found = [...lexemes].filter(([, paper]) => read !== null && matchesTerm(read.whole, paper)).map(([id]) => id)
    expect(found.sort()).toEqual([...ids].sort())
  })

  it('becomes interests that find the same papers, though words that are apart are no match', () => {
    const lines = interestsOf(query)
    expect(lines.join('')).not.toMatch(/[,;\n]/)
    const interests = lines.map((line) => readInterest(line, lexicon))
    const matched = pool.members.filter((member) =>
      interests.some(
        (interest) => interest !== null && matchInterest(interest, member, { lexicon, usualLength: 9 }).strength > 0,
      ),
    )
    expect(matched.map(({ paper }) => paper.id).sort()).toEqual([...ids].sort())
    // The index of the pool leaves none of them out.
    const strong = new Set(lines.flatMap((line) => pool.strengths(line)?.scored ?? []))
    expect([...strong].map((at) => pool.members[at]?.paper.id).sort()).toEqual([...ids].sort())
  })
})

describe('filters', () => {
  it('are part of each line of the interests', () => {
    expect(interestsOf('moss -fern or lichen, "sea, weed"', 'code:yes org:"Harbour Institute"')).toEqual([
      'moss code:"yes" org:"Harbour Institute" -fern',
      'lichen "sea  weed" code:"yes" org:"Harbour Institute"',
    ])
    expect(interestsOf('', 'category:"cs.CL"')).toEqual(['category:"cs.CL"'])
  })
})

describe('the marks in a text', () => {
  const marks = (fragments: readonly Fragment[]) =>
    fragments.map(({ text, isMatch }) => (isMatch ? `[${text}]` : text)).join('')

  it('are on words as the text has them, in every form, and on the beginning of the last word', () => {
    const { all } = createHighlighter('optimised kelpnet 7.5 -fern hexag')
    expect(marks(all('Optimising KelpNet-7.5 for ferns & hexagonal grids'))).toBe(
      '[Optimising] [KelpNet-7.5] for ferns & [hexagonal] grids',
    )
  })

  it('are in the excerpt with most of the words, which has ellipses where it was cut', () => {
    const filler = Array.from({ length: 60 }, (_, n) => `w${n}`).join(' ')
    const { excerpt } = createHighlighter('moss "green fern"')
    const text = marks(excerpt(`Moss ${filler} green fern on moss ${filler}`))
    expect(text).toMatch(/^….* \[green\] \[fern\] on \[moss\] .*…$/)
    expect(text.split(' ').length).toBeLessThan(50)
    expect(marks(excerpt('A green fern.'))).toBe('A [green] [fern].')
    expect(excerpt('Nothing of it.')).toEqual([])
  })
})
