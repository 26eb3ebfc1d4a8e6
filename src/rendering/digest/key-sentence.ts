import { BRIEF_WORDS_MAX, KEY_SENTENCE_CHARS_MAX } from '../../../config/limits.ts'
import { sentencesOf } from '../../text/sentences.ts'
import { NEW, PART, worthOf } from './key-sentence/cues.ts'
import { CLARITY, clarityOf } from './key-sentence/self-contained.ts'
import { type Mention, mentionsOf, workNames } from './key-sentence/work-names.ts'

/**
 * Returns the sentence of an abstract that best states its result or claim, and names its subject. It is always quoted word
 * for word. Sentences are scored by cue phrases, figures, position and length; the earlier one wins a tie. A result that
 * says only “it” or “our method”, or has no figure, gives way to the sentence that introduces the work. Without any
 * claim, it is the first sentence. Pure.
 * @param title names the work: `Lantern: A Cache for …`.
 */
export function keySentenceOf(abstract: string, title = ''): string {
  const text = abstract.trim()
  const rated = ratedOf(text, title)
  const claims = rated.filter(({ worth, clarity }) => worth > 0 || clarity === CLARITY.full)
  const best = claims.reduce((most, each) => (isBetter(each, most) ? each : most), claims[0])
  return shortened(best?.sentence ?? rated[0]?.sentence ?? '')
}

interface Rated {
  readonly sentence: string
  readonly clarity: number
  readonly worth: number
}

function ratedOf(text: string, title: string): readonly Rated[] {
  const sentences = sentencesOf(text).map(({ from, to }) => text.slice(from, to))
  const names = workNames(title, sentences)
  let introduced = false
  return sentences.map((sentence, index) => {
    const isNew = !introduced && NEW.test(sentence) && !PART.test(sentence)
    introduced ||= isNew
    const mentions = names.flatMap((name) => mentionsOf(sentence, name))
    const place = index / Math.max(1, sentences.length - 1)
    return {
      sentence,
      clarity: clarityOf(sentence, { names, mentions, isNew }),
      worth: worthOf(sentence, { place, isNew, named: namedWorth(sentence, mentions) }),
    }
  })
}

function isBetter(one: Rated, other: Rated | undefined): boolean {
  if (other === undefined || one.clarity !== other.clarity) return one.clarity > (other?.clarity ?? -1)
  return one.worth > other.worth
}

const NAMED_WORTH = 0.75

/** A name that a card of two lines cuts off costs. */
function namedWorth(sentence: string, mentions: readonly Mention[]): number {
  if (mentions.length === 0) return 0
  const words = sentence.slice(0, Math.min(...mentions.map(({ to }) => to))).split(' ').length
  return words <= BRIEF_WORDS_MAX ? NAMED_WORTH : -NAMED_WORTH
}

/** Shortens text without sentence ends at a clause or a word. */
function shortened(sentence: string): string {
  if (sentence.length <= KEY_SENTENCE_CHARS_MAX) return sentence
  const head = sentence.slice(0, KEY_SENTENCE_CHARS_MAX)
  const ends = ['; ', ', '].map((sign) => head.lastIndexOf(sign))
  const at = ends.find((end) => end > KEY_SENTENCE_CHARS_MAX / 2) ?? head.lastIndexOf(' ')
  return whole(head.slice(0, at > 0 ? at : head.length)).trimEnd()
}

/** Removes half of a surrogate pair at the end. */
function whole(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text
}
