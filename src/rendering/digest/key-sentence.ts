import { KEY_SENTENCE_CHARS_MAX, KEY_SENTENCE_CHARS_MIN } from '../../../config/limits.ts'
import { sentencesOf } from '../../text/sentences.ts'

/**
 * Returns the sentence of an abstract that best states its result or claim. It is always quoted word for word.
 * Sentences are scored by cue phrases, figures, position and length; the earlier one wins a tie. Without any claim, it
 * is the first sentence. Pure.
 * @param title raises the score of a sentence that contains the name in the title.
 */
export function keySentenceOf(abstract: string, title = ''): string {
  const text = abstract.trim()
  const sentences = sentencesOf(text).map(({ from, to }) => text.slice(from, to))
  const name = nameIn(title)
  let best = sentences[0] ?? ''
  let most = 0
  let introduced = false
  for (const [index, sentence] of sentences.entries()) {
    const worth = worthOf(sentence, { place: index / Math.max(1, sentences.length - 1), name, introduced })
    introduced ||= NEW.test(sentence)
    if (worth > most) {
      best = sentence
      most = worth
    }
  }
  return best.length > KEY_SENTENCE_CHARS_MAX ? shortened(best) : best
}

interface Cue {
  readonly words: RegExp
  readonly worth: number
}

/** Cue phrases of a claim. Each counts once. */
const CUES: readonly Cue[] = [
  // Results.
  {
    words:
      /\b(?:we|results|experiments?|evaluations?|analys[ie]s|findings|study|paper|work|investigation) (?:\w+ly |further |also |empirically )?(?:show|find|found|demonstrate|prove|observe|discover|reveal|establish|uncover|identify|conclude)s?\b/i,
    worth: 2,
  },
  { words: /\b(?:outperform|surpass|exceed|beat|rival|match)(?:s|es|ed|ing)?\b/i, worth: 1.5 },
  { words: /\b(?:achiev|attain|reach|yield|deliver)(?:es?|ed|s|ing)?\b/i, worth: 1 },
  { words: /\b(?:improv|reduc|increas|boost|accelerat|enhanc|cut|lower|speed)\w*\b[^.]{0,60}\bby\b/i, worth: 1 },
  { words: /\b(?:state[- ]of[- ]the[- ]art|sota|best)\b/i, worth: 0.5 },
  {
    words:
      /\b(?:fewer|faster|smaller|cheaper|better|worse|higher|less) [^.]{0,60}\bthan\b|\bwithout (?:any|losing|sacrificing|additional)\b/i,
    worth: 0.75,
  },
  { words: /\b(?:fewer|faster|smaller|cheaper|better|stronger|higher|lower)\b|\bspeed-?ups?\b/i, worth: 0.5 },
  { words: /\bis (?:the first|a (?:novel|new|simple|unified))\b/i, worth: 0.5 },
]

/** Novelty. The first sentence of this kind names the work; later ones name its parts. */
const NEW =
  /\b(?:we|this (?:paper|work|report|article|study|survey|review|tutorial)) (?:therefore |thus |then |first |formally |also |further )?(?:introduce|propose|present|develop|design|build|release|report|describe|unveil)s?\b|\bby (?:introducing|proposing|presenting)\b/i
/** The subject of a study, for abstracts without results: a survey’s claim is what it covers. */
const STUDIED =
  /\b(?:we|this (?:paper|work|report|article|study|survey|review|tutorial)) (?:\w+ly |first |also )?(?:study|studie|investigate|explore|examine|conduct|revisit|survey|review|provide|offer|cover|analy[sz]e|formali[sz]e|organi[sz]e|categori[sz]e|unifie|unify|train|address|construct|collect|curate|create|establish|use)(?:s|es)?\b/i
const STUDIED_WORTH = 1
const NEW_WORTH = 2.25
const NEW_AGAIN_WORTH = 1

/** A measured figure: `12.3%`, `2.5x`, `10× faster`, `by 4 points`. */
const FIGURE = /\d(?:[\d.,]*\d)?\s?(?:%|percent|×|x\b|times|points?\b|pp\b|BLEU|mAP|FPS|dB)/i

