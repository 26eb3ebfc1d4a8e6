/** Limits of reading how many stars the repositories of papers have on GitHub, and of showing their growth. */

// Reading.
export const STARS_PAPER_DAYS = 30 // Papers of older lists are no longer read. Code often comes a week or two after a paper.
export const STARS_PAPERS_MAX = 2_000 // A month of Hugging Face's lists has about 700 papers with code.
export const STARS_BATCH = 100 // Repositories of one query. It costs 1 of the 5,000 points that GitHub gives a user each hour.
export const STARS_POINTS_KEPT = 200 // Reading stops when fewer points are left, because other programs may use the token.
export const STARS_EVERY_MS = 60 * 60_000 // A round reads what has not been read on this day. GitHub's limits are by the hour.
export const STARS_RETRY_MS = 10 * 60_000 // After an error of our database.
export const STARS_ROUND_MS_MAX = 5 * 60_000 // A round of 20 queries usually takes 30 seconds.
export const STARS_TIMEOUT_MS = 20_000 // GitHub ends a query after 10 seconds.
export const STARS_ANSWER_BYTES_MAX = 1024 * 1024 // An answer about 100 repositories has about 10 KB.
export const STARS_RETENTION_DAYS = 35 // Five weeks, so that a month of growth can be exported.

// Growth.
export const STARS_GROWTH_DAYS = 7
export const STARS_STALE_DAYS = 2 // Older readings are not shown. One missed day does no harm.
export const STARS_SETTLE_MINUTES = 10 // A digest counts only readings that were stored this long before its votes were read.
export const STARS_GAINED_MIN = 20 // A usual repository of a paper gains fewer in a week.
export const STARS_GAINED_SHARE_MIN = 0.05 // A share of the stars before. A famous repository gains hundreds a week without any news.
export const STARS_NAMED_MAX = 3 // Papers of one digest pool whose reason names the growth.
export const STARS_LISTED_MAX = 50 // On the page of trending code.
