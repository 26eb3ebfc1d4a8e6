import { stringify } from 'csv-stringify/sync'
import type { SavedPaper } from '../../../ledger/subscribers/saved-papers.ts'
import { bibtexOf } from '../../../rendering/citations/bibtex.ts'
import { citationOf } from '../../../rendering/citations/citation.ts'
import { escapeFormula } from '../../../subscriptions/csv/cells.ts'
import type { Site } from '../../layout/page.ts'

const COLUMNS = [
  'id',
  'title',
  'authors',
  'organization',
  'published',
  'categories',
  'keywords',
  'arxiv',
  'pdf',
  'code',
  'page',
  'saved_at',
] as const

/** Returns saved papers as CSV. Cells that a spreadsheet would run as a formula are escaped. */
export function savedAsCsv(saved: readonly SavedPaper[], { links }: Site): string {
  const rows = saved.map(({ paper, savedAt }) => [
    paper.id,
    paper.title,
    paper.authors.join('; '),
    paper.organization ?? '',
    paper.publishedAt?.slice(0, 10) ?? '',
    paper.categories.join('; '),
    paper.keywords.join('; '),
    paper.links.arxiv ?? '',
    paper.links.pdf ?? '',
    paper.links.code ?? '',
    links.paper(paper.id),
    savedAt.toISOString(),
  ])
  return stringify(
    rows.map((row) => row.map(escapeFormula)),
    { header: true, columns: [...COLUMNS] },
  )
}

/** Returns saved papers as BibTeX entries. Each has its own key, because a second entry with the same key is an error. */
export function savedAsBibtex(saved: readonly SavedPaper[], { links }: Site): string {
  const used = new Map<string, number>()
  return saved
    .map(({ paper }) => {
      const citation = citationOf(paper, links.paper(paper.id))
      const count = (used.get(citation.key) ?? 0) + 1
      used.set(citation.key, count)
      return bibtexOf(count === 1 ? citation : { ...citation, key: `${citation.key}-${count}` })
    })
    .join('\n')
}
