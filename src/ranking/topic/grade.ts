import type { FoldedText } from './folded-text.ts'
import type { SynonymForm, Topic, TopicForm } from './topic.ts'
import { unitOf, type WordPlaces } from './word-places.ts'

/** How surely a paper is about a topic. A higher grade is a better match. */
export const GRADE = {
  none: 0,
  /** It has all the words, but not in one sentence. */
  scattered: 1,
  /** It has all the words in one sentence, but far apart; or another form of a word that is in many papers. */
  apart: 2,
  /** It has a word once that is in many papers. */
  once: 3,
  /** It mentions the topic in passing, or has its words in the title in another order. */
  mention: 4,
  /** It is about the topic. */
  full: 5,
  /** Its title or a keyword names the topic. */
  named: 6,
} as const
export type Grade = (typeof GRADE)[keyof typeof GRADE]

/** From this grade on, a paper is a match. Lower grades are not shown as a match to anybody. */
export const MATCH = GRADE.mention
/** From this grade on, a muted term excludes a paper. */
export const MUTED = GRADE.apart

/** The words of a topic are close together within this many words of one sentence. A longer topic has this many more than its own. */
const CLOSE_WORDS = 6
const CLOSE_WORDS_MORE = 2
/** A topic that an abstract names this often is not only mentioned. */
const TIMES_NAMED_MIN = 2

/** Returns the grade of a paper for a topic: that of its best form. */
export function gradeOf(topic: Topic, paper: FoldedText): Grade {
  let best = hasOtherMeaning(topic, topic, paper) ? GRADE.none : formGrade(topic, topic.isBroad, paper)
  for (const form of topic.others) {
    if (best === GRADE.named) return best
    const grade = formGrade(form, topic.isBroad, paper)
    if (grade > best) best = grade
  }
  // A keyword is no proof here: “cross-modal alignment” is one, too.
  return topic.isAside && best > GRADE.once && !isInTitle(topic, paper) ? GRADE.once : best
}

function isInTitle({ phrase }: Topic, { titleText }: FoldedText): boolean {
  return titleText.includes(` ${phrase} `)
}

/** Returns the synonym of which a paper speaks most surely, or null. A synonym that is only mentioned is no match. */
export function synonymIn(topic: Topic, paper: FoldedText): SynonymForm | null {
  let [best, highest]: [SynonymForm | null, Grade] = [null, GRADE.mention]
  for (const synonym of topic.synonyms) {
    if (!synonym.stems.every((each) => paper.weights.has(each))) continue
    const places = paper.places()
    const found = places.ofPhrase(synonym.phrase)
    // `diagnose` is not the synonym “diagnosis”.
    const [word = '', ...rest] = synonym.words
    const same = rest.length > 0 ? found : found.filter((place) => isSameNoun(word, places.wordAt(place)))
    const grade = phraseGrade(same, synonym.isBroad, places)
    if (grade > highest && !hasOtherMeaning(synonym, topic, paper)) [best, highest] = [synonym, grade]
  }
  return best
}

/** Returns whether a paper spells out another meaning of an abbreviation: TTS is test-time scaling in some, and text to speech in others. */
export function hasOtherMeaning(
  { phrase, stems }: Pick<TopicForm, 'phrase' | 'stems'>,
  { phrase: own, others, synonyms }: Topic,
  paper: FoldedText,
): boolean {
  if (stems.length > 1 || !paper.weights.has(phrase)) return false
  const known = [own, ...others.map((each) => each.phrase), ...synonyms.map((each) => each.phrase)].filter((each) =>
    each.includes(' '),
  )
  // Without a known meaning, every meaning may be the one.
  const meaning = known.length === 0 ? undefined : paper.meanings().get(phrase)
  return meaning !== undefined && !known.includes(meaning)
}

/** Returns the grade for one form of a topic. All words are looked up first, because most papers lack one of them. */
function formGrade(form: TopicForm, isBroad: boolean, paper: FoldedText): Grade {
  const { stems, words, phrase } = form
  for (const each of stems) if (!paper.weights.has(each)) return GRADE.none
  const places = paper.places()
  if (phrase === stems[0]) return wordGrade(places.of(phrase), words[0], isBroad, places)
  const named = phraseGrade(places.ofPhrase(phrase), isBroad, places)
  if (named >= GRADE.full || stems.length === 1) return named
  const close = closeGrade(form, places)
  if (close > named) return close
  return named
}

