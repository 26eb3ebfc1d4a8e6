/** Limits of the website: requests, search, feeds, the admin pages and the template preview. */

// Requests.
export const REQUEST_BODY_BYTES_MAX = 64 * 1024
export const REQUEST_FIELDS_MAX = 100
export const REQUEST_MS_MAX = 10_000 // A body that takes longer is a slow-loris attack or a lost connection.
export const REQUEST_CHECK_MS = 1_000 // A request that exceeds REQUEST_MS_MAX is ended within this time.
export const HSTS_SECONDS = 365 * 24 * 3_600 // A year, as in the example of RFC 6797 §14.2.
export const UNAVAILABLE_RETRY_SECONDS = 30 // `Retry-After` of a 503. A restart of the database takes less.

// Search, archive and feeds.
export const SEARCH_CHARS_MAX = 200
export const SEARCH_FILTER_CHARS_MAX = 100
export const SEARCHES_PER_NETWORK_MINUTE = 60 // Searches and feeds together. A feed reader polls hourly.
export const SEARCH_PAGE_PAPERS = 20
export const SEARCH_PAGES_MAX = 50
export const SEARCH_WORDS_MAX = 32 // The longest title in a year of lists has 29.
export const SEARCH_ALTERNATIVES_MAX = 3 // “or” between common words reads the index of each.
export const SEARCH_NAMED_MAX = 50 // Papers whose title begins with the query. They come first.
export const SEARCH_FEW_PAPERS = 3 // If fewer are found, another spelling is tried, too.
export const SEARCH_MATCHES_MAX = 300 // If more papers match, only titles and the newest papers are searched.
export const SEARCH_WINDOW_PAPERS = 300 // The newest papers, which take 2 to 3 µs each.
export const SEARCH_RANKED_WORDS = 420 // Ranked papers times (words + 2). A paper takes 5 µs, and 1.5 µs for each word.
export const SEARCH_RANKED_MIN = 50
export const SEARCH_STATEMENT_MS_MAX = 3_000 // A search takes 20 ms. This ends one that gets a bad plan.
export const SEARCH_CONCURRENCY = 2 // Connections of the pool. The others serve cheap pages.
export const SEARCH_WAITING_MAX = 20
export const SPELLING_PAPERS = 20_000 // The newest papers. The words of their titles and names are suggested for misspelt ones.
export const SPELLING_AUTHORS_PER_PAPER = 12 // Most papers have fewer. The names of 20,000 papers are 30,000 words.
export const SPELLING_KNOWN_WORDS_MAX = 80_000 // About 11 MB. The titles of a year of lists have 5,000, and their authors 20,000.
export const SPELLING_WORD_CHARS_MAX = 24 // “electroencephalographical” has 25, and rarely has only one mistake.
export const SPELLING_WORDS_MAX = 8 // Unknown words of one search. Each takes 0.1 to 0.5 ms.
export const SPELLING_COMPARED_MAX = 4_000 // Pairs of words of one search that are compared letter by letter, 1 µs each.
export const SPELLING_PAPERS_PER_READ = 250 // Their words take 20 ms. Between two reads, the server answers requests.
export const SPELLING_REFRESH_MS = 60_000 // Between two queries for new titles, of which there are some dozens a day.
// The cost that one network may cause by searches and feeds of searches. A search costs 5 to 20 ms.
export const QUERY_BUDGET_MS = 600
export const QUERY_BUDGET_MS_PER_SECOND = 10 // 1 % of one processor core.
export const QUERY_BUDGET_NETWORKS_MAX = 20_000 // About 4 MB.
export const QUERY_COST_MS = 4 // Charged before a search runs.
export const QUERY_COST_PER_WORD_MS = 0.2
export const QUERY_COST_PER_HIT_MS = 0.2
export const QUERY_COST_PER_SCANNED_PAPER_MS = 0.008
export const QUERY_COST_PER_RANKED_PAPER_MS = 0.01
export const QUERY_COST_PER_COMPARED_WORD_MS = 0.001
export const FEED_PAPERS_MAX = 100
export const SEARCH_FEED_PAPERS_MAX = 30 // An entry of a feed takes 0.1 ms.
export const TOPIC_FEED_PAPERS_MAX = 50
export const BEST_FEED_PAPERS_MAX = 20
export const FEED_AUTHORS_MAX = 20
export const FEED_KEYWORDS_MAX = 20
export const SITEMAP_ADDRESSES_MAX = 25_000 // For days and for papers. The protocol allows 50,000 in total.
export const PAGE_CACHE_MS = 5_000 // Cache time of a public page. Many visitors cost one rendering.
export const PAGE_CACHE_MAX = 200 // All public pages share them. A day of 40 papers, the largest, takes 0.4 MB.
export const PAPER_AUTHORS_SHOWN = 30
export const DAY_CACHE_MAX = 10 // Editions in memory, about 0.3 MB each, for the filters of their pages.
export const DAY_FACETS_MAX = 12 // Topics and organisations to filter a day by. Bounds the pages of one day.
export const DAY_TOPICS_SHOWN = 8
export const CARD_KEYWORDS_SHOWN = 3
export const CARD_AUTHORS_SHOWN = 2

