import { CLAIMED, hasFigure } from './cues.ts'
import type { Mention } from './work-names.ts'

/** How much a sentence tells a reader who sees only it: more is better. */
export const CLARITY = {
  /** Needs the sentences before it: `It improves by 3.2 %`, `Our method outperforms all others`. */
  dependent: 0,
  /** Names the work, but measures nothing. */
  named: 1,
  /** Says what is new, but does not name the work. */
  isNew: 2,
  /** Says what the work is, or names its subject and has a figure or a finding. */
  full: 3,
} as const

export interface Subject {
  /** Names that the paper gives its work. Empty for a work without a name. */
  readonly names: readonly string[]
  /** The places in the sentence where the work is named. */
  readonly mentions: readonly Mention[]
  /** Whether this is the first sentence that says what is new. */
  readonly isNew: boolean
}

/** Returns one of `CLARITY`. A result needs a figure and, if the work has a name, that name. */
export function clarityOf(sentence: string, { names, mentions, isNew }: Subject): number {
  const hasName = names.length > 0
  const isVague = VAGUE.test(sentence)
  if (!isVague && (hasName ? namesWork(sentence, mentions) : isNew)) return CLARITY.full
  if (POINTS_BACK.test(sentence)) return CLARITY.dependent
  const ofItself = ITSELF.test(sentence)
  const measured = hasFigure(sentence)
  if (!hasName) {
    const found = !OURS.test(sentence) && (CLAIMED.test(sentence) || TOPIC.test(sentence))
    if (!ofItself && (measured || found)) return CLARITY.full
    return isNew ? CLARITY.named : CLARITY.dependent
  }
  const subjects = ofItself ? mentions.filter(({ from }) => !AT_A_PLACE.test(sentence.slice(0, from))) : mentions
  if (subjects.length > 0 && measured) return CLARITY.full
  if (isNew && !isVague) return CLARITY.isNew
  return subjects.length > 0 ? CLARITY.named : CLARITY.dependent
}

/** The subject of a study. */
const TOPIC =
  /\b(?:we|this (?:paper|work|report|article|study|survey|review|tutorial)) (?:\w+ly |first |also )?(?:stud|investigat|explor|examin|revisit|survey|review|provid|offer|analy[sz]|formali[sz]|categori[sz]|unif|aim)\w*\b/i
const AGAIN =
  'also|additionally|besides|consequently|finally|furthermore|hence|importantly|in addition|in particular|moreover|notably|overall|remarkably|specifically|therefore|thus'
const BACK = String.raw`(?:it|its|they|their|this|these|those|such|the (?:former|latter|above)|both(?! [\w-]+(?: [\w-]+)? and\b))`
/** A beginning that needs the sentence before: `These results show`, `When trained, it improves`, `We show that this order`. */
const POINTS_BACK = new RegExp(
  String.raw`^(?:(?:${AGAIN}),? )*(?:[^,]{3,80}, )?${BACK}\b(?! (?:paper|work|report|article|study|survey|review|tutorial)\b)|^(?:however|yet|but|nevertheless|in contrast|conversely)\b|\b(?:show|find|found|demonstrate|prove|observe|reveal)s? that (?:\w+ing )?${BACK}\b|^.{0,60}\bsuch (?!as\b|an?\b)`,
  'i',
)
/** The work without its name: `our new method`, `the proposed loss`, `this approach`. `Our cache` says what it is. */
const ITSELF =
  /\b(?:our|the proposed|the resulting|this|these)(?: (?:proposed|resulting|new|novel|simple|full|final|best|whole|single|[\d.]+b))* (?:method|approach|framework|model|system|technique|algorithm|pipeline|strategy|architecture|benchmark|dataset|design|paradigm|solution|scheme|agent|recipe)(?:e?s|ies)?\b/i
/** The same, with a word for what it is: `our cache`, but not `our experiments`. */
const OURS =
  /\bour (?!(?:[\w-]+ ){0,4}(?:results?|experiments?|evaluations?|analys[ie]s|findings?|stud(?:y|ies)|works?|investigations?|paper|observations?|research|surveys?|review|knowledge|theory|tests?|human|understanding)\b)/i
/** Before a name that is only where a figure was measured: `our model reaches 61 % on LanternBench`. */
const AT_A_PLACE = /\b(?:on|in|across|over|within|using|from) (?:the |our |both )?$/i

/** Tells what the work does only by the sentence before: `we present a cache that closes this gap`. */
const VAGUE =
  /\b(?:address|clos|bridg|solv|tackl|overcom|mitigat|resolv|fill|alleviat|achiev|reali[sz]|meet|enabl)\w* (?:all |each of |both )?(?:these|this|those|such|both|the above|the aforementioned)\b(?:[^,.;:]{0,40}\.?$|[^,.;:]{0,40} by (?:introducing|proposing|presenting|developing) an? (?:new|novel)\b)/i

/** Whether a sentence introduces the work by its name, or says what it is. */
function namesWork(sentence: string, mentions: readonly Mention[]): boolean {
  return mentions.some(({ from, to, exact }) => {
    if (!exact || /\bpreviously\b/i.test(sentence)) return false
    const [before, after] = [sentence.slice(0, from), sentence.slice(to)]
    if (INTRODUCES.test(before) && !AT_A_PLACE.test(before)) return true
    return DESCRIBED.test(after) && (LEAD.test(before) || MADE.test(before))
  })
}

/** The words between a verb of novelty and the name. */
const INTRODUCES =
  /\b(?:we|us to|this (?:paper|work|report|article|study|survey|review))\b[^.;:]{0,90}? (?:introduc|propos|present|develop|design|unveil|launch|elaborat|describ|contribut)\w*\b[^.]{0,110}$|\b(?:called|named|term|termed|dub|dubbed|coin|coined|namely|call)(?: as| the)?[ :“"]{1,2}$|\bby (?:introducing|proposing|presenting) (?:[\w-]+ ){0,6}$/i
const MADE =
  /\b(?:we|this (?:paper|work|report))\b[^.]{0,60}\b(?:buil[dt]|construct|creat|curat|releas|train|implement|formulat|establish|identif|achiev|with|through|via)\w*\b[^.]{0,60}$/i
/** Words before a name that is the subject: none, or `In this paper, our new`. */
const LEAD = /^(?:in this (?:paper|work|report), )?(?:our (?:[\w-]+ )?|the )?$/i
/** A description after the name: `, a cache`, `is an agent`. */
const DESCRIBED = /^(?: \([^)]*\))?(?:,| –| —|:)? (?:is |are )?(?:a|an|the|the first|our|one of)\b/i
