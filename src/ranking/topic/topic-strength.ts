import type { Lexicon } from '../words/lexicon.ts'
import type { Stem } from '../words/words.ts'
import type { FoldedText } from './folded-text.ts'
import { GRADE, type Grade, gradeOf, synonymIn } from './grade.ts'
import type { Topic, TopicForm } from './topic.ts'

const K1 = 1.2
const B = 0.5
/** The bonus for an exact phrase, as a share of the rarity of its words. */
const PHRASE_IN_TITLE = 0.6
const PHRASE_IN_TEXT = 0.8
/** The bonus if each pair of neighbouring words is in the text. */
const PAIR = 0.3
/** The share of its strength that a match of each grade keeps. Chosen on past months (docs/internals/ranking-figures.md). */
export const SHARE: Readonly<Record<Grade, number>> = {
  [GRADE.none]: 0.5,
  [GRADE.scattered]: 0.3,
  [GRADE.apart]: 0.3,
  [GRADE.once]: 0.85,
  [GRADE.mention]: 0.85,
  [GRADE.full]: 1,
  [GRADE.named]: 1,
}

/** An abbreviation or a long form counts this share of the words as they were typed. Chosen on past months. */
const OTHER_SHARE = 0.5
/** The weight of a synonym, compared with the words as they were typed. With a higher one, papers with the typed words come too late. */
const SYNONYM_SHARE = 0.3

/** How a paper matches an interest. */
export interface TopicMatch {
  readonly grade: Grade
  /** 0 without any of the words. */
  readonly strength: number
  /** The synonym by which it matches, or null. */
  readonly synonym: string | null
}

/** The strength of a match depends on these, too. */
interface Measures {
  readonly lexicon: Lexicon
  /** The mean length of the papers. */
  readonly usualLength: number
}

/**
 * Returns how a paper matches a topic, by its own words or by a synonym. A synonym never has the highest grade, so that an
 * explanation names an interest whose own words the paper has.
 */
export function matchTopic(
  topic: Topic,
  paper: FoldedText,
  measures: Measures,
  asWritten: Grade = gradeOf(topic, paper),
): TopicMatch {
  const synonym = asWritten < GRADE.full ? synonymIn(topic, paper) : null
  const own = topicStrength(topic, asWritten, paper, measures)
  if (synonym === null) return { grade: asWritten, strength: own, synonym: null }
  const others = SYNONYM_SHARE * strengthOf(synonym, paper, measures.lexicon, measures.usualLength)
  return { grade: GRADE.full, strength: Math.max(own, others), synonym: synonym.shown }
}

/**
 * Returns the strength of a paper for a topic; 0 without any of its words. It is BM25 over fields (Robertson, Zaragoza and
 * Taylor 2004) with a bonus for phrases: the paper’s share of the highest possible score, times the rarity of the words. A rare
 * interest therefore counts more than a common one. A match of a lower grade counts less.
 */
function topicStrength(topic: Topic, grade: Grade, paper: FoldedText, { lexicon, usualLength }: Measures): number {
  let strongest = strengthOf(topic, paper, lexicon, usualLength)
  for (const form of topic.others)
    strongest = Math.max(strongest, OTHER_SHARE * strengthOf(form, paper, lexicon, usualLength))
  return SHARE[grade] * strongest
}

function strengthOf(
  { stems, phrase }: Pick<TopicForm, 'stems' | 'phrase'>,
  paper: FoldedText,
  lexicon: Lexicon,
  usualLength: number,
): number {
  let [score, rarity] = [0, 0]
  const lengthNorm = K1 * (1 - B + (B * paper.length) / usualLength)
  for (const each of stems) {
    const idf = lexicon.idf(each)
    const weight = paper.weights.get(each) ?? 0
    rarity += idf
    score += (idf * weight) / (weight + lengthNorm)
  }
  if (score === 0 || rarity === 0) return 0
  let phraseBonus = 0
  if (paper.titleText.includes(` ${phrase} `)) phraseBonus = PHRASE_IN_TITLE
  else if (paper.text.includes(` ${phrase} `)) phraseBonus = PHRASE_IN_TEXT
  else if (stems.length > 2) phraseBonus = PAIR * pairShare(stems, paper)
  return (score / rarity + phraseBonus) * rarity
}

/** Returns the share of the topic’s neighbouring words that are also neighbours in the paper. */
function pairShare(stems: readonly Stem[], paper: FoldedText): number {
  let found = 0
  for (let i = 1; i < stems.length; i += 1) if (paper.text.includes(` ${stems[i - 1]} ${stems[i]} `)) found += 1
  return found / (stems.length - 1)
}
