import { WORK_NAMES_MAX } from '../../../../config/limits.ts'

/** A place in a sentence where the work is named. */
export interface Mention {
  readonly from: number
  readonly to: number
  /** Whether the name stands alone: not `Lantern` in `Lantern-2k`. */
  readonly exact: boolean
}

/**
 * Returns what a paper calls its work: the name before the colon of the title, and the names that the abstract gives
 * it, such as `SLR` in `we propose Sparse Lookup Routing (SLR)`. Empty for a paper without a name, such as most studies.
 */
export function workNames(title: string, sentences: readonly string[]): readonly string[] {
  const abstract = sentences.join(' ')
  const names = new Set<string>()
  for (const name of titleNames(title)) if (mentionsOf(abstract, name)[0] !== undefined) names.add(name)
  for (const sentence of sentences) {
    const introduced = introducedIn(sentence)
    // Later names are those of parts, except beside a known name: `Lantern (LT)`.
    const known = introduced.some((name) => title.toLowerCase().includes(name.toLowerCase()) || names.has(name))
    if (introduced.length === 0 || (names.size > 0 && !known)) continue
    for (const name of introduced) names.add(name)
  }
  return [...names].slice(0, WORK_NAMES_MAX)
}

/** Returns all places where a name is a word. The case of a made-up word such as `LanternQA` does not matter. */
export function mentionsOf(text: string, name: string): readonly Mention[] {
  const [within, wanted] = MADE_UP.test(name) ? [text.toLowerCase(), name.toLowerCase()] : [text, name]
  const found: Mention[] = []
  // Lower case may change the length of a text, as for `İ`.
  if (within.length !== text.length) return found
  for (let from = within.indexOf(wanted); from !== -1; from = within.indexOf(wanted, from + wanted.length)) {
    const to = from + wanted.length
    if (LETTER_BEFORE.test(text.slice(Math.max(0, from - 2), from))) continue
    const after = text.slice(to, to + 2)
    if (WORD_GOES_ON.test(after)) continue
    found.push({ from, to, exact: !/^-[\p{L}\d]/u.test(after) })
  }
  return found
}

/** A capital or a digit after the first letter, which no ordinary word has. */
const MADE_UP = /^\S.*[\p{Lu}\d]/u
/** A letter or digit, but not the `s` of a plural. */
const WORD_GOES_ON = /^(?!s(?:\P{L}|$))[\p{L}\d]/u
const LETTER_BEFORE = /[\p{L}\d]$|[\p{L}\d]-$/u

/** Returns the name before the colon of a title (`Lantern: Sparse Retrieval …`), and the abbreviation after it. */
function titleNames(title: string): readonly string[] {
  const head =
    /^([^:]{2,40}):/u
      .exec(title)?.[1]
      ?.trim()
      .replace(/^(?:The|An?) /, '') ?? ''
  const isName = /\p{Lu}/u.test(head) && head.split(/\s/).length <= TITLE_NAME_WORDS_MAX
  const short = /^[^()]+ \(([\p{L}\d+-]{2,15})\)/u.exec(title)?.[1]
  return [...(isName ? [head.replace(/ \([^)]*\)$/, '')] : []), ...(short === undefined ? [] : [short])]
}

const TITLE_NAME_WORDS_MAX = 3

/** A word of a name: `Lantern`, `LT-2`, `vLLM`, `π0`. */
const WORD = String.raw`(?:\p{Lu}[\p{L}\d+*.-]*[\p{L}\d+*]|\p{Ll}+-?[\p{Lu}\d][\p{L}\d+*-]*|[α-ω]\S*[\p{L}\d])`
/** A name of up to six words, with its abbreviation. */
const NAME = String.raw`(${WORD}(?: (?:${WORD}|for|of|and|with)){0,5})(?: \(([^()\s]{2,20})\))?`
/** A word before a name: `the benchmark LanternBench`. */
const KIND =
  '(?:agent|algorithm|approach|architecture|benchmark|corpus|dataset|framework|method|metric|model|pipeline|platform|suite|system|technique|toolkit)'
/** `we introduce Lantern`, `We fill this gap and present Lantern`, `we present a controller, Lantern,`. */
const INTRODUCED = new RegExp(
  String.raw`\b(?:[Ww]e|us to|[Tt]his (?:paper|work|report|article|study|survey))\b(?:[^.;:()]{0,90}? (?:and|then))?(?:,? \p{Ll}+)?,? (?:introduc|propos|present|develop|design|buil[dt]|releas|report|describ|unveil|launch|construct|creat|curat|train)\p{Ll}* (?:(?:the |our )?${NAME}|(?:an?|the|our) [^.,;:()]{3,80}[,:] ${NAME}(?=[,.:;]| that| which| an? |$)|[^.,;:()]{0,60}\b${KIND} (${WORD})(?=[,.:;]| that| which| to | for |$))`,
  'u',
)
/** `We address this with Lantern`, `by introducing Lantern`, `Lantern is a new cache`. */
const OTHERWISE = new RegExp(
  String.raw`\b[Ww]e [^.,;:()]{3,80} (?:with|through|via) ${NAME}(?=, an? )|\b[Bb]y (?:introducing|proposing|presenting) ${NAME}|^${NAME} is (?:the first|an? (?:novel|new|open|unified|simple|open-source))\b`,
  'u',
)
/** `a paradigm that we call Lantern`. */
const CALLED = new RegExp(
  String.raw`\b(?:called|named|term|termed|dub|dubbed|coin|coined|call|namely) (?:as |the )?${NAME}`,
  'u',
)
/** `a loss for lookups (LL)`, in a sentence that says what is new. */
const SHORT =
  /\b(?:[Ww]e|[Tt]his (?:paper|work))\b[^.;:()]{0,60} (?:introduce|propose|present|develop|elaborate)s?\b[^.(]{3,90} \((\p{Lu}[\p{L}\d-]*\p{Lu}[\p{L}\d-]*)\)/u

function introducedIn(sentence: string): readonly string[] {
  const found = [INTRODUCED, OTHERWISE, CALLED, SHORT].flatMap((pattern) => (pattern.exec(sentence) ?? []).slice(1))
  return [...new Set(found.filter((name) => name !== undefined).map(trimmed))].filter(isTelling)
}

function trimmed(name: string): string {
  return name.replace(/(?: (?:for|of|and|with))+$/, '')
}

/** Returns whether a name is more than a word that any sentence may have. */
function isTelling(name: string): boolean {
  return name.length >= 2 && !/^(?:LLMs?|VLMs?|AI|RL|ML|Transformers?|Large|The|An?|I+|Experiments?)$/.test(name)
}
