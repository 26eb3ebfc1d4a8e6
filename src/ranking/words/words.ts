import { cached } from '../../platform/cache.ts'

/** A word without its endings: `agents`, `agent’s` and `Agent` have one stem. */
export type Stem = string

/** The folded words of a text, in order: no accents, no case, whole words only, `c++` and `c#` kept. */
export function wordsOf(text: string): string[] {
  const folded = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    // A word broken by a hyphen is its parts, as `fine-tuning` is `fine tuning`; an apostrophe ends a word.
    .replace(/[’']s\b/g, '')
  return folded.match(/[\p{L}\p{N}+#]+/gu) ?? []
}

/** The stems of a text, in order. */
export function stemsOf(text: string): Stem[] {
  return wordsOf(text).map(stem)
}

const kept = new Map<string, Stem>()
const STEMS_KEPT_MAX = 50_000

/** A light English stem: plurals and the commonest endings of verbs and nouns; short words stay as they are. */
export function stem(word: string): Stem {
  return cached(kept, word, STEMS_KEPT_MAX, () => (/^[a-z]{4,}$/.test(word) ? ending(singular(word)) : word))
}

/** Folds English plurals: `agents`, `policies`; not `bias`, `corpus`, `loss`. */
function singular(word: string): string {
  if (/(ss|us|is|as)$/.test(word)) return word
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`
  if (/(ss|x|ch|sh|z)es$/.test(word)) return word.slice(0, -2)
  return word.endsWith('s') ? word.slice(0, -1) : word
}

/** The longest first; each with what must be left before it. */
const ENDINGS: readonly (readonly [ending: string, instead: string])[] = [
  ['ization', 'iz'],
  ['isation', 'iz'],
  ['ational', 'at'],
  ['ation', 'at'],
  ['ising', 'iz'],
  ['izing', 'iz'],
  ['ized', 'iz'],
  ['ised', 'iz'],
  ['ize', 'iz'],
  ['ise', 'iz'],
  ['ating', 'at'],
  ['ated', 'at'],
  ['ative', 'at'],
  ['ator', 'at'],
  ['ate', 'at'],
  ['tion', 't'],
  ['ting', 't'],
  ['ted', 't'],
  ['tive', 't'],
  ['sion', 's'],
  ['ment', ''],
  ['ness', ''],
  ['ing', ''],
  ['ity', ''],
  ['ed', ''],
  ['er', ''],
  ['or', ''],
  ['al', ''],
  ['ly', ''],
  ['e', ''],
  ['y', 'i'],
]
const STEM_CHARS_MIN = 4

function ending(word: string): string {
  for (const [end, instead] of ENDINGS) {
    if (!word.endsWith(end)) continue
    const left = word.slice(0, word.length - end.length) + instead
    if (left.length < STEM_CHARS_MIN) continue
    // `planning` and `plan`, `tagged` and `tag`: one letter of a doubled pair goes.
    return /([bdgmnprt])\1$/.test(left) ? left.slice(0, -1) : left
  }
  return word
}

/** Words that say nothing of what a paper is about. */
const EMPTY = new Set(
  'a an and are as at be by can for from has have how in into is it its of on or our that the their these this those to us using via was we were what when which while with without within'.split(
    ' ',
  ),
)

/** Words that say nothing of what somebody likes, however rare they are in a small archive. */
const COLOURLESS = new Set(
  'about above across after again against all almost along already also although always among any around ask back because been before being below between both but could did do does doing done down during each either else enough even every far few first further get give go half here high however if instead just keep know large last later least less let like little long lose low make many may mean might more most much must near need never new next no nor not now off often once one only onto other others out over own per rather same second see several she he should show since small so some something still such take than them then there they thing three through thus time together too toward towards two under until up upon use very want well were what whether who whole whose why will would yet you your paper papers work works method methods approach approaches propose proposes proposed present presents result results novel study studies introduce introduces demonstrate demonstrates achieve achieves experiment experiments existing recent cannot actual actually free potential simply directly able state art paradigm challenge challenges task tasks model models data approach new strong effective efficient key core full significant substantial various diverse validation performance outperform outperforms significantly improve improves based framework'.split(
    ' ',
  ),
)

/** Whether a word can say what somebody likes. */
export function isContentWord(word: string): boolean {
  return /\p{L}{2}/u.test(word) && hasContentWords(word) && !COLOURLESS.has(word)
}

/** Whether a word says something. */
export function hasContentWords(word: string): boolean {
  return !EMPTY.has(word)
}
