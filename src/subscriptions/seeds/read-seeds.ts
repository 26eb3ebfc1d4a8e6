import { SEED_CHARS_MAX, SEED_WORKS_MAX } from '../../../config/limits-subscriptions.ts'
import { say } from '../../language/language.ts'
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
    return { works: [], faults: [say('seeds.tooLong', { size: SEED_CHARS_MAX / 1024 })] }
  const trimmed = text.trim()
  if (trimmed === '') return { works: [], faults: [say('seeds.empty')] }
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
    if (/https?:\/\//i.test(line)) faults.push(say('seeds.notArxiv', { text: title.slice(0, 60) }))
    else if (title.split(' ').length < TITLE_WORDS_MIN) faults.push(say('seeds.notTitle', { text: title.slice(0, 60) }))
    else works.push({ id: null, title, keywords: [] })
  }
  if (works.length > SEED_WORKS_MAX) faults.push(say('seeds.manyWorks', { most: SEED_WORKS_MAX }))
  return { works: works.slice(0, SEED_WORKS_MAX), faults }
}

function withoutRepeated(works: readonly SeedWork[]): readonly SeedWork[] {
  const keyOf = ({ id, title }: SeedWork) => id ?? (title ?? '').toLowerCase()
  return [...new Map(works.map((work) => [keyOf(work), work] as const)).values()]
}
