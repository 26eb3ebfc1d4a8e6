/** One paper. All text is plain Unicode: sources have already converted LaTeX and markup. */
export interface Paper {
  /** Canonical id: arXiv's without its version (`2603.07660`, `cs/0101001`), or a source's own slug. */
  readonly id: string
  readonly title: string
  readonly abstract: string
  readonly authors: readonly string[]
  /** ISO 8601 instant, or null when the source does not say. */
  readonly publishedAt: string | null
  /** arXiv categories, primary first; empty when the source has none. */
  readonly categories: readonly string[]
  readonly keywords: readonly string[]
  /** Http(s) only, trimmed and length-checked. */
  readonly links: PaperLinks
  /** A machine-written summary in one line, if the source has one. It is labelled as such. */
  readonly machineSummary: string | null
  readonly organization: string | null
  /** The https address of a picture at the source. Only digests show it, if the installation turns that on. */
  readonly thumbnail?: string
  /** The source's LaTeX, if it has formulas that a web page can show better than Unicode. */
  readonly latex?: { readonly title: string; readonly abstract: string }
}

export interface PaperLinks {
  readonly arxiv?: string
  readonly pdf?: string
  readonly huggingface?: string
  readonly code?: string
  readonly project?: string
}

/** A paper's popularity at one moment. null: the source does not say. */
export interface Signals {
  readonly upvotes: number | null
  readonly comments: number | null
  readonly stars: number | null
}

/** One paper as one source lists it. */
export interface Listing {
  readonly paper: Paper
  readonly signals: Signals
}

const ARXIV_NEW = /^(\d{4}\.\d{4,5})(v\d+)?$/
const ARXIV_OLD = /^([a-z-]+(?:\.[A-Z]{2})?\/\d{7})(v\d+)?$/
const SLUG = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/**
 * Returns the canonical id in an id, an arXiv URL or an OAI identifier, or null if there is none.
 * Versions are dropped: `2603.07660v2` is the same paper (https://info.arxiv.org/help/arxiv_identifier.html).
 */
export function canonicalId(raw: string): string | null {
  const bare = raw
    .trim()
    .replace(/^https?:\/\/(?:www\.|export\.)?arxiv\.org\/(?:abs|pdf|html)\//i, '')
    .replace(/^(?:oai:)?arxiv(?:\.org)?:/i, '')
    .replace(/\.pdf$/i, '')
  return ARXIV_NEW.exec(bare)?.[1] ?? ARXIV_OLD.exec(bare)?.[1] ?? (SLUG.test(bare) ? bare : null)
}

/** Returns the letters and digits of a title. Two papers with the same key are the same paper, whatever their ids. */
export function titleKey(title: string): string {
  return title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')
}

/** Returns whether a canonical id is an arXiv id. */
export function isArxivId(id: string): boolean {
  return ARXIV_NEW.test(id) || ARXIV_OLD.test(id)
}
