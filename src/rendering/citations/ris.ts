import type { Citation } from './citation.ts'
import type { CitedName } from './names.ts'

/**
 * Returns a citation in the format RIS, which reference managers import. The lines end as on Windows, as the format
 * requires. UNPB is its type for work without a journal, such as a preprint.
 */
export function risOf(citation: Citation): string {
  const { arxiv, doi, pdf, year, date, abstract } = citation
  const optional = (tag: string, value: string | null | undefined) => (value ? [`${tag}  - ${value}`] : [])
  return [
    'TY  - UNPB',
    ...optional('TI', citation.title),
    ...citation.authors.flatMap((name) => optional('AU', nameIn(name))),
    ...optional('PY', year),
    ...optional('DA', date?.replaceAll('-', '/')),
    ...optional('AB', abstract),
    ...citation.keywords.flatMap((keyword) => optional('KW', keyword)),
    ...optional('PB', arxiv === null ? null : 'arXiv'),
    ...optional('AN', arxiv === null ? null : `arXiv:${arxiv.id}`),
    ...optional('DO', doi),
    ...optional('UR', citation.url),
    ...optional('L1', pdf),
    'ER  - ',
    '',
  ].join('\r\n')
}

/** `Family, Given, Suffix`. */
function nameIn(name: CitedName): string {
  if (name.kind === 'whole') return name.name.replaceAll(',', '')
  return [name.family, name.given, name.suffix].filter((part) => part !== '').join(', ')
}
