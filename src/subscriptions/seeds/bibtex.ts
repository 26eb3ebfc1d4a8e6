import { type BibtexItem, type BibtexPart, parse as parseBibtex } from 'bibtex-parse'
import { SEED_ENTRY_CHARS_MAX, SEED_WORKS_MAX } from '../../../config/limits-subscriptions.ts'
import { say } from '../../language/language.ts'
import { arxivIdIn, plainTitle, type SeedList, type SeedWork } from './work.ts'

const ENTRY = /^[ \t]*@\s*[a-z]+\s*[{(]/gim
/** The first of these fields with an arXiv id names the paper. */
const ID_FIELDS = ['eprint', 'arxivid', 'arxiv', 'doi', 'url', 'journal', 'note', 'howpublished', 'number', 'volume']
const KEYWORDS_MAX = 20
/** Entries that are parsed before other work gets a turn. */
const SLICE_ENTRIES = 10

/** Returns whether a text has BibTeX entries. */
export function isBibtex(text: string): boolean {
  return text.search(ENTRY) >= 0
}

/**
 * Reads a BibTeX file. The parser refuses a file as a whole, so each entry is parsed on its own: a broken one is named by its key
 * and line, and the others are used.
 */
export async function readBibtex(text: string, pause: () => Promise<void>): Promise<SeedList> {
  const starts = [...text.matchAll(ENTRY)].map(({ index }) => index)
  const works: SeedWork[] = []
  const faults: string[] = []
  const strings = new Map<string, string>()
  for (const [at, start] of starts.entries()) {
    if (at > 0 && at % SLICE_ENTRIES === 0) await pause()
    if (works.length >= SEED_WORKS_MAX) {
      faults.push(say('seeds.manyEntries', { most: SEED_WORKS_MAX }))
      break
    }
    const entry = text.slice(start, starts[at + 1])
    const items = parse(entry)
    if (typeof items === 'string') faults.push(`${nameOf(entry, text, start)} ${items}`)
    else for (const item of items) take(item, strings, works)
  }
  return { works, faults }
}

function parse(entry: string): readonly BibtexItem[] | string {
  if (entry.length > SEED_ENTRY_CHARS_MAX) return say('seeds.entryLong', { chars: SEED_ENTRY_CHARS_MAX })
  try {
    return parseBibtex(entry)
  } catch {
    return say('seeds.entryBroken')
  }
}

/** `The entry “smith2024” (line 12)`. */
function nameOf(entry: string, text: string, start: number): string {
  const key = /^[ \t]*@\s*[a-z]+\s*[{(]\s*([^\s,{}()="]{1,60})/i.exec(entry)?.[1]
  const line = text.slice(0, start).split('\n').length
  return key === undefined ? say('seeds.entryAt', { line }) : say('seeds.entryNamed', { key, line })
}

function take(item: BibtexItem, strings: Map<string, string>, works: SeedWork[]): void {
  if (item.itemtype === 'string') strings.set(item.name.toLowerCase(), textOf(item, strings))
  if (item.itemtype !== 'entry') return
  const fields = new Map(item.fields.map((field) => [field.name.toLowerCase(), textOf(field, strings)]))
  const title = plainTitle(fields.get('title') ?? '')
  const ids = ID_FIELDS.flatMap((name) => {
    const value = fields.get(name) ?? ''
    // A journal’s number may look like an id, so such fields must name arXiv.
    return value === '' || (name !== 'eprint' && name !== 'arxivid' && !/arxiv/i.test(value))
      ? []
      : (arxivIdIn(value) ?? [])
  })
  const keywords = (fields.get('keywords') ?? '')
    .split(/[,;]/)
    .map(plainTitle)
    .filter((each) => each !== '')
    .slice(0, KEYWORDS_MAX)
  if (title !== '' || ids.length > 0) works.push({ id: ids[0] ?? null, title: title || null, keywords })
}

function textOf({ datatype, value }: BibtexPart, strings: ReadonlyMap<string, string>): string {
  if (Array.isArray(value)) return value.map((part: BibtexPart) => textOf(part, strings)).join('')
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  return datatype === 'identifier' ? (strings.get(text.toLowerCase()) ?? text) : text
}
