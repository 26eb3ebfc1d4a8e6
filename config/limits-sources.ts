/** Limits of sources, of the scorecard that reads them again a week later, and of the evaluation of the ranking. */

// Sources.
export const SOURCE_TIMEOUT_MS = 30_000 // Hugging Face's slowest answer seen took 9 s.
export const SOURCE_ANSWER_BYTES_MAX = 10 * 1024 * 1024 // A day of 100 papers with 3,303 authors is under 2 MB, a page of arXiv under 4 MB.
export const SOURCE_FILE_BYTES_MAX = 20 * 1024 * 1024
export const SOURCE_REDIRECTS_MAX = 3
export const SOURCE_JSON_VALUES_MAX = 500_000 // A list of 100 papers with 3,303 authors has 30,000. Each value costs about 100 bytes.
export const SOURCE_JSON_DEPTH_MAX = 32 // Hugging Face's lists have 6 levels.
export const SOURCE_XML_TAGS_MAX = 300_000 // Opening or closing tags. 5,000 items of arXiv have about 200,000.
export const SOURCE_XML_CHARS_MAX = 100_000 // For `&` and for `=` separately. Each attribute costs the parser a kilobyte.
export const SOURCE_XML_TEXT_CHARS_MAX = 200_000 // Between two tags. The parser uses 32 bytes for each character of a text.
export const SOURCE_ATTEMPTS_MAX = 4
export const SOURCE_BACKOFF_MS = 1_000 // Doubles at each retry, with jitter.
export const SOURCE_RETRY_AFTER_MS_MAX = 60_000 // The source fails if it asks for a longer wait.
export const SOURCE_PAPERS_MAX = 100 // Hugging Face's own limit of one list.
export const SOURCE_DROPPED_REPORTED_MAX = 20 // Reasons that are listed. The others are counted.
export const SOURCE_ITEMS_MAX = 1_000 // Items read of one list. Ten times Hugging Face's own limit.
export const ARXIV_INTERVAL_MS = 3_000 // arXiv API terms of use: one request every three seconds.
export const ARXIV_PAGE_PAPERS = 500 // arXiv answers with up to 2,000, but large pages are slow and more often empty.
export const ARXIV_PAGES_MAX = 20 // A week of cs.AI, cs.CL, cs.CV and cs.LG has about 5,000 papers.
export const ARXIV_ITEMS_MAX = 5_000 // Items read of one answer. A day's feed of those four, with replacements, has 1,500.
export const LIST_RETENTION_DAYS = 30 // Papers that did not fit, and lists that never came, are deleted after this.

// The scorecard.
export const SCORE_AFTER_DAYS = 7 // The list of an edition is read again this long after its votes were read.
export const SCORE_WITHIN_DAYS = 21 // Later votes no longer show the state of “a week later”.
export const SCORE_ATTEMPTS_MAX = 12 // The first retry comes after an hour, and the wait doubles up to a day: nine days in all.
export const SCORE_RETRY_HOURS_MAX = 24
export const SCORE_EVERY_MS = 10 * 60_000
export const SCORES_PER_ROUND = 5 // Each sends one request to a source.
export const SCORE_PAPERS_MIN = 5 // Fewer papers do not show the quality of an order.
export const SCORECARD_EDITIONS = 60 // On one page.

export const DEMO_LIVE_DAYS_BACK_MAX = 10 // \`demo --live\` looks this far for a list with papers: a weekend and the holidays around it.

// The evaluation of the ranking.
export const EVAL_DAYS_MAX = 4_000 // Ten years of lists, about 50 MB of text.
export const EVAL_FILE_BYTES_MAX = 20 * 1024 * 1024
