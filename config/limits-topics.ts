/** Limits of the pages about topics, weeks, months and the archive. */

export const TOPIC_SLUG_CHARS_MAX = 80 // The longest keyword in half a year of lists has 76.