// The feed of a subscriber's own digests.
export const PERSONAL_FEED_DIGESTS_MAX = 14 // Two weeks, more than a reader that polls daily can miss.
export const PERSONAL_FEED_PAPERS_MAX = 150
export const PERSONAL_FEED_CACHE_MS = 60_000
export const PERSONAL_FEEDS_CACHED_MAX = 50 // Up to 400 KB each. A reader polls hourly, so a larger cache has no more hits.

// Saved papers.
export const SAVED_PAPERS_MAX = 1_000 // Papers that one subscriber saves to read later: three a day for a year.
export const SAVED_PAGE_PAPERS = 50

// Admin: passwords, sessions and login.
export const PASSWORD_SCRYPT_COST = 32_768 // N. With r = 8 a guess costs 32 MB and about 80 ms (OWASP asks for 2^15 at p = 3, or 2^17 at p = 1).
export const PASSWORD_CHARS_MAX = 1_000
export const SESSION_IDLE_MINUTES = 60
export const SESSION_HOURS_MAX = 12
export const SESSION_TOUCH_MS = 60_000 // Between two updates of a session's last use.
export const LOGIN_WINDOW_MINUTES = 15
export const LOGIN_ATTEMPTS_PER_ADDRESS_MAX = 5 // Per IPv4 address or IPv6 /64.
export const LOGIN_ATTEMPTS_PER_WIDE_NETWORK_MAX = 20 // Per IPv4 /24 or IPv6 /48.
export const LOGIN_ATTEMPTS_PER_DEVICE_MAX = 5 // Per browser in which an operator logged in before.
export const LOGIN_LOCK_MINUTES_MAX = 24 * 60 // Each lock lasts twice as long as the previous one, up to this.
export const LOGIN_LOCK_RESET_HOURS = 24
export const LOGIN_PAUSE_FROM_ATTEMPTS = 100 // After this many failures of unknown clients within the window, each further one waits.
export const LOGIN_PAUSE_MS_PER_ATTEMPT = 10
export const LOGIN_PAUSE_MS_MAX = 2_000 // Leaves a botnet of any size 450 guesses in 15 minutes.
export const LOGIN_WAITING_MAX = 8 // Unknown clients whose password waits for its check: 16 s at most, and 8 sockets.
export const LOGIN_WAITING_KNOWN_MAX = 8 // Known clients. A hash takes 80 ms.
export const KNOWN_NETWORK_DAYS = 30
export const KNOWN_DEVICE_DAYS = 90
export const SESSIONS_SHOWN_MAX = 200 // A dozen operators with a dozen browsers each have fewer.
export const OPERATORS_MAX = 200 // Accounts, disabled ones included. A page lists them all.
export const OPERATOR_NAME_CHARS_MAX = 80
export const OPERATOR_LINK_HOURS = 48 // A link to set a password. Over a weekend, an owner makes a new one.
export const PASSWORD_CHARS_MIN = 12
export const RECOVERY_CODES = 10 // Each replaces one code of the authenticator.
export const RECOVERY_CODE_CHARS = 10 // Base32: 50 bits, and the limits of the login bound the guesses.
export const ACCOUNT_CHECKS_MAX = 5 // Passwords that a session may try on the account page within LOGIN_WINDOW_MINUTES.
export const PASSKEYS_PER_OPERATOR_MAX = 20 // A passkey for each device. A page lists them all.
export const PASSKEY_NAME_CHARS_MAX = 60
export const PASSKEY_ID_CHARS_MAX = 1_364 // 1,023 bytes in base64url (WebAuthn Level 3 §4).
export const PASSKEY_CHALLENGE_SECONDS = 300 // The least that WebAuthn Level 3 §15.1 recommends with user verification.
export const PASSKEY_CHALLENGES_MAX = 2_000 // Open ones of all browsers. The oldest make room, 300 bytes each.
export const PASSKEY_CHALLENGES_PER_NETWORK_MINUTE = 20 // A login needs one.
export const TOTP_STEP_SECONDS = 30 // RFC 6238 §4.1.
export const TOTP_STEPS_AROUND = 1 // A clock may be half a minute off (RFC 6238 §5.2).