/** Cue phrases that lower the score. */
const BURDENS: readonly Cue[] = [
  {
    words:
      /\b(?:https?:\/\/|www\.|github\.com|huggingface\.co)|\b(?:code|data(?:set)?s?|models?|weights|demos?|project page)\b[^.]{0,60}\b(?:available|released|accessible|open-?sourced|found at)\b/i,
    worth: 4,
  },
  {
    words: /\bwe (?:will )?(?:open-?source|release|make)\b[^.]{0,80}\b(?:code|data|weights|models?|public)/i,
    worth: 2.5,
  },
  { words: /\?$/, worth: 2 },
  {
    words:
      /\b(?:future work|we hope|we believe|paves? the way|lays? the (?:ground|foundation)|opens? (?:up )?new|insights? (?:for|into)|potential (?:of|for|to))\b/i,
    worth: 1.5,
  },
  {
    words:
      /^(?:recent|existing|current|previous|prior|traditional|conventional|despite|although|while|most|many|in recent years|with the)\b/i,
    worth: 1,
  },
  { words: /^(?:however|yet|unfortunately|but|nevertheless)\b/i, worth: 1.5 },
  {
    words:
      /^(?:this|these|those|it|they|such|its|their|he|she|both|the (?:former|latter))\b(?! (?:paper|work|report|article|study)\b)/i,
    worth: 0.75,
  },
  { words: /\b(?:conclude|begin|end) (?:the|this|with|by)\b|\broadmap\b/i, worth: 1.5 },
  { words: /^(?:for (?:example|instance)|e\.g\.)/i, worth: 1 },
  {
    words:
      /^(?:moreover|furthermore|additionally|besides|in addition|specifically|concretely|in fact|together|finally|lastly|then|second(?:ly)?|third(?:ly)?|also)\b/i,
    worth: 0.5,
  },
  {
    words:
      /^(?:concurrently|in parallel|meanwhile|based on|building (?:up)?on|guided by|inspired by|motivated by|in particular|to (?:achieve|improve|enhance|enable|support|facilitate|further|ensure|evaluate|validate) (?!\w+ (?:challenge|gap))|next|first)/i,
    worth: 0.75,
  },
  {
    words: /\b(?:this|these|such) (?:challenge|difficult|limitation|issue|problem|gap|shortcoming|bottleneck)/i,
    worth: 0.25,
  },
  {
    words:
      /\b(?:key |main |core |major |novel )?(?:innovations|contributions|components|stages|modules|designs|findings|aspects|steps)[.:]$/i,
    worth: 0.75,
  },
  // Fits every paper.
  { words: /\b(?:extensive|comprehensive) (?:experiments|evaluations?|results)\b/i, worth: 0.5 },
  {
    words: /\b(?:effectiveness|superiority|efficacy|promising|validity|robustness) (?:of|results?|performance)\b/i,
    worth: 1,
  },
  {
    words:
      /\b(?:remains?|have (?:shown|achieved|emerged|become)|has (?:shown|achieved|emerged|become)|have been|has been)\b/i,
    worth: 1,
  },
]

interface Setting {
  /** Position: 0 for the first sentence of its abstract, 1 for the last. */
  readonly place: number
  readonly name: string | null
  /** Whether an earlier sentence already matches `NEW`. */
  readonly introduced: boolean
}

function worthOf(sentence: string, { place, name, introduced }: Setting): number {
  const sum = (cues: readonly Cue[]) =>
    cues.reduce((total, { words, worth }) => total + (words.test(sentence) ? worth : 0), 0)
  const isNew = NEW.test(sentence)
    ? introduced
      ? NEW_AGAIN_WORTH
      : NEW_WORTH
    : STUDIED.test(sentence)
      ? STUDIED_WORTH
      : 0
  const claimed = isNew + sum(CUES) + (FIGURE.test(sentence) ? 1 : 0)
  if (claimed === 0) return 0
  const named = name !== null && sentence.includes(name) ? 0.75 : 0
  return claimed + named - sum(BURDENS) + (place > 0.25 ? 0.5 : 0) - tooLong(sentence.length)
}

/** Returns the penalty for a sentence that is very short or long. */
function tooLong(chars: number): number {
  if (chars < KEY_SENTENCE_CHARS_MIN) return 2
  return chars <= COMFORTABLE_CHARS ? 0 : ((chars - COMFORTABLE_CHARS) / 100) * 0.75
}

const COMFORTABLE_CHARS = 240

/** Returns the name before the colon of a title (`Lantern: Sparse Retrieval …`), or null. */
function nameIn(title: string): string | null {
  const name = /^([^\s:]{3,30})(?: ?[\d.]+)?:/u.exec(title)?.[1] ?? null
  return name !== null && /\p{Lu}/u.test(name) ? name : null
}

/** Shortens text without sentence ends at a clause or a word. */
function shortened(sentence: string): string {
  const head = sentence.slice(0, KEY_SENTENCE_CHARS_MAX)
  const clause = Math.max(head.lastIndexOf('; '), head.lastIndexOf(', '))
  const at = clause > KEY_SENTENCE_CHARS_MAX / 2 ? clause : head.lastIndexOf(' ')
  return whole(head.slice(0, at > 0 ? at : head.length)).trimEnd()
}

/** Removes half of a surrogate pair at the end. */
function whole(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text
}
