import type { Citation } from './citation.ts'
import type { CitedName } from './names.ts'

/** Returns a citation as a BibTeX entry in UTF-8, with the fields that arXiv recommends for preprints. */
export function bibtexOf(citation: Citation): string {
  const { authors, arxiv, doi, year, hasMoreAuthors } = citation
  const names = [...authors.map(nameIn), ...(hasMoreAuthors ? ['others'] : [])].join(' and ')
  const fields: readonly (readonly [string, string | null])[] = [
    ['title', titleIn(citation.title)],
    ['author', names === '' ? null : names],
    ['year', year],
    ['eprint', arxiv?.id ?? null],
    ['archivePrefix', arxiv === null ? null : 'arXiv'],
    ['primaryClass', arxiv?.primaryClass ? escapeTex(arxiv.primaryClass) : null],
    ['doi', doi],
    ['url', verbatim(citation.url)],
  ]
  const lines = fields.flatMap(([name, value]) => (value === null ? [] : [`  ${name} = {${value}}`]))
  return `@misc{${citation.key},\n${lines.join(',\n')}\n}\n`
}

function nameIn(name: CitedName): string {
  if (name.kind === 'whole') return `{${escapeTex(name.name)}}`
  return [name.family, name.suffix, name.given]
    .filter((part) => part !== '')
    .map(escapeTex)
    .join(', ')
}

/** Styles write titles in lower case, so words such as `BERT` and `GLM-4.5` are protected by braces. */
function titleIn(title: string): string {
  return title
    .split(' ')
    .map((word) => (/.\p{Lu}/u.test(word) ? `{${escapeTex(word)}}` : escapeTex(word)))
    .join(' ')
}

const SPECIAL: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
}

/** Returns plain text for LaTeX. Letters of other scripts remain as they are. */
function escapeTex(text: string): string {
  return text.replace(/[\\~^{}&%$#_]/g, (character) => SPECIAL[character] ?? `\\${character}`)
}

/** Returns an address without characters that would end its field. BibTeX reads it as it is. */
function verbatim(url: string): string {
  return url.replace(/[{}\\\s]/g, encodeURIComponent)
}
