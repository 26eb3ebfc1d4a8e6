import { cached } from '../../platform/cache.ts'
import { withoutAccents } from '../../text/fold.ts'
import { familyStem } from './word-families.ts'

/** A word without its endings: `agents`, `agent’s` and `Agent` have one stem. */
export type Stem = string

/** Returns the words of a text, in order, without accents and in lower case. `c++` and `c#` are words, too. */
export function wordsOf(text: string): string[] {
  const folded = withoutAccents(text)
    .toLowerCase()
    // The `’s` is removed. A hyphen separates two words: `fine-tuning` is `fine tuning`.
    .replace(/[’']s\b/g, '')
  return folded.match(/[\p{L}\p{N}+#]+/gu) ?? []
}

/** Returns the stems of a text, in order. */
export function stemsOf(text: string): Stem[] {
  return wordsOf(text).map(stem)
}

const stemCache = new Map<string, Stem>()
const STEMS_CACHED_MAX = 50_000

/** Returns the stem that all forms of an English word share: `robots` and `robotics`, `scalable` and `scalability`. */
export function stem(word: string): Stem {
  return cached(stemCache, word, STEMS_CACHED_MAX, () => familyStem(word))
}

/** Stop words: they do not say what a paper is about. */
const STOP_WORDS = new Set(
  'a an and are as at be by can for from has have how in into is it its of on or our that the their these this those to us using via was we were what when which while with without within'.split(
    ' ',
  ),
)

/** Words that do not say what somebody likes, even if they are rare in a small archive. */
const GENERIC_WORDS = new Set(
  'about above across after again against all almost along already also although always among any around ask back because been before being below between both but could did do does doing done down during each either else enough even every far few first further get give go half here high however if instead just keep know large last later least less let like little long lose low make many may mean might more most much must near need never new next no nor not now off often once one only onto other others out over own per rather same second see several she he should show since small so some something still such take than them then there they thing three through thus time together too toward towards two under until up upon use very want well were what whether who whole whose why will would yet you your paper papers work works method methods approach approaches propose proposes proposed present presents result results novel study studies introduce introduces demonstrate demonstrates achieve achieves experiment experiments existing recent cannot actual actually free potential simply directly able state art paradigm challenge challenges task tasks model models data approach new strong effective efficient key core full significant substantial various diverse validation performance outperform outperforms significantly improve improves based framework'.split(
    ' ',
  ),
)

/** Returns whether a word can say what somebody likes. */
export function isContentWord(word: string): boolean {
  return /\p{L}{2}/u.test(word) && !isStopWord(word) && !GENERIC_WORDS.has(word)
}

/** Returns whether a word does not say what a paper is about, such as `the`. */
export function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word)
}
