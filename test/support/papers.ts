import type { Paper } from '../../src/domain/paper.ts'
import { searchColumnsOf } from '../../src/ledger/editions/search-columns.ts'

/** An invented paper; what a test cares about is given, the rest is plain. */
export function paperOf(id: string, over: Partial<Paper> = {}): Paper {
  return {
    id,
    title: `A study numbered ${id}`,
    abstract: 'We look at something closely and report what we saw.',
    authors: ['Ada Lovelace', 'Mary Somerville'],
    publishedAt: null,
    categories: [],
    keywords: [],
    links: { arxiv: `https://arxiv.org/abs/${id}` },
    machineSummary: null,
    organization: null,
    ...over,
  }
}

/** The row of a paper that a test stores without an edition. */
export function paperRow(paper: Paper, firstDay: string, updatedAt = new Date('2026-11-24T08:00:00Z')) {
  return {
    id: paper.id,
    content: JSON.stringify(paper),
    first_day: firstDay,
    updated_at: updatedAt,
    ...searchColumnsOf(paper),
  }
}
