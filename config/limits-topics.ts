/** Limits of the pages about topics, weeks, months and the archive. */

export const TOPIC_SLUG_CHARS_MAX = 80 // The longest keyword in half a year of lists has 76.
export const TOPIC_RECENT_DAYS = 30 // About 22 lists, so that a topic of one paper a week is counted four times.
export const TOPIC_LISTED_PAPERS_MIN = 3 // Most keywords of a month occur in one paper only.
export const TOPICS_LISTED_MAX = 200
export const TOPIC_PAPERS_MAX = 30
export const TOPIC_NEIGHBOURS_MAX = 12
export const TOPIC_NEIGHBOUR_PAPERS = 300 // The newest papers of a topic whose other keywords are counted.
export const TOPIC_WEEK_DAYS = 7

// The best of a week or month.
export const BEST_PAPERS_MAX = 50
export const BEST_TOPIC_PAPERS_MIN = 2 // A week has few papers with the same keyword.
export const BEST_TOPICS_MAX = 15 // Beside the papers of a week or month.

// Papers whose votes grew after their day.
export const RISING_DAYS = 30 // Votes are read again for about a week. A month also shows those that are no longer read.
export const RISING_VOTES_MIN = 20 // A usual paper gains some ten votes on the rest of its day.
export const RISING_TIMES_MIN = 2
export const RISING_PAPERS_MAX = 50
