import { SEED_TITLE_CHARS_MAX } from '../../../config/limits-subscriptions.ts'
import { plainText } from '../../text/plain-text.ts'

/** One work of a reader: an arXiv paper by its id, or any work by its title. */
export interface SeedWork {
  /** arXiv’s canonical id, or null. */
  readonly id: string | null
  readonly title: string | null
  readonly keywords: readonly string[]
}

/** The works of a list, and its faults. */
export interface SeedList {
  readonly works: readonly SeedWork[]
  /** Sentences about parts that cannot be read. The other parts are used. */
  readonly faults: readonly string[]
}

const NEW_ID = /(?<![\d./])(\d{2}(?:0[1-9]|1[0-2])\.\d{4,5})(?:v\d+)?(?![\d])/
const NEW_ID_IN_ADDRESS = /(?:abs|pdf|html|papers|arxiv)[/.:]\s*(\d{4}\.\d{4,5})/i
const OLD_ID =
  /(?<![\w.-])((?:astro-ph|cond-mat|cs|gr-qc|hep-(?:ex|lat|ph|th)|math(?:-ph)?|nlin|nucl-(?:ex|th)|physics|q-bio|q-fin|quant-ph|stat)(?:\.[A-Z]{2})?\/\d{7})(?:v\d+)?(?!\d)/

/** Returns the first arXiv id in a text: alone, in an address, or in a DOI of arXiv. Returns null if there is none. */
export function arxivIdIn(text: string): string | null {
  return NEW_ID_IN_ADDRESS.exec(text)?.[1] ?? NEW_ID.exec(text)?.[1] ?? OLD_ID.exec(text)?.[1] ?? null
}

/** Returns a title or keyword as plain text, without the braces of BibTeX. */
export function plainTitle(raw: string): string {
  return plainText(raw.slice(0, 4 * SEED_TITLE_CHARS_MAX), SEED_TITLE_CHARS_MAX)
    .replace(/[{}]/g, '')
    .trim()
}
