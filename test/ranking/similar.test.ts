import { describe, expect, it } from '@jest/globals'
import { indexSimilarPapers } from '../../src/ranking/similar.ts'
import { paperOf } from '../support/papers.ts'

const SUBJECTS = [
  ['Robot hands fold towels with tactile sensors', 'robotics'],
  ['Protein shapes from sequences of amino acids', 'biology'],
  ['Sparse indexes for the retrieval of documents', 'retrieval'],
  ['Speech of many speakers in noisy kitchens', 'speech'],
] as const
/** Ten papers of each subject, with a word of their own. */
const archive = Array.from({ length: 40 }, (_, n) => {
  const [title, keyword] = SUBJECTS[n % SUBJECTS.length] ?? SUBJECTS[0]
  return paperOf(`p${n}`, {
    title: `${title} variant${n}`,
    abstract: `${title}. Variant${n} of an invention${n}.`,
    keywords: n < 20 ? [keyword, 'engineering'] : [],
  })
})
const indexed = (papers = archive) => indexSimilarPapers(papers, async () => {})
const subjectOf = (id: string) => Number(id.slice(1)) % SUBJECTS.length

describe('the papers similar to a paper', () => {
  it('are of the same subject, never itself, and at most as many as asked for', async () => {
    const index = await indexed()
    for (const paper of archive) {
      const found = index.to(paper, 6)
      expect(found).toHaveLength(6)
      expect(found.every(({ id }) => subjectOf(id) === subjectOf(paper.id) && id !== paper.id)).toBe(true)
    }
  })

  it('name the shared keywords, the rarest first, or else the words that weigh most', async () => {
    const index = await indexed()
    const withKeywords = index.to(archive[0] ?? paperOf('x'), 9).find(({ id }) => Number(id.slice(1)) < 20)
    expect(withKeywords?.shared).toEqual(['robotics', 'engineering'])
    const without = index.to(archive[39] ?? paperOf('x'), 1)[0]
    expect(without?.shared).toHaveLength(3)
    for (const word of without?.shared ?? []) expect(['speech', 'speakers', 'noisy', 'kitchens']).toContain(word)
  })

  it('are found for a paper that is older than the archive', async () => {
    const old = paperOf('old', {
      title: 'Towels that a robot folds',
      abstract: 'Tactile sensors for hands and towels.',
    })
    expect((await indexed()).to(old, 3).map(({ id }) => subjectOf(id))).toEqual([0, 0, 0])
  })

  it('are not the same paper under another id, nor papers that share nothing', async () => {
    const twin = {
      ...(archive[0] ?? paperOf('x')),
      id: 'twin',
      title: 'ROBOT hands fold towels, with tactile sensors: variant0',
    }
    const index = await indexed([...archive, twin])
    expect(index.to(archive[0] ?? twin, 40).map(({ id }) => id)).not.toContain('twin')
    expect(index.to(paperOf('other', { title: 'Zithers', abstract: 'Zither music.' }), 6)).toEqual([])
    expect((await indexed([])).to(twin, 6)).toEqual([])
  })

  it('are the same each time, and other work gets its turn while they are indexed', async () => {
    let pauses = 0
    const index = await indexSimilarPapers(archive, async () => {
      pauses += 1
    })
    expect(pauses).toBeGreaterThan(2)
    const again = await indexed()
    for (const paper of archive) expect(index.to(paper, 6)).toEqual(again.to(paper, 6))
  })
})
