import { SEED_CHARS_MAX, SEED_WORKS_MAX } from '../../../config/limits-subscriptions.ts'
import { isBibtex, readBibtex } from './bibtex.ts'
import { readOrcid } from './orcid.ts'
import { arxivIdIn, plainTitle, type SeedList, type SeedWork } from './work.ts'

/** A line with fewer words is no title. */
const TITLE_WORDS_MIN = 3

/**
 * Reads a reader’s own works from a pasted text or a file: arXiv ids and addresses, titles, BibTeX, or the JSON of an ORCID
 * record. It requests nothing from other sites. Each work is returned once.
 */
export async function readSeeds(text: string, pause: () => Promise<void>): Promise<SeedList> {
  if (text.length > SEED_CHARS_MAX)
    return { works: [], faults: [`The list is longer than ${SEED_CHARS_MAX / 1024} KB. Use a part of it.`] }
  const trimmed = text.trim()
  if (trimmed === '') return { works: [], faults: ['The list is empty. Paste something, or choose a file.'] }
  const read = /^[[{]/.test(trimmed)
    ? readOrcid(trimmed)
    : isBibtex(trimmed)
      ? await readBibtex(text, pause)
      : readLines(trimmed)
  return { works: withoutRepeated(read.works), faults: read.faults }
}

/** Reads one work a line. Several ids may be on one line, separated by blanks or commas. */
function readLines(text: string): SeedList {
  const works: SeedWork[] = []
  const faults: string[] = []
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue
    const ids = line.split(/[\s,;]+/).flatMap((word) => arxivIdIn(word) ?? [])
    const title = plainTitle(line)
    for (const id of ids) works.push({ id, title: null, keywords: [] })
    if (ids.length > 0) continue
    if (/https?:\/\//i.test(line)) faults.push(`“${title.slice(0, 60)}” is not an address of arXiv.`)
    else if (title.split(' ').length < TITLE_WORDS_MIN)
      faults.push(`“${title.slice(0, 60)}” is neither an arXiv id nor a title.`)
    else works.push({ id: null, title, keywords: [] })
  }
  if (works.length > SEED_WORKS_MAX)
    faults.push(`The list has more than ${SEED_WORKS_MAX} works. Only the first ${SEED_WORKS_MAX} are used.`)
  return { works: works.slice(0, SEED_WORKS_MAX), faults }
}

function withoutRepeated(works: readonly SeedWork[]): readonly SeedWork[] {
  const keyOf = ({ id, title }: SeedWork) => id ?? (title ?? '').toLowerCase()
  return [...new Map(works.map((work) => [keyOf(work), work] as const)).values()]
}