// Admin: pages.
export const LIVE_EVERY_MS = 1_000
export const LIVE_VIEWERS_MAX = 50
export const RATE_WINDOW_SECONDS = 60
export const REQUEUE_DELIVERIES_MAX = 5_000 // Put back into the queue by one click.
export const AUDIT_PAGE_ROWS = 50
export const AUDIT_SEARCH_ROWS_MAX = 20_000 // A search reads this many actions at most, in 0.1 s. The next page goes on.
export const AUDIT_EXPORT_ROWS_MAX = 50_000 // About 15 MB of CSV. A filter by day exports the rest.
export const AUDIT_SEARCH_CHARS_MAX = 100
export const SUBSCRIBERS_PAGE_ROWS = 50
export const EDITIONS_SHOWN_MAX = 60
export const GROWTH_DAYS = 90
export const ADMIN_IMPORT_BYTES_MAX = 4 * 1024 * 1024 // About 100,000 lines. The command line takes files of any size.
export const ADMIN_FORM_BYTES_MAX = 256 * 1024 // The editor of 200 papers, each with a reason.
export const REASON_CHARS_MAX = 500
export const COMPLAINT_PERCENT_GOOD = 0.1 // Gmail sender guidelines: stay below 0.1 %,
export const COMPLAINT_PERCENT_MAX = 0.3 // and never reach 0.3 %.

// Admin: an edition before it is sent.
export const TEST_SENDS_PER_MINUTE = 10 // By all operators together. A test mail counts in no other limit.
export const EDITION_CHECKS_KEPT_MAX = 8 // Checked revisions in memory, some kilobytes each.
export const EDITION_CHECKS_KEPT_MS = 10 * 60_000 // Then an edition is checked again.
export const EDITION_CHECKS_MS_MAX = 15_000 // They take 1 to 2 s, most of it for compiling the templates.
export const EDITION_SPAM_WAIT_MS = 3_000 // A page waits for SpamAssassin so long. The check goes on, for the next page.
export const EDITION_FINDINGS_MAX = 60 // Listed by a page or a command. Eight digests have the same few faults.
export const FORECAST_KEPT_MS = 30_000 // Counting who is due reads all subscribers: 1 to 2 s for a million.
export const FORECAST_COHORTS_SHOWN = 4
export const LOOK_MATCHES_MAX = 8 // Subscribers that a search for a reader lists.

// The template preview.
export const GMAIL_CLIP_BYTES = 102 * 1024 // Gmail shows a message's HTML up to about here, and a link to the rest.
export const PREVIEW_BODY_BYTES_MAX = 2 * 1024 * 1024 // The props of 200 papers with the longest abstracts are 1.5 MB.
export const PREVIEW_EDITS_MAX = 50
export const PREVIEW_MAIL_CACHE_MAX = 60 // Two template forms of every scenario.
export const PREVIEW_REVISIONS_MAX = 3 // The last saved versions of the templates.
export const PREVIEW_CHANGE_SETTLE_MS = 40 // An editor writes, renames and touches a file when it saves.
export const PREVIEW_HEARTBEAT_MS = 15_000 // Between two comments on the event stream, which detect a closed page.
export const PREVIEW_WIDTH_PX_MIN = 240 // The smallest watch that shows mails.
export const PREVIEW_WIDTH_PX_MAX = 2_000 // A mail window on a wide screen.
export const PREVIEW_SHOT_MS_MAX = 30_000 // A picture of the longest digest takes 2 s.
export const PREVIEW_SHOTS_WAITING_MAX = 5 // Pictures are taken one after the other, because each starts a browser.
export const SPAM_CHECK_MS_MAX = 30_000 // SpamAssassin without network takes 1–5 s.
export const SPAM_REPORT_BYTES_MAX = 1024 * 1024 // With -t, the program repeats the mail before its report.
export const SPAM_CHECKS_AT_ONCE = 2 // Each takes a processor core for some seconds.
export const SPAM_CHECKS_WAITING_MAX = 50
export const SPAM_RESULTS_KEPT_MAX = 200 // By content. Each has some kilobytes.
export const SPAM_ABANDONED_MS = 1_500 // A page that reloads asks again before this, and the check goes on.
