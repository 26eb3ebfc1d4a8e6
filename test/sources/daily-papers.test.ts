import { describe, expect, it } from '@jest/globals'
import { parseDailyPapers } from '../../src/sources/daily-papers.ts'

describe('an answer of daily_papers', () => {
  it('becomes papers with their votes', () => {
    const { listings } = parseDailyPapers([
      { paper: { id: '2510.11696v2', title: 'One\n  title', summary: 'Text', upvotes: 7 } },
    ])
    expect(listings[0]).toMatchObject({
      paper: { id: '2510.11696', title: 'One title' },
      signals: { upvotes: 7, stars: null },
    })
  })
})
