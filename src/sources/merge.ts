import type { Listing, Paper, Signals } from '../domain/paper.ts'

/**
 * One listing for each paper of several lists, in the order of first sight. The first source has
 * the word; a later one adds what the first left empty: abstract, authors, links, votes.
 */
export function mergeListings(lists: readonly (readonly Listing[])[]): Listing[] {
  const merged = new Map<string, Listing>()
  for (const listing of lists.flat()) {
    const known = merged.get(listing.paper.id)
    merged.set(listing.paper.id, known === undefined ? listing : joined(known, listing))
  }
  return [...merged.values()]
}

function joined(first: Listing, later: Listing): Listing {
  return { paper: joinedPaper(first.paper, later.paper), signals: joinedSignals(first.signals, later.signals) }
}

function joinedPaper(first: Paper, later: Paper): Paper {
  return {
    id: first.id,
    title: first.title || later.title,
    abstract: first.abstract || later.abstract,
    authors: filled(first.authors, later.authors),
    publishedAt: first.publishedAt ?? later.publishedAt,
    categories: filled(first.categories, later.categories),
    keywords: filled(first.keywords, later.keywords),
    links: { ...later.links, ...first.links },
    machineSummary: first.machineSummary ?? later.machineSummary,
    organization: first.organization ?? later.organization,
    ...latexOf(first, later),
  }
}

/** LaTeX belongs to the very words that it was read from. */
function latexOf(first: Paper, later: Paper): Pick<Paper, 'latex'> {
  if (first.latex !== undefined) return { latex: first.latex }
  const same = first.title === later.title && first.abstract === later.abstract
  return same && later.latex !== undefined ? { latex: later.latex } : {}
}

function joinedSignals(first: Signals, later: Signals): Signals {
  return {
    upvotes: first.upvotes ?? later.upvotes,
    comments: first.comments ?? later.comments,
    stars: first.stars ?? later.stars,
  }
}

function filled(first: readonly string[], later: readonly string[]): readonly string[] {
  return first.length > 0 ? first : later
}