/**
 * Returns the grade for a phrase: full in the body of the abstract, or in several places. A topic that is in many papers needs
 * several places.
 */
function phraseGrade(found: readonly number[], isBroad: boolean, places: WordPlaces): Grade {
  if (found.length === 0) return GRADE.none
  if (found.some((place) => places.isTitle(place) || places.isKeyword(place))) return GRADE.named
  const isFull = found.length >= TIMES_NAMED_MIN || (!isBroad && found.some((place) => !places.isPassing(place)))
  return isFull ? GRADE.full : GRADE.mention
}

/**
 * Returns the grade for a single word. It says less than a phrase: once, it must be in a sentence on what the work itself does, and
 * a keyword adds nothing to a mention. In an abstract it counts only in its own form: “the gain translates to” is not “translation”.
 * A word in many papers counts only so in a title, too, because `aligned` is not “alignment”.
 */
function wordGrade(all: Int32Array, own: string | undefined, isBroad: boolean, places: WordPlaces): Grade {
  const found = own === undefined ? [...all] : [...all].filter((place) => isSameNoun(own, places.wordAt(place)))
  if ((isBroad ? found : [...all]).some((place) => places.isTitle(place))) return GRADE.named
  const inAbstract = found.filter((place) => !places.isKeyword(place))
  if (found.length > 0 && inAbstract.length === 0) return GRADE.full
  if (inAbstract.length >= TIMES_NAMED_MIN) return GRADE.full
  if (found.length === 0) return GRADE.apart
  if (isBroad) return GRADE.once
  return inAbstract.some((place) => places.isOwnWork(place)) ? GRADE.full : GRADE.mention
}

/** `quantisation` is `quantization`. */
const BRITISH = /is(?=ations?$|ers?$|ing$)/

/** Returns whether two words of one stem are the same, apart from the plural and the spelling. */
function isSameNoun(one: string, other: string): boolean {
  const [a, b] = [one.replace(BRITISH, 'iz'), other.replace(BRITISH, 'iz')]
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  return long === short || long === `${short}s` || long === `${short}es` || long === `${short.slice(0, -1)}ies`
}

/**
 * Returns the grade for words that are not a phrase. They match fully in the order of the topic with at most one other word at
 * each place, or in another order with only words such as `of` between. In a title and in a keyword they may be farther apart.
 */
function closeGrade({ stems, phrase }: TopicForm, places: WordPlaces): Grade {
  const each = stems.map((word) => places.of(word))
  const span = Math.max(CLOSE_WORDS, stems.length + CLOSE_WORDS_MORE)
  const next = each.map(() => 0)
  let best: Grade = GRADE.scattered
  for (;;) {
    const window = each.map((own, at) => own[next[at] ?? 0] ?? -1)
    // After its last place, no further window has this word.
    if (window.includes(-1)) return best
    const [first, last] = [Math.min(...window), Math.max(...window)]
    const grade: Grade =
      unitOf(first) === unitOf(last) ? windowGrade(window, last - first < span, phrase, places) : GRADE.scattered
    if (grade >= GRADE.full) return grade
    if (grade > best) best = grade
    const lowest = window.indexOf(first)
    next[lowest] = (next[lowest] ?? 0) + 1
  }
}

function windowGrade(window: readonly number[], isClose: boolean, phrase: string, places: WordPlaces): Grade {
  const [first, last] = [Math.min(...window), Math.max(...window)]
  const isHeading = places.isTitle(first) || places.isKeyword(first)
  const inOrder = window.every((place, at) => at === 0 || place > (window[at - 1] ?? 0))
  const room = window.length - 1
  // `image editing` is in “image and video editing”, and `code generation` in “generation of code”. `text to video` is more than its words.
  const isSaid = inOrder
    ? last - first <= room + room
    : places.isOneClause(first, last) && places.contentWords(first, last) === window.length
  if (phrase.includes(' to ')) return GRADE.apart
  if (!isClose || !isSaid) return isHeading ? GRADE.mention : GRADE.apart
  if (places.isPassing(last)) return GRADE.mention
  return isHeading ? GRADE.named : GRADE.full
}
