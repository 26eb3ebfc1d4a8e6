/** Limits of sign-ups, of changes by subscribers and of imports. */

// Sign-ups. These limits bound the mails that a stranger can trigger. The ledger counts them across all processes.
export const CONFIRM_HOURS = 48 // A confirmation link works this long.
export const FULL_IP_DAYS = 1 // An IP address is shortened to its /24 or /48 after this. The limits look back one day.
export const CONSENT_IP_DAYS = 30 // The IP address is deleted from a proof of consent after this.
export const PENDING_DAYS = 30 // An unconfirmed subscriber is deleted after this.
export const SIGN_UP_DAYS = 30 // A form post is deleted after this. Only hashes and networks are left by then.
export const FORM_AGE_MS_MIN = 2_000 // People do not read and fill in the form faster.
export const FORM_AGE_MS_MAX = 24 * 3_600_000
export const FORM_FIELD_CHARS_MAX = 4_000 // INTERESTS_MAX interests of INTEREST_CHARS_MAX, and their separators.
export const SIGN_UP_POSTS_PER_NETWORK_MINUTE = 30 // Counted in the memory of one process, before the ledger is asked.
// FREE sign-ups need no proof of work. From there on it is required, and each doubling costs one more bit. MAX is refused with an error.
export const SIGN_UPS_PER_NETWORK_HOUR_FREE = 5 // A household, or a few colleagues behind one address.
export const SIGN_UPS_PER_NETWORK_HOUR_MAX = 10
export const SIGN_UPS_PER_NETWORK_DAY_MAX = 40
export const SIGN_UPS_PER_IPV4_24_HOUR_FREE = 20 // 256 households, or one rented range.
export const SIGN_UPS_PER_IPV4_24_HOUR_MAX = 60
export const SIGN_UPS_PER_IPV4_24_DAY_MAX = 240
export const SIGN_UPS_PER_IPV6_48_HOUR_FREE = 10 // One site, which has 65,536 networks for free.
export const SIGN_UPS_PER_IPV6_48_HOUR_MAX = 30
export const SIGN_UPS_PER_IPV6_48_DAY_MAX = 120
export const SIGN_UPS_PER_FORM_FREE = 3 // With one form token, a person may correct an address or sign up a colleague.
export const MAILBOX_INTERVAL_HOURS = 24 // Between two confirmation mails to one mailbox.
export const SIGN_UPS_PER_PROVIDER_HOUR_FREE = 5 // For domains of small providers. One person may own such a domain, with a catch-all.
export const SIGN_UPS_PER_PROVIDER_HOUR_MAX = 50
export const SIGN_UPS_PER_LARGE_PROVIDER_HOUR_FREE = 30
export const SIGN_UPS_PER_LARGE_PROVIDER_HOUR_MAX = 1_000 // Each after the first 480 costs SIGN_UP_WORK_BITS_MAX.
export const SIGN_UPS_PER_HOUR_FREE = 250
export const SIGN_UPS_PER_HOUR_MAX = 10_000 // Each after the first 4,000 costs SIGN_UP_WORK_BITS_MAX. More would use up a provider's quota.
export const UNPROVEN_SIGN_UPS_PER_NETWORK_HOUR_MAX = 3 // Posts without a form token mostly come from scripts. The slow form has no proof either.
export const UNPROVEN_SIGN_UPS_PER_HOUR_MAX = 60
export const SLOW_FORM_AGE_MS_MIN = 5 * 60_000 // A form of this age needs no proof of work, because some browsers cannot do it.
export const SIGN_UP_WORK_PARTS = 16 // A power of two. With this many small puzzles the time varies by only a quarter.
export const SIGN_UP_WORK_BITS_MIN = 16 // 65,536 hashes, which take under a second on a telephone.
export const SIGN_UP_WORK_BITS_MAX = 20 // A million hashes: 5–10 s on a telephone that does 100,000–200,000 a second.
export const SIGN_UP_WORK_GRACE_BITS = 1 // Others may have signed up while a browser worked.
export const SIGN_UP_CONCURRENCY = 2
export const CONFIRM_POSTS_PER_NETWORK_MINUTE = 60
export const INTEREST_PREVIEWS_PER_NETWORK_MINUTE = 60
export const INTEREST_PREVIEW_PAPERS_MAX = 5
export const INTEREST_PREVIEW_EDITION_MS = 60_000 // Between two queries for a newer edition.
export const INTEREST_REVIEW_DAYS = 30 // Interests and muted terms are measured over the papers of this many days.
export const INTEREST_REVIEW_PAPERS_MAX = 1_500 // A month of Hugging Face has about 1,000. They take 20 MB in a web process.
export const INTEREST_REVIEW_MS = 15 * 60_000 // They are folded again after this, in slices of some milliseconds.

