import { KEY_SENTENCE_CHARS_MIN } from '../../../../config/limits.ts'

interface Cue {
  readonly words: RegExp
  readonly worth: number
}

/** A finding: `we show`, `our experiments demonstrate`. */
export const CLAIMED =
  /\b(?:we|results|experiments?|evaluations?|analys[ie]s|findings|study|paper|work|investigation) (?:\w+ly |further |also |empirically )?(?:show|find|found|demonstrate|prove|observe|discover|reveal|establish|uncover|identify|conclude(?! with| by))s?\b/i
/** Cue phrases of a claim. Each counts once. */
const CUES: readonly Cue[] = [
  // Results.
  { words: CLAIMED, worth: 2 },
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
export const NEW =
  /\b(?:we|us to|this (?:paper|work|report|article|study|survey|review|tutorial)) (?:therefore |thus |then |first |formally |also |further |instead )?(?:introduce|propose|present|develop|design|build|release|report|describe|unveil|launch|elaborate)(?:s|d|ed)?\b|\bwe\b[^.;:]{3,90} (?:and (?:introduce|propose|present|develop|design)|we (?:call|term|dub|name))\b|\bby (?:introducing|proposing|presenting)\b/i
/** Begins a sentence about a part of the work. */
export const PART =
  /^(?:moreover|furthermore|additionally|in addition|besides|second(?:ly)?|third(?:ly)?|finally|lastly)\b|\bwe (?:also|further|additionally)\b/i
/** The subject of a study, for abstracts without results: a survey’s claim is what it covers. */
export const STUDIED =
  /\b(?:we|this (?:paper|work|report|article|study|survey|review|tutorial)) (?:\w+ly |first |also |will )?(?:study|studie|investigate|explore|examine|conduct|revisit|survey|review|provide|offer|cover|analy[sz]e|formali[sz]e|organi[sz]e|categori[sz]e|classifie|classify|unifie|unify|train|address|construct|collect|curate|create|establish|use|aim|argue|advocate|perform|outline|recast)(?:s|d|es|ed)?\b|\bthis (?:survey|review|tutorial|paper|work) is\b/i
const STUDIED_WORTH = 1
const NEW_WORTH = 2.25
const NEW_AGAIN_WORTH = 1

const FIGURE_WORTH = 1

/** A measured figure: `12.3%`, `2.5x`, `10× faster`, `by 4 points`. */
const FIGURE = /(?<![a-z])\d(?:[\d.,]*\d)?\s?(?:%|percent|×|x\b|times|points?\b|pp\b|BLEU|mAP|FPS|dB)/i

/** Figures without a unit: `from 31 to 58`, `a score of 7.17`, `half the memory`. The number of a version is none. */
const MEASURED =
  /(?<![\p{L}\d.-])(?<!\p{Lu}[\p{L}-]* )\d+\.\d+(?![\p{L}\d.-])|\b\d+(?:\.\d+)?-?fold\b|\borders? of magnitude\b|\b(?:twice|half (?:the|of|as)|(?:halv|doubl|tripl)(?:e|es|ed|ing)|tenfold)\b|\bfrom \d[\d.,]* to \d|\b(?:by|up to|only|over|just|reach(?:es|ing)?) \d|\+\d/u

export function hasFigure(sentence: string): boolean {
  return FIGURE.test(sentence) || MEASURED.test(sentence)
}

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

export interface Setting {
  /** Position: 0 for the first sentence of its abstract, 1 for the last. */
  readonly place: number
  /** The worth of the name of the work. */
  readonly named: number
  /** Whether this is the first sentence that says what is new. */
  readonly isNew: boolean
}

/** Returns the score of a sentence; 0 or less if it claims nothing. */
export function worthOf(sentence: string, { place, named, isNew }: Setting): number {
  const sum = (cues: readonly Cue[]) =>
    cues.reduce((total, { words, worth }) => total + (words.test(sentence) ? worth : 0), 0)
  const again = NEW.test(sentence) ? NEW_AGAIN_WORTH : STUDIED.test(sentence) ? STUDIED_WORTH : 0
  const claimed =
    (isNew ? NEW_WORTH : again) +
    sum(CUES) +
    (FIGURE.test(sentence) ? FIGURE_WORTH : MEASURED.test(sentence) ? FIGURE_WORTH / 2 : 0)
  if (claimed === 0) return 0
  return claimed + named - sum(BURDENS) + (place > 0.25 ? 0.5 : 0) - tooLong(sentence.length)
}

/** Returns the penalty for a sentence that is very short or long. */
function tooLong(chars: number): number {
  if (chars < KEY_SENTENCE_CHARS_MIN) return 2
  return chars <= COMFORTABLE_CHARS ? 0 : ((chars - COMFORTABLE_CHARS) / 100) * 0.75
}

const COMFORTABLE_CHARS = 240
