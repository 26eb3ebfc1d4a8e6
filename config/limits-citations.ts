/** Limits of the page of a paper: citations, similar papers and pictures for links. */

export const CITATION_AUTHORS_MAX = 100 // Styles name far fewer and then write “et al.”.