export const SAMPLE_HOURS = 24 // Between two samples to one mailbox.
export const SAMPLE_PAGES_PER_NETWORK_MINUTE = 20 // Each is composed for its interests, which takes some milliseconds.

// Changes by subscribers.
export const UNDO_HOURS = 24 // Time to undo an unsubscribe by link.
export const ADDRESS_CHANGES_PER_DAY_MAX = 3 // Per subscriber. Each sends one mail to an unconfirmed address.
export const ADDRESS_UNDO_DAYS = 7 // The former address can be restored for this long, and is then deleted.
export const FRESH_LINK_MINUTES_MIN = 10 // Between two mails with a fresh link to one subscriber. Anybody with an old mail can request one.
export const FRESH_LINKS_PER_SUBSCRIBER_DAY = 5
export const FRESH_LINKS_PER_NETWORK_MINUTE = 10
export const LOST_LINKS_PER_NETWORK_MINUTE = 5 // Addresses for which one network may request a fresh link.
export const LOST_LINKS_PER_MINUTE = 120 // All networks together, in one process. Only subscribers get a mail, and only a few a day.
export const UNSUBSCRIBE_ANSWER_MS_MAX = 5_000 // A one-click is stored for later after this. Mail programs wait some seconds.
export const DEFERRED_UNSUBSCRIBES_BYTES_MAX = 8 * 1024 * 1024 // About 120,000 of them, a morning's one-clicks of a million subscribers.
export const DEFERRED_UNSUBSCRIBES_EVERY_MS = 2_000 // They are applied this soon after the database is back.

// Import and export.
export const CONSENT_NOTE_CHARS_MAX = 500
export const IMPORT_BATCH_ROWS = 2_000 // One round trip each. Two are in memory: 4,000 rows take 10 MB more and are not faster.
export const IMPORT_READ_BYTES = 16 * 1024 // The database waits while this much is parsed, 4 ms.
export const IMPORT_LINE_BYTES_MAX = 64 * 1024 // Ten times the size of a row with all columns at their limits, without quoting.
export const EXPORT_PAGE_ROWS = 1_000
export const IMPORT_FAULTS_SHOWN_MAX = 100
export const IMPORT_INTERESTS_MEASURED_MAX = 5_000 // Different interests of a file. They take a second.
export const IMPORT_INTERESTS_SHOWN_MAX = 10 // Interests without a match that the report names.
export const IMPORT_EXAMPLES_SHOWN = 10 // Rows that a dry run shows as they would be imported.
export const IMPORT_COLUMNS_SHOWN_MAX = 60 // Columns in the table of a dry run. An export of Outlook has 92.

// Own papers, from which interests are proposed.
export const SEED_CHARS_MAX = 512 * 1024 // A BibTeX file of 500 entries with abstracts, or an ORCID record of 200 works.
export const SEED_ENTRY_CHARS_MAX = 20_000 // A long abstract has 5,000. The parser takes 0.1 s for a hostile entry of this size.
export const SEED_WORKS_MAX = 300
export const SEED_TITLE_CHARS_MAX = 300
export const SEED_FAULTS_SHOWN_MAX = 10
export const SEED_PROPOSALS_MAX = 12 // More boxes are hard to choose from, and INTERESTS_MAX is 20.
export const SEED_PAPERS_SHOWN_MAX = 20 // Known papers that may be marked as liked.
export const SEEDS_PER_NETWORK_MINUTE = 10 // A list takes up to a second, in slices.
