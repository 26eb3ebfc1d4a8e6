import { createRequire } from 'node:module'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { bibtexOf } from '../../src/rendering/citations/bibtex.ts'
import { citationOf } from '../../src/rendering/citations/citation.ts'
import { citedName } from '../../src/rendering/citations/names.ts'
import { risOf } from '../../src/rendering/citations/ris.ts'
import { paperOf } from '../support/papers.ts'

// The package has no types.
const { entries } = createRequire(import.meta.url)('bibtex-parse') as {
  entries(text: string): Record<string, string | number>[]
}
const PAGE = 'https://papers.example.org/paper/x'
const PAPER = paperOf('2603.07660', {
  title: 'BERT & friends: 50% of a_study #1',
  authors: ['Ada Lovelace', 'Émilie du Châtelet', 'The Analytical Engine Team'],
  publishedAt: '2026-03-09T00:00:00Z',
  categories: ['cs.CL', 'cs.LG'],
  keywords: ['engines'],
})

describe('a citation in BibTeX', () => {
  it('has the fields of a preprint, as a parser reads them', () => {
    const bibtex = bibtexOf(citationOf(PAPER, PAGE))
    const [entry] = entries(bibtex)
    expect(entry).toMatchObject({
      type: 'misc',
      key: 'lovelace2026bert',
      AUTHOR: 'Lovelace, Ada and du Châtelet, Émilie and The Analytical Engine Team',
      EPRINT: '2603.07660',
      ARCHIVEPREFIX: 'arXiv',
      PRIMARYCLASS: 'cs.CL',
      DOI: '10.48550/arXiv.2603.07660',
      URL: 'https://arxiv.org/abs/2603.07660',
    })
    expect(String(entry?.YEAR)).toBe('2026')
    expect(bibtex).toContain('title = {{BERT} \\& friends: 50\\% of a\\_study \\#1}')
    expect(bibtex).toContain('and {The Analytical Engine Team}')
  })

  it('takes the year of an old id from the id, and keeps its slash', () => {
    const [entry] = entries(bibtexOf(citationOf(paperOf('cs/0101001'), PAGE)))
    expect([String(entry?.YEAR), entry?.DOI]).toEqual(['2001', '10.48550/arXiv.cs/0101001'])
  })

  it('claims no arXiv id for a paper from elsewhere', () => {
    const [entry] = entries(bibtexOf(citationOf(paperOf('a-report', { links: {} }), PAGE)))
    expect(entry).toMatchObject({ URL: PAGE })
    expect(Object.keys(entry ?? {})).not.toEqual(expect.arrayContaining(['EPRINT', 'DOI', 'YEAR']))
  })

  it('names at most 100 of 3,303 authors, and then says that there are others', () => {
    const authors = Array.from({ length: 3_303 }, (_, n) => `Author N${n}`)
    const names = String(entries(bibtexOf(citationOf(paperOf('2603.00001', { authors }), PAGE)))[0]?.AUTHOR)
    expect(names.split(' and ')).toHaveLength(101)
    expect(names).toMatch(/ and others$/)
  })

  it('is one entry whatever a title or a name contains', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[{}\\%$#_^~&@,= "a-z\n]{0,30}$/),
      fc.constantFrom('検索のための論文', 'مرحبا', '}, year = {1', '\\input{x}'),
    )
    fc.assert(
      fc.property(text, text, (title, name) => {
        const bibtex = bibtexOf(citationOf(paperOf('2603.00001', { title, authors: [name, 'Ada Lovelace'] }), PAGE))
        // Without the escaped ones, every brace has its partner, and the entry ends at the last.
        let rest = bibtex.replace(/\\[{}]/g, '').replace(/[^{}]/g, '')
        while (/.\{\}/.test(rest)) rest = rest.replace(/(?<=.)\{\}/g, '')
        expect(rest).toBe('{}')
        expect(bibtex.match(/^@/gm)).toHaveLength(1)
      }),
    )
  })
})

describe('the name of an author', () => {
  it.each([
    ['Ada Lovelace', 'Lovelace|Ada|'],
    ['Laurens van der Maaten', 'van der Maaten|Laurens|'],
    ['Luc Van Gool', 'Van Gool|Luc|'],
    ['Martin Luther King, Jr.', 'King|Martin Luther|Jr.'],
    ['Martin King III', 'King|Martin|III'],
    ['Lovelace, Ada', 'Lovelace|Ada|'],
    ['Jean-Baptiste de La Salle', 'de La Salle|Jean-Baptiste|'],
    ['Wei Ai', 'Ai|Wei|'],
    ['Wei Zhang (张伟)', 'Zhang|Wei|'],
    ['  Ada\n Lovelace ', 'Lovelace|Ada|'],
  ])('%s is split into its parts', (raw, parts) => {
    const name = citedName(raw)
    expect(name.kind === 'person' ? `${name.family}|${name.given}|${name.suffix}` : name).toBe(parts)
  })

  it.each(['张伟', 'Plato', 'DeepSeek-AI', 'Qwen Team', 'Search and Ranking', ''])('%p remains whole', (raw) => {
    expect(citedName(raw)).toEqual({ kind: 'whole', name: raw })
  })
})

describe('a citation in RIS', () => {
  it('has a tag in each line, from its type to its end, in lines that end as on Windows', () => {
    const paper = { ...PAPER, abstract: 'First line.\nER  - not the end.' }
    const lines = risOf(citationOf(paper, PAGE)).split('\r\n')
    expect([lines.at(0), ...lines.slice(-2)]).toEqual(['TY  - UNPB', 'ER  - ', ''])
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/^[A-Z][A-Z0-9] {2}- [^\n]*$/)
    expect(lines).toEqual(
      expect.arrayContaining([
        'AU  - Lovelace, Ada',
        'AU  - du Châtelet, Émilie',
        'AU  - The Analytical Engine Team',
        'PY  - 2026',
        'DA  - 2026/03/09',
        'KW  - engines',
        'DO  - 10.48550/arXiv.2603.07660',
        'UR  - https://arxiv.org/abs/2603.07660',
      ]),
    )
  })
})
