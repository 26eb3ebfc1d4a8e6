import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SYNONYM_CHARS_MAX, SYNONYM_LINE_TERMS_MAX, SYNONYM_LINES_MAX } from '../../../config/limits.ts'
import { PACKAGE_ROOT } from '../../platform/paths.ts'
import { singular } from './light-stem.ts'
import { isStopWord, type Stem, stem, stemsOf, wordsOf } from './words.ts'

/** A line of a file of synonyms. The terms of `a = b` all find each other. In `a > b, c` only the first finds the others. */
export interface SynonymLine {
  readonly kind: 'same' | 'narrower'
  readonly terms: readonly string[]
}

/** A fault in a file of synonyms. */
export interface SynonymFault {
  readonly line: number
  readonly reason: string
}

/** Another way to write an interest: as it is shown to readers, and in stems that are separated by blanks. */
export interface Synonym {
  readonly shown: string
  readonly phrase: string
}

export interface Synonyms {
  /** Returns other ways to write a phrase: those of the whole phrase first, then those of its parts. */
  of(text: string): readonly Synonym[]
  /** Returns the broader terms that also find a phrase. */
  broader(text: string): readonly string[]
}

/** Parses a file of synonyms. It returns all faults at once. */
export function parseSynonyms(text: string): {
  readonly lines: readonly SynonymLine[]
  readonly faults: readonly SynonymFault[]
} {
  const lines: SynonymLine[] = []
  const faults: SynonymFault[] = []
  for (const [at, raw] of text.split(/\r?\n/).entries()) {
    const content = raw.replace(/#.*/, '').trim()
    if (content === '') continue
    const parsed = parseLine(content)
    if (typeof parsed === 'string') faults.push({ line: at + 1, reason: parsed })
    else lines.push(parsed)
  }
  if (lines.length > SYNONYM_LINES_MAX)
    faults.push({ line: SYNONYM_LINES_MAX + 1, reason: `is more than ${SYNONYM_LINES_MAX} lines with synonyms` })
  return { lines, faults }
}

/** Returns a line, or what is wrong with it. */
function parseLine(content: string): SynonymLine | string {
  const isSame = content.includes('=')
  if (isSame === content.includes('>')) return 'must have the form a = b or a > b, c'
  const [first = '', ...rest] = content.split(isSame ? '=' : '>')
  if (!isSame && rest.length > 1) return 'has more than one >'
  const terms = [first, ...(isSame ? rest : (rest[0] ?? '').split(','))].map((term) => term.trim().replace(/\s+/g, ' '))
  if (terms.length > SYNONYM_LINE_TERMS_MAX) return `has more than ${SYNONYM_LINE_TERMS_MAX} terms`
  if (isSame && terms.some((term) => term.includes(','))) return 'has a comma beside =, which belongs to >'
  const wrong = terms.find((term) => wordsOf(term).every(isStopWord))
  if (wrong !== undefined) return wrong === '' ? 'has an empty term' : `has the term “${wrong}”, which says nothing`
  const long = terms.find((term) => term.length > SYNONYM_CHARS_MAX)
  if (long !== undefined) return `has a term of more than ${SYNONYM_CHARS_MAX} characters`
  if (new Set(terms.map(keyOf)).size < terms.length) return 'has a term twice'
  return { kind: isSame ? 'same' : 'narrower', terms }
}

/** Other ways to write one interest that are used. Each costs about a microsecond when the interest is first read. */
const FORMS_MAX = 16

/** Indexes synonyms. They are applied once: a synonym of a synonym is none. */
export function createSynonyms(lines: readonly SynonymLine[]): Synonyms {
  const same = new Map<string, Synonym[]>()
  const narrower = new Map<string, Synonym[]>()
  const broader = new Map<string, Synonym[]>()
  for (const { kind, terms } of lines) {
    const forms = terms.map((shown) => ({ shown, phrase: phraseOf(shown) }))
    for (const [at, form] of forms.entries()) {
      const others = forms.filter((each) => each !== form)
      if (kind === 'same') add(same, form.phrase, others)
      else if (at === 0) add(narrower, form.phrase, others)
      else add(broader, form.phrase, forms.slice(0, 1))
    }
  }
  const beginnings = new Set([...same.keys()].map((phrase) => phrase.split(' ')[0] ?? ''))
  return {
    of(text) {
      const words = wordsOf(text)
      const stems = words.map(stem)
      const phrase = stems.join(' ')
      const whole = same.get(phrase) ?? []
      const belonging = [phrase, ...whole.map((form) => form.phrase)].flatMap((each) => narrower.get(each) ?? [])
      const found = new Map<string, Synonym>()
      for (const form of [...whole, ...belonging, ...partsReplaced(words, stems, { same, beginnings })])
        if (form.phrase !== phrase && found.size < FORMS_MAX && !found.has(keyOf(form.shown)))
          found.set(keyOf(form.shown), form)
      return [...found.values()]
    },
    broader: (text) => (broader.get(phraseOf(text)) ?? []).map(({ shown }) => shown),
  }
}

/** Returns the phrase with one of its parts replaced by a synonym: `LLM agents` as `large language model agents`. */
function partsReplaced(
  words: readonly string[],
  stems: readonly Stem[],
  {
    same,
    beginnings,
  }: { readonly same: ReadonlyMap<string, readonly Synonym[]>; readonly beginnings: ReadonlySet<Stem> },
): readonly Synonym[] {
  const found: Synonym[] = []
  // Most words begin no synonym, so most interests end here.
  if (words.length === 1 || !stems.some((each) => beginnings.has(each))) return found
  for (let length = words.length - 1; length > 0; length -= 1)
    for (let from = 0; from + length <= words.length; from += 1) {
      if (!beginnings.has(stems[from] ?? '')) continue
      for (const { shown } of same.get(stems.slice(from, from + length).join(' ')) ?? []) {
        const replaced = [...words.slice(0, from), shown, ...words.slice(from + length)].join(' ')
        found.push({ shown: replaced, phrase: phraseOf(replaced) })
      }
    }
  return found
}

function add(to: Map<string, Synonym[]>, phrase: string, forms: readonly Synonym[]): void {
  to.set(phrase, [...(to.get(phrase) ?? []), ...forms])
}

/** Returns what two spellings of a term have in common. `robot` and `robotic` are two terms, although they have one stem. */
function keyOf(term: string): string {
  return wordsOf(term).map(singular).join(' ')
}

function phraseOf(term: string): string {
  return stemsOf(term).join(' ')
}

let bundledLines: readonly SynonymLine[] | null = null
let bundled: Synonyms | null = null

/** Returns the lines of src/ranking/words/synonyms.txt. The file is read once. */
export function bundledSynonymLines(): readonly SynonymLine[] {
  bundledLines ??= parseSynonyms(readFileSync(join(PACKAGE_ROOT, 'src/ranking/words/synonyms.txt'), 'utf8')).lines
  return bundledLines
}

/** Returns the synonyms of an installation that adds none of its own. */
export function bundledSynonyms(): Synonyms {
  bundled ??= createSynonyms(bundledSynonymLines())
  return bundled
}
