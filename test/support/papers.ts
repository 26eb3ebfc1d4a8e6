import type { Paper } from '../../src/domain/paper.ts'

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
