import type { Listing } from '../../../../src/domain/paper.ts'
import type { Source } from '../../../../src/sources/source.ts'
import { paperOf } from '../../../support/papers.ts'

/** A source that lists these papers. */
export function listed(listings: readonly Listing[]): Source {
  const observedAt = new Date('2026-11-20T08:40:00Z')
  return {
    name: 'file',
    read: async () => ({ kind: 'listed', observedAt, dropped: { count: 0, reasons: [] }, listings }),
  }
}

const KITCHEN = 'Robot hands fold towels and shirts in the kitchen with tactile sensors and soft fingers.'

/** Invented papers: two of one subject, one of 2001, one with hostile words, one with long names. */
export const PAPERS: readonly Listing[] = [
  {
    paper: paperOf('2611.00001', {
      title: 'Robot hands that fold towels',
      abstract: KITCHEN,
      authors: ['Ada Lovelace', 'Émilie du Châtelet', 'Martin King, Jr.'],
      organization: 'Analytical Society',
      publishedAt: '2026-11-19T10:00:00Z',
      categories: ['cs.RO', 'cs.AI'],
      keywords: ['tactile sensing', 'robot hands'],
      machineSummary: 'Soft fingers feel what they fold.',
      links: {
        arxiv: 'https://arxiv.org/abs/2611.00001',
        pdf: 'https://arxiv.org/pdf/2611.00001',
        code: 'https://github.com/example/towels',
        huggingface: 'https://huggingface.co/papers/2611.00001',
      },
    }),
    signals: { upvotes: 42, comments: 1, stars: 1_204 },
  },
  {
    paper: paperOf('2611.00002', {
      title: 'Folding shirts by touch',
      abstract: `${KITCHEN} Sleeves are hard.`,
      keywords: ['Tactile Sensing'],
    }),
    signals: { upvotes: 30, comments: null, stars: null },
  },
  {
    paper: paperOf('cs/0101001', { title: 'A study of sorting', abstract: 'Sorting takes time.' }),
    signals: { upvotes: 20, comments: null, stars: null },
  },
  {
    paper: paperOf('2611.00003', { title: '</script><script>alert(1)</script> & "quotes"', abstract: '' }),
    signals: { upvotes: 10, comments: null, stars: null },
  },
  {
    paper: paperOf('2611.00005', {
      title: `Verylongtitle${'without'.repeat(20)}ablank`,
      abstract: 'Ink is dear. We present Quill, a pen that writes long names on one line.',
      authors: Array.from({ length: 40 }, (_, n) => `Author${'name'.repeat(12)} Number${n}`),
      keywords: [`key${'word'.repeat(20)}`],
      categories: ['math.NA'],
      organization: 'Organisation'.repeat(9),
    }),
    signals: { upvotes: 5, comments: null, stars: null },
  },
]
