/** Limits of the page of a paper: citations, similar papers and pictures for links. */

export const CITATION_AUTHORS_MAX = 100 // Styles name far fewer and then write “et al.”.
export const SIMILAR_ARCHIVE_PAPERS = 2_000 // The newest: four months of lists. The index takes 15 MB, and 0.8 s in steps of 40 ms.
export const SIMILAR_PAPERS_SHOWN = 6
export const PAPER_TAG_AUTHORS_MAX = 100 // Authors in the citation metadata of a page.
export const AUTHORS_TO_FOLLOW = 2 // The first authors of a paper, and the last. Links to follow the others are in a list to unfold.

// Pictures for links. One takes 30 to 70 ms, and 0.8 s for the first of a process.
export const CARD_CACHE_MAX = 100 // 40 KB each.
export const CARD_WAITING_MAX = 20 // They are drawn one at a time, so the last waits for a second.
export const CARDS_PER_NETWORK_MINUTE = 60
export const CARD_TITLE_CHARS_MAX = 170 // Four lines.
export const CARD_LINE_CHARS_MAX = 76
