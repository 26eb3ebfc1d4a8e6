/** Limits of searches, segments, edits and bulk actions on subscribers by operators. */

export const FILTER_TEXT_CHARS_MAX = 254 // The longest address.
export const FILTER_SEARCH_MS_MAX = 10_000 // A search without an index reads a million subscribers in a second.
export const FILTER_COUNTED_MAX = 10_000 // A list shows “more than” from here on. A bulk action counts all.
export const SEGMENTS_MAX = 200 // They are shown on one page.
export const SEGMENT_NAME_CHARS_MAX = 60
export const BULK_BATCH_ROWS = 500 // One transaction. The subscribers stay locked meanwhile, some 20 ms.
export const BULK_ERASED_ROWS = 20 // One transaction of an erasure, which takes 15 statements for each subscriber.
export const BULK_POLL_MS = 2_000 // Between two looks for a bulk action that was started.
export const BULK_FAILURES_MAX = 5 // Failures of one batch in a row. Then the action ends as failed.
export const BULK_PAGE_REFRESH_SECONDS = 2
export const BULK_RUNNING_MAX = 20 // They run one after another.
export const BULK_CONFIRMATION_HOURS = 24 // A bulk action sends no second confirmation mail within this time.
export const CONFIRMATION_RESEND_MINUTES_MIN = 10 // Between two confirmation mails that an operator sends to one subscriber.
export const BULK_JOBS_SHOWN = 20
export const HISTORY_ROWS_SHOWN = 10 // Newest rows of each kind on the page of a subscriber.
export const HISTORY_PAGE_ROWS = 50
export const DELIVERIES_PAGE_ROWS = 50
export const LISTED_SUBSCRIBERS_MAX = 100_000 // `subscribers list --limit`.
