import { TOPIC_SLUG_CHARS_MAX } from '../../../config/limits-topics.ts'

/**
 * Returns the slug that all spellings of a keyword share: without case, accents, punctuation, plural and an acronym in
 * brackets, and with the usual acronyms written out. `Large Language Models (LLMs)`, `LLM` and `large-language model` are
 * `large-language-model`. Empty if the keyword has neither letters nor digits.
 */
export function topicSlug(keyword: string): string {
  const words = keyword
    .replace(ACRONYM_IN_BRACKETS, '')
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .toLowerCase()
    .normalize('NFC')
    .replace(/&/g, ' and ')
    .replace(/\+/g, ' plus ')
    .replace(/#/g, ' sharp ')
    .replace(/['’]/g, '')
    .match(/[\p{L}\p{N}\p{M}]+/gu)
  let slug = ''
  // Cuts between words, so that a slug is its own slug.
  for (const word of words ?? []) {
    const one = singular(word.slice(0, TOPIC_SLUG_CHARS_MAX).replace(/\p{Cs}$/u, ''))
    const longer = [slug, WRITTEN_OUT.get(one) ?? one].filter(Boolean).join('-')
    if (longer.length > TOPIC_SLUG_CHARS_MAX) break
    slug = longer
  }
  return slug
}

/** The acronyms that papers use as keywords beside their long forms. Each has one meaning in the lists. */
const WRITTEN_OUT: ReadonlyMap<string, string> = new Map(
  Object.entries({
    cot: 'chain-of-thought',
    dpo: 'direct-preference-optimization',
    grpo: 'group-relative-policy-optimization',
    llm: 'large-language-model',
    lvlm: 'large-vision-language-model',
    mct: 'monte-carlo-tree-search',
    mllm: 'multimodal-large-language-model',
    moe: 'mixture-of-expert',
    rag: 'retrieval-augmented-generation',
    rl: 'reinforcement-learning',
    rlhf: 'reinforcement-learning-from-human-feedback',
    rlvr: 'reinforcement-learning-with-verifiable-reward',
    sft: 'supervised-fine-tuning',
    vae: 'variational-autoencoder',
    vla: 'vision-language-action',
    vlm: 'vision-language-model',
  }),
)

/** Returns the path of a keyword’s page, or of the list of topics if the keyword has neither letters nor digits. */
export function topicPath(keyword: string): string {
  const slug = topicSlug(keyword)
  return slug === '' ? '/topics' : `/topics/${encodeURIComponent(slug)}`
}

/** Returns the path of the page of an arXiv category, such as `cs.CL`. */
export function categoryPath(category: string): string {
  return `/topics/category/${encodeURIComponent(category)}`
}

/** One word with two capital letters: `(LLMs)`, `(A2A)` or `(Visual-CoG)`. */
const ACRONYM_IN_BRACKETS = /\s*\((?=[^\s()]*\p{Lu}[^\s()]*\p{Lu})[^\s()]{2,12}\)/gu

const ACCENTS = /[\u0300-\u036f]/g

/** Only the plain plural: `models`, `policies`, `losses`. Both forms get one slug, so the slug need not be a word. */
function singular(word: string): string {
  if (word.length < 4 || KEEPS_ITS_S.test(word)) return word
  if (/[^aeiou]ies$/.test(word)) return `${word.slice(0, -3)}y`
  if (/(?:ss|x|ch|sh)es$/.test(word)) return word.slice(0, -2)
  return word.endsWith('s') ? word.slice(0, -1) : word
}

const KEEPS_ITS_S = /(?:ss|us|is|as|ics)$|^(?:lens|news|series|species|chaos)$/
