import type { Listing, Paper, Signals } from '../domain/paper.ts'

/**
 * Merges lists into one listing per paper, in order of first appearance. The first source takes precedence; later ones fill
 * empty fields such as abstract, authors, links and votes.
 */
export function mergeListings(lists: readonly (readonly Listing[])[]): Listing[] {
  const merged = new Map<string, Listing>()
  for (const listing of lists.flat()) {
    const known = merged.get(listing.paper.id)
    merged.set(listing.paper.id, known === undefined ? listing : mergePair(known, listing))
  }
  return [...merged.values()]
}

function mergePair(first: Listing, later: Listing): Listing {
  return { paper: mergePapers(first.paper, later.paper), signals: mergeSignals(first.signals, later.signals) }
}

function mergePapers(first: Paper, later: Paper): Paper {
  return {
    id: first.id,
    title: first.title || later.title,
    abstract: first.abstract || later.abstract,
    authors: firstNonEmpty(first.authors, later.authors),
    publishedAt: first.publishedAt ?? later.publishedAt,
    categories: firstNonEmpty(first.categories, later.categories),
    keywords: firstNonEmpty(first.keywords, later.keywords),
    links: { ...later.links, ...first.links },
    machineSummary: first.machineSummary ?? later.machineSummary,
    organization: first.organization ?? later.organization,
    ...thumbnailOf(first.thumbnail ?? later.thumbnail),
    ...latexOf(first, later),
  }
}

function thumbnailOf(thumbnail: string | undefined): Pick<Paper, 'thumbnail'> {
  return thumbnail === undefined ? {} : { thumbnail }
}

/** Takes the later paper's LaTeX only when it belongs to the same title and abstract. */
function latexOf(first: Paper, later: Paper): Pick<Paper, 'latex'> {
  if (first.latex !== undefined) return { latex: first.latex }
  const same = first.title === later.title && first.abstract === later.abstract
  return same && later.latex !== undefined ? { latex: later.latex } : {}
}

function mergeSignals(first: Signals, later: Signals): Signals {
  return {
    upvotes: first.upvotes ?? later.upvotes,
    comments: first.comments ?? later.comments,
    stars: first.stars ?? later.stars,
  }
}

function firstNonEmpty(first: readonly string[], later: readonly string[]): readonly string[] {
  return first.length > 0 ? first : later
}
