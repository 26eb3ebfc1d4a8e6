import type { Lexicon } from '../words/lexicon.ts'
import { isStopWord, type Stem, stem, stemsOf, wordsOf } from '../words/words.ts'

/** One way to write a topic, in stems: the whole phrase, and its words without stop words. */
export interface TopicForm {
  /** As it is written. Empty if only the stems are known. */
  readonly words: readonly string[]
  readonly stems: readonly Stem[]
  readonly phrase: string
}

/** A synonym of a topic. It matches only as a phrase. */
export interface SynonymForm {
  /** As it is shown to the subscriber. */
  readonly shown: string
  readonly words: readonly string[]
  readonly stems: readonly Stem[]
  readonly phrase: string
  readonly isBroad: boolean
}

/** A word or phrase of an interest, ready to be matched. */
export interface Topic extends TopicForm {
  /** Other ways to write it: its abbreviation or expansion. */
  readonly others: readonly TopicForm[]
  readonly synonyms: readonly SynonymForm[]
  /** Whether so many papers of the archive have its word that one place says little. */
  readonly isBroad: boolean
  /** Whether it is a broad word that is seldom in a title. It is the subject of a paper only if it is in the title. */
  readonly isAside: boolean
}

/** A word in more than this share of an archive is broad. A phrase is broad if each of its words is in more than the second share. */
const BROAD_WORD_SHARE = 0.05
const BROAD_WORDS_SHARE = 0.2
/** A smaller archive does not say which words are broad. */
const BROAD_PAPERS_MIN = 200

/** Parses an interest such as `large language models (LLMs)`. Returns null if it contains no words. */
export function readTopic(text: string, lexicon: Lexicon): Topic | null {
  const outside = text.replace(/\(([^)]*)\)/g, ' ').trim()
  const inside = /\(([^)]*)\)/.exec(text)?.[1] ?? ''
  // In `phrase (ABBREVIATION)` both mean the same. In `robots (hands)` they do not.
  const isBoth = outside !== '' && inside.trim() !== '' && (isShort(inside) || isShort(outside))
  const own = formOf(wordsOf(isBoth ? outside : text))
  if (own === null) return null
  const { phrase, stems } = own
  const known = phrase.includes(' ') ? lexicon.abbreviation(phrase) : lexicon.expansion(phrase)?.join(' ')
  const others = [isBoth ? stemsOf(inside).join(' ') : known].flatMap((other) =>
    other === undefined || other === null || other === phrase ? [] : (otherForm(other) ?? []),
  )
  const synonyms = lexicon.synonyms(own.words.join(' ')).flatMap(({ shown, phrase: other }) => {
    const form = others.some((each) => each.phrase === other) ? null : otherForm(other)
    return form === null
      ? []
      : [{ shown, words: wordsOf(shown), stems: form.stems, phrase: other, isBroad: areBroad(form.stems, lexicon) }]
  })
  const isBroad = areBroad(stems, lexicon)
  return { ...own, others, synonyms, isBroad, isAside: isBroad && isAside(stems, lexicon) }
}

function areBroad(stems: readonly Stem[], lexicon: Lexicon): boolean {
  const share = stems.length === 1 ? BROAD_WORD_SHARE : BROAD_WORDS_SHARE
  return lexicon.papers >= BROAD_PAPERS_MIN && stems.every((each) => lexicon.papersWith(each) > share * lexicon.papers)
}

/** Titles name a word that papers are about, such as `agents`. In others, such as `alignment`, most papers mean something else. */
const TITLE_SHARE_MIN = 0.2

function isAside([word = '', ...rest]: readonly Stem[], lexicon: Lexicon): boolean {
  return rest.length === 0 && lexicon.titlesWith(word) < TITLE_SHARE_MIN * lexicon.papersWith(word)
}

/** Returns whether a text is an abbreviation: one word with two capitals. */
function isShort(text: string): boolean {
  return /^\s*[\p{L}\p{N}-]*\p{Lu}[\p{L}\p{N}-]*\p{Lu}[\p{L}\p{N}-]*\s*$/u.test(text)
}

/** Returns the form of some words, or null without any. */
function formOf(words: readonly string[]): TopicForm | null {
  const content = words.filter((word) => !isStopWord(word))
  const phrase = words.map(stem).join(' ')
  return phrase === '' ? null : { words, stems: (content.length === 0 ? words : content).map(stem), phrase }
}

/** Returns the form of a phrase that is known only by its stems. */
function otherForm(phrase: string): TopicForm | null {
  const stems = phrase.split(' ').filter((each) => !isStopWord(each))
  return stems.length === 0 ? null : { words: [], stems, phrase }
}
