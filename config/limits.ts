/**
 * Every bound of the program in one place. A name ends in its unit; a bound
 * that another system imposes names that system.
 */

// Sources.
export const SOURCE_TIMEOUT_MS = 30_000 // Hugging Face's slowest answer seen was 9 s.
export const SOURCE_ANSWER_BYTES_MAX = 10 * 1024 * 1024 // A day of 100 papers with 3,303 authors is under 2 MB, a page of arXiv under 4 MB.
export const SOURCE_FILE_BYTES_MAX = 20 * 1024 * 1024
export const SOURCE_REDIRECTS_MAX = 3
export const SOURCE_JSON_VALUES_MAX = 500_000 // A list of 100 papers with 3,303 authors has 30,000; each value costs about 100 bytes.
export const SOURCE_JSON_DEPTH_MAX = 32 // Hugging Face's lists have 6 levels.
export const SOURCE_XML_TAGS_MAX = 300_000 // Opening or closing; 5,000 items of arXiv have about 200,000.
export const SOURCE_XML_CHARS_MAX = 100_000 // Of `&` and of `=` each: an attribute costs the parser a kilobyte.
export const SOURCE_XML_TEXT_CHARS_MAX = 200_000 // Between two tags: the parser keeps 32 bytes for each character of a text.
export const SOURCE_ATTEMPTS_MAX = 4
export const SOURCE_BACKOFF_MS = 1_000 // Doubled at each try, with jitter.
export const SOURCE_RETRY_AFTER_MS_MAX = 60_000 // A longer wait than this fails the source instead.
export const SOURCE_PAPERS_MAX = 100 // Hugging Face's own limit of one list.
export const SOURCE_DROPPED_REPORTED_MAX = 20 // Reasons kept by name; the rest are counted.
export const ARXIV_INTERVAL_MS = 3_000 // arXiv API terms of use: one request every three seconds.
export const ARXIV_PAGE_PAPERS = 500 // arXiv answers 2,000 at most; large pages come late, and empty more often.
export const ARXIV_PAGES_MAX = 20 // A week of cs.AI, cs.CL, cs.CV and cs.LG has about 5,000 papers.
export const ARXIV_ITEMS_MAX = 5_000 // Items read of one answer: a day's feed of those four with its replacements has 1,500.
export const LISTS_KEPT_DAYS = 30 // Papers that did not fit, and lists that never came, are forgotten after this.
export const SOURCE_ITEMS_MAX = 1_000 // Items read of one list; ten times Hugging Face's own limit.

// Papers.
export const TITLE_CHARS_MAX = 500
export const ABSTRACT_CHARS_MAX = 6_000
export const AUTHORS_MAX = 5_000 // 3,303 is the longest list seen.
export const AUTHOR_CHARS_MAX = 120
export const AUTHORS_SHOWN = 5
export const KEYWORDS_MAX = 30
export const KEYWORD_CHARS_MAX = 100
export const MACHINE_SUMMARY_CHARS_MAX = 1_000
export const ORGANIZATION_CHARS_MAX = 120
export const URL_CHARS_MAX = 500
export const EDITION_PAPERS_MAX = 200

// Digests.
export const DIGEST_HTML_BYTES_MAX = 90_000 // Gmail clips a message at about 102 KB.
export const DIGEST_TEXT_BYTES_MAX = 90_000
export const PAPERS_PER_DIGEST_MAX = 100
export const FEATURED_DEFAULT = 10 // Papers shown with their abstract; the day's others follow as titles.
export const FEATURED_MAX = 30
export const SUBJECT_CHARS_MAX = 120
export const PREHEADER_CHARS_MAX = 140
export const KEY_SENTENCE_CHARS_MIN = 60 // Shorter ones say little.
export const KEY_SENTENCE_CHARS_MAX = 500 // The longest of 2,117 papers has 445. A text without sentences is cut at a clause.
export const CARRIED_EDITIONS = 3 // Earlier editions whose papers are still candidates, with current votes.
export const CARRIED_DAYS_MAX = 7 // A long holiday leaves fewer editions in this range.
export const VOTES_FRESH_MINUTES = 20 // Votes are read again for a cohort when older; at most three readings an hour, of four lists each.
export const WEEK_DAYS = 7 // A weekly digest looks back over as many editions.

export const EDITIONS_KEPT_MAX = 24 // A day’s, a week’s, and some of days that are caught up on; 0.3 MB each.

export const LEXICON_PAPERS_MAX = 1_000 // Of which words’ rarity is counted: two months of lists, 0.2 s.
export const LEXICON_PAPERS_MIN = 100 // Of fewer, the pool’s own words say as much.
export const FEEDBACK_MARKS_MAX = 100 // Papers of one reader’s feedback that are kept, the newest: more teach nothing that these do not.
export const PROFILE_WORDS_MAX = 30 // More words find no more papers (docs/internals/ranking-figures.md).
export const FEEDBACK_BACKGROUND_PAPERS = 200 // The newest archive papers, as the background of feedback.
export const FEEDBACK_BACKGROUND_KEPT_MS = 10 * 60_000 // Cache time of the archive’s word statistics.
export const FEEDBACK_PAGE = 200 // Readers whose feedback one round of reconcile works out; each takes some milliseconds.

// Subscribers.
export const EMAIL_CHARS_MAX = 254 // RFC 5321 §4.5.3.1.3, less the angle brackets.
export const INTERESTS_MAX = 20
export const MUTED_TERMS_MAX = 50
export const INTEREST_CHARS_MAX = 100
export const INTEREST_SHARE_DEFAULT = 75 // Per cent of the first papers that may be there for matching alone.
export const CONSENT_NOTE_CHARS_MAX = 500
export const IMPORT_BATCH_ROWS = 4_000
export const IMPORT_LINE_BYTES_MAX = 64 * 1024 // Ten times what all columns at their bounds come to, but for quoting.
export const EXPORT_PAGE_ROWS = 1_000
export const IMPORT_FAULTS_SHOWN_MAX = 100
export const IMPORT_EXAMPLES_SHOWN = 10 // Lines that a trial shows as they would become.
export const IMPORT_COLUMNS_SHOWN_MAX = 60 // Columns in the table of a trial; an export of Outlook has 92.

// Dispatch and delivery.
export const DISPATCH_PAGE_SUBSCRIBERS = 500
export const DISPATCH_WINDOW_SUBSCRIBERS = 4_000 // Queued at a time; more makes the queue larger, not faster.
export const DISPATCH_DEFERRED_MAX = 200_000 // Deliveries that wait for their next try; 150 MB of jobs in Redis.
export const DISPATCH_POLL_MS = 50
export const DISPATCH_TURN_MS_MAX = 60_000 // After this a dispatch job hands over to a new one.
export const WARM_UP_FIRST_DAY_DEFAULT = 150 // Resend's first day of a new domain.
export const WARM_UP_GROWTH = 1.5 // A day; Gmail warns of doubling.
export const WARM_UP_DAYS = 30 // From 150 on, the last day allows 19 million.
export const PARCEL_MEMBERS_MAX = 100 // Resend's batch endpoint.
export const SEND_CONCURRENCY = 8
export const SEND_TIMEOUT_MS = 60_000 // One provider call.
export const DEFERRED_RETRY_MINUTES = [1, 6, 15, 30, 60] // Between tries of a deferred message, then the last (RFC 5321 §4.5.4.1). Greylisting asks for 5.
export const DEFERRED_RETRY_SPREAD = 0.1 // Adds up to this share, so that what was deferred together does not come back together.
export const SEND_GIVE_UP_HOURS_DEFAULT = 22 // The next daily digest comes two hours later.
export const SEND_GIVE_UP_HOURS_MAX = 48
export const WEEKLY_GIVE_UP_FACTOR = 5 // 22 hours make 110: RFC 5321 §4.5.4.1 says four to five days.
export const WEEKLY_GIVE_UP_HOURS_MAX = 144 // A day before the next weekly digest.
export const LOST_ANSWER_COPIES_MAX = 8 // Over SMTP, where the operator chose to send again.
export const SEND_BACKOFF_MS = 2_000 // Before a lost call is repeated; doubled at each try, with jitter.
export const SEND_BACKOFF_MS_MAX = 15 * 60_000
export const OUTCOME_REASON_CHARS_MAX = 500
export const REPLY_CHARS_MAX = 4_000 // A mail server’s reply. RFC 5321 §4.5.3.1.5 allows 512 bytes a line.
export const SEND_CALL_TIMEOUT_MS = 10_000 // Counted from the claim, which another worker may take after WORKER_SILENT_MS.
export const SETTLE_ATTEMPTS_MAX = 30 // The process knows what it sent only while it runs, and PostgreSQL usually returns within seconds.
export const SETTLE_RETRY_MS = 1_000
export const CLAIM_STALE_MINUTES = 15 // Ten times the slowest provider call seen.
export const SEND_RATE_PER_SECOND_DEFAULT = 10 // Resend's documented default for a team.
export const RESEND_KEY_HOURS = 24 // Resend keeps an idempotency key this long.
export const RESEND_KEY_MARGIN_MINUTES = 60 // Stop repeating this long before the key is forgotten.
export const SMTP_CONNECTIONS_DEFAULT = 5 // A worker process has so many; many servers admit about ten from one address.
export const SMTP_CONNECTIONS_MAX = 100
export const RESEND_CONNECT_TIMEOUT_MS = 15_000 // Name look-up, TCP and TLS: after this the call has certainly not left.
export const RESEND_ANSWER_BYTES_MAX = 1024 * 1024 // A batch’s answer is under 20 KB; a proxy’s page may be anything.
export const LIMIT_RESET_MARGIN_MS = 60_000 // Clocks differ; a call before the reset would only be rejected again.
export const LIMIT_UNKNOWN_MS = 3_600_000 // A quota whose period the server does not name is tried again after this.
export const LIMIT_RATE_MS = 60_000 // A rate limit of a mail server without a time; most count by the minute.
export const BREAKER_REFUSALS = 10 // In a row with the same words for different recipients: chance does not do that.
export const BREAKER_TEXTS_MAX = 20 // Different words of refusals that are counted at a time.
export const RECONCILE_EVERY_MS = 60_000
export const RECONCILE_PAGE = 1_000

// Making and restoring a backup.
export const BACKUP_GZIP_LEVEL = 1 // The ledger stands still meanwhile; the best level takes twice as long for a seventh less.
export const BACKUP_HEARTBEAT_MS = 1_000 // Well under the silence in a transaction after which a client is cut off.
export const PROGRAM_MESSAGE_CHARS_MAX = 1_000 // The end of another program’s error output.
export const RESTORE_IDS_PASSED = 1_000_000_000 // More than a million readers use up in two years.
export const RESTORE_DAYS_MAX = 31

// Growth.
export const RETENTION_MONTHS_DEFAULT = 13 // A year, and its month of the year before beside it.
export const RETENTION_MONTHS_MIN = 3 // Under that, a digest of the last quarter could no longer be opened.
export const RETENTION_MONTHS_MAX = 600
export const MONTHS_AHEAD = 2 // Months created ahead of the current one.
export const MONTH_LOCK_WAIT_MS = 2_000 // All queries on deliveries queue behind a waiting lock.
export const MAINTENANCE_EVERY_MS = 24 * 3_600_000
export const MAINTENANCE_RETRY_MS = 15 * 60_000 // After a round that failed, such as for a lock.
export const MAINTENANCE_PAGE = 10_000 // Rows deleted by one statement.

// Processes.
export const SHUTDOWN_GRACE_MS = 30_000
export const INTERRUPTED_GRACE_MS = 3_000 // For a command that was asked to end to close what it has open.
export const DATABASE_CONNECT_TIMEOUT_MS = 10_000
export const DATABASE_POOL_MAX = 10
export const DATABASE_RETRY_FOR_MS = 15_000 // A restart takes a few seconds; after this a command says that the database is gone.
export const DATABASE_RETRY_MS = 100
export const DATABASE_ATTEMPTS_MAX = 10 // Of work that is safe to repeat: each try may meet another connection that the restart has cut.
export const DATABASE_IDLE_IN_TRANSACTION_MS = 30_000 // A host that is cut off in a transaction would keep its rows locked for hours.
export const QUEUE_READY_TIMEOUT_MS = 10_000
export const QUEUE_POOL_LISTENERS_MAX = 40 // Two for each queue, with room for those that had to be made again.
export const QUEUE_READY_ATTEMPTS_MAX = 5
export const RUN_WAIT_HOURS_MAX = 12 // `run --wait` leaves what is open then to the workers.
export const QUEUE_RETRY_MS = 1_000 // After a call that found no server. BullMQ waits 15 s by default, longer than a restart takes.
export const CATCH_UP_HOURS_MAX = 12 // A morning missed by more than this is not sent in the night.

// The embedded database.
export const SECRET_CHARS_MIN = 32
export const SECRET_GENERATED_BYTES = 32 // 256 bits, written as 64 hexadecimal digits.
export const OWNER_HEARTBEAT_MS = 5_000
export const OWNER_SILENT_MS = 60_000 // An owner on another host counts as dead after this silence.
export const EMBEDDED_START_MS_MAX = 60_000 // Making a new database takes 1–5 s on two cores.
export const EMBEDDED_START_ATTEMPTS_MAX = 5 // Each needs another owner that ends in the same second.
export const EMBEDDED_CONNECTIONS_MAX = 100
export const EMBEDDED_LOGIN_MS_MAX = 10_000 // A client on the same machine needs milliseconds for its first messages.
export const EMBEDDED_LOGIN_BYTES_MAX = 10_000 // PostgreSQL's own limit of a start-up message.
export const EMBEDDED_LOGINS_MAX = 50 // Connections that have not yet shown a password.
export const SOCKET_PATH_BYTES_MAX = 103 // sun_path holds 108 bytes on Linux, 104 on macOS and the BSDs, and the last is NUL.

// Workers.
export const WORKER_HEARTBEAT_MS = 3_000
export const WORKER_SILENT_MS = 20_000 // Six missed beats: what it had claimed may be repeated.
export const TRANSPORT_PAUSE_DOWN_MS = 60_000 // A transport that is down is tried again after this, doubled at each failure.
export const TRANSPORT_PAUSE_LOST_MS = 5_000 // The same after a lost answer: one alone is no outage, and must not stop a morning for a minute.
export const TRANSPORT_PAUSE_DOWN_MS_MAX = 16 * 60_000
export const TRANSPORT_PAUSE_MEMORY_MS = 3_600_000 // A pause that begins later than this after the last one is a new failure.
export const TRANSPORT_PAUSE_MS_MIN = 1_000 // Prevents a loop when a provider says “retry after 0 seconds”.
export const TRANSPORT_PAUSE_POLL_MS_MAX = 30_000 // `resume` takes effect within this time.
export const PAUSE_POLL_MS = 5_000

// Jobs.
export const JOB_LOCK_MS = 20_000 // A job whose worker died is taken up by another after this.
export const JOB_STALLED_CHECK_MS = 10_000
export const JOB_ATTEMPTS_MAX = 20 // Of a job whose processor threw, such as while PostgreSQL restarts.
export const JOB_BACKOFF_MS = 500 // Doubled at each try, with jitter.
export const JOB_BACKOFF_MS_MAX = 30_000
export const JOBS_ADDED_AT_ONCE_MAX = 1_000
export const QUEUE_EVENTS_KEPT_MAX = 100 // Per queue, in Redis.

// Subscribing.
export const CONFIRM_HOURS = 48 // A confirmation link works this long.
export const EDITION_OPEN_HOURS = 36 // From 00:00 UTC of its day: in UTC−12 the day ends then.
export const QUEUE_POOL_MAX = 12 // Each worker keeps one connection for LISTEN.
export const TRANSACTIONAL_CONCURRENCY = 4
export const HOLIDAY_LIKELY_HOURS = 8 // From 00:00 UTC of a weekday: of 558 lists two were still empty at 06:00.
export const PUBLISH_RETRY_MS = 10 * 60_000 // A list that was not open, or a source that was down, is asked again after this.
export const IDLE_POLL_MS = 100
export const OUTBOX_SHOWN_MAX = 500
export const OUTBOX_DRAFT_MS_MAX = 60 * 60_000 // A draft that is older was left by a process that died: writing takes milliseconds.
export const WAITING_READ_EVERY_MS = 1_000 // So often does a command that waits ask why.
export const WAITING_REPORT_EVERY_MS = 60_000 // And so often does it say so at most, when something has changed.
export const WAITING_REPORT_AFTER_MS = 5_000 // A shorter wait is over before it is read.
export const WAITING_GROUPS_MAX = 10 // Reasons that are listed; the others are counted together.

// SMTP.
export const SMTP_CONNECT_TIMEOUT_MS = 15_000 // Name look-up, TCP and TLS together.
export const SMTP_GREETING_TIMEOUT_MS = 30_000 // Some servers keep strangers waiting before their greeting.
export const SMTP_SILENCE_TIMEOUT_MS = 50_000 // Under SEND_TIMEOUT_MS, so that the connection says what it waited for.
export const SMTP_IDLE_MS = 30_000 // Most servers close an idle connection after a minute or more.
export const SMTP_IDLE_REDUCED_MS = 2_000 // Another process may wait for this connection when the server admits few.
export const SMTP_GROW_MS = 30_000 // One more connection is tried after this time without a refusal.
export const SMTP_REFUSED_ALONE_MAX = 3 // Refusals of the only connection, in a row, before the transport pauses.
export const SMTP_CONNECT_RETRY_MS = 500 // After a refusal of the only connection; doubled at each further one.
export const SMTP_CONNECT_RETRY_MS_MAX = 5_000
export const SMTP_LOST_IN_A_ROW_MAX = 3 // Answers lost one after the other; each leaves a message in doubt, so the transport pauses then.
export const SMTP_NO_CONNECTION_RETRY_MS = 30_000 // Until a message goes again that got none of the few connections.
export const SMTP_NO_CONNECTION_MS_MAX = 10 * 60_000 // Without any connection for so long, the transport pauses after all.
export const SMTP_NO_CONNECTION_GAP_MS = 2 * 60_000 // Refusals that lie further apart are two times of being crowded out.
export const SMTP_SENT_AGAIN_MAX = 1 // How often a call repeats a message whose new connection was lost before its end.

// The website.
export const REQUEST_BODY_BYTES_MAX = 64 * 1024
export const REQUEST_FIELDS_MAX = 100
export const REQUEST_MS_MAX = 10_000 // A body that has not come by then is a slow-loris or a lost line.

export const HSTS_SECONDS = 365 * 24 * 3_600 // A year, as RFC 6797 §14.2 shows it.
export const UNAVAILABLE_RETRY_SECONDS = 30 // Said with a 503: a restart of the database takes less.

// DNS, as doctor asks it.
export const DNS_TIMEOUT_MS = 5_000
export const DNS_ATTEMPTS_MAX = 2

// The log.
export const LOG_REPEAT_MS = 60_000 // A warning of one kind is logged once in this time; 35,305 lines in 200 s were seen.
export const LOG_REPEAT_KINDS_MAX = 200 // Kinds with a count of their own; the others share one line a minute.

// Watching.
export const READY_TIMEOUT_MS = 3_000
export const PROGRESS_STUCK_MS = 15 * 60_000 // Longer than any back-off between two tries of a letter.
export const ALERTS_EVERY_MS = 60_000
export const TRANSPORT_DOWN_ALERT_MINUTES = 15 // A restart of a mail server takes less.
export const REFUSED_ALERT_PERCENT = 3 // Of an edition’s digests that were answered; an old list has about 2 % dead addresses.
export const REFUSED_ALERT_MIN = 10 // Of a short list, one address is many per cent.
export const UNCERTAIN_ALERT_MIN = 5 // A killed worker leaves as many as it had connections (SMTP_CONNECTIONS_DEFAULT).
export const TRANSACTIONAL_LATE_ALERT_MINUTES = 30 // Somebody waits for it in front of their screen; greylisting takes 6.
export const ALERT_REASONS_MAX = 3 // Reasons in the text of one alarm.
export const ALERT_TIMEOUT_MS = 10_000
export const ALERT_ATTEMPTS_MAX = 3
export const ALERT_BACKOFF_MS = 2_000

// Sign-ups. These limits bound the mails that a stranger can trigger. The ledger counts them over all processes.
export const FULL_IP_DAYS = 1 // After this an IP address is shortened to its /24 or /48. The limits look back one day.
export const CONSENT_IP_DAYS = 30 // A proof of consent forgets its IP address after this.
export const PENDING_DAYS = 30 // An unconfirmed subscriber is deleted after this.
export const SIGN_UP_DAYS = 30 // A form post is deleted after this. By then only hashes and networks are left.
export const FORM_AGE_MS_MIN = 2_000 // People do not read and fill in the form faster.
export const FORM_AGE_MS_MAX = 24 * 3_600_000
export const FORM_FIELD_CHARS_MAX = 4_000 // INTERESTS_MAX interests of INTEREST_CHARS_MAX, and their separators.
export const SIGN_UP_POSTS_PER_NETWORK_MINUTE = 30 // The first wall, in one process's memory.
// FREE is what needs no proof of work. At FREE the work begins, and each doubling costs one bit more. MAX is refused openly.
export const SIGN_UPS_PER_NETWORK_HOUR_FREE = 5 // A household, or a few colleagues behind one address.
export const SIGN_UPS_PER_NETWORK_HOUR_MAX = 10
export const SIGN_UPS_PER_NETWORK_DAY_MAX = 40
export const SIGN_UPS_PER_IPV4_24_HOUR_FREE = 20 // 256 households, or one rented range.
export const SIGN_UPS_PER_IPV4_24_HOUR_MAX = 60
export const SIGN_UPS_PER_IPV4_24_DAY_MAX = 240
export const SIGN_UPS_PER_IPV6_48_HOUR_FREE = 10 // One site, with 65,536 networks that cost it nothing.
export const SIGN_UPS_PER_IPV6_48_HOUR_MAX = 30
export const SIGN_UPS_PER_IPV6_48_DAY_MAX = 120
export const SIGN_UPS_PER_FORM_FREE = 3 // One form token serves these: a person corrects an address, or asks for a colleague too.
export const MAILBOX_ASKED_EVERY_HOURS = 24 // So often at most a mailbox is mailed because somebody typed its address.
export const SIGN_UPS_PER_PROVIDER_HOUR_FREE = 5 // A domain that is not a large provider's; it may be one person's with a catch-all.
export const SIGN_UPS_PER_PROVIDER_HOUR_MAX = 50
export const SIGN_UPS_PER_LARGE_PROVIDER_HOUR_FREE = 30
export const SIGN_UPS_PER_LARGE_PROVIDER_HOUR_MAX = 1_000 // Each past 480 has cost SIGN_UP_WORK_BITS_MAX.
export const SIGN_UPS_PER_HOUR_FREE = 250
export const SIGN_UPS_PER_HOUR_MAX = 10_000 // Each past 4,000 has cost SIGN_UP_WORK_BITS_MAX; more would empty a provider's quota.
export const UNPROVEN_SIGN_UPS_PER_NETWORK_HOUR_MAX = 3 // Posts without a form token are more often a script's; the slow way has no proof either.
export const UNPROVEN_SIGN_UPS_PER_HOUR_MAX = 60
export const SLOW_FORM_AGE_MS_MIN = 5 * 60_000 // A form that is this old may be sent without the work, where a browser cannot do it.
export const SIGN_UP_WORK_PARTS = 16 // A power of two. Of so many small puzzles the time strays by a quarter only.
export const SIGN_UP_WORK_BITS_MIN = 16 // 65,536 hashes: under a second on a telephone.
export const SIGN_UP_WORK_BITS_MAX = 20 // A million hashes: 5–10 s on a telephone that does 100,000–200,000 a second.
export const SIGN_UP_WORK_GRACE_BITS = 1 // Others may have signed up while a browser worked.
export const SIGN_UP_CONCURRENCY = 2
export const CONFIRM_POSTS_PER_NETWORK_MINUTE = 60
export const INTEREST_PREVIEWS_PER_NETWORK_MINUTE = 60
export const INTEREST_PREVIEW_PAPERS_MAX = 5
export const INTEREST_PREVIEW_EDITION_MS = 60_000 // So often is looked for a newer edition.
export const REQUEST_CHECK_MS = 1_000 // So soon after REQUEST_MS_MAX is a request ended that is over it.

// Changes by subscribers.
export const UNDO_HOURS = 24 // Time to undo an unsubscribe by link.
export const ADDRESS_CHANGES_PER_DAY_MAX = 3 // Per subscriber. Each sends one mail to an unconfirmed address.
export const ADDRESS_UNDO_DAYS = 7 // The former address can be taken back for this long, and is then forgotten.
export const FRESH_LINK_MINUTES_MIN = 10 // Between two mails with a fresh link to one subscriber: anybody with an old mail can ask.
export const FRESH_LINKS_PER_SUBSCRIBER_DAY = 5
export const FRESH_LINKS_PER_NETWORK_MINUTE = 10
export const LOST_LINKS_PER_NETWORK_MINUTE = 5 // Addresses that one network may type to have a fresh link mailed.
export const LOST_LINKS_PER_MINUTE = 120 // All networks together, in one process: a mail goes to subscribers only, a few a day.
export const PAUSE_DAYS_MAX = 366
export const AUTHORS_FOLLOWED_MAX = 50
export const TIMEZONE_CHARS_MAX = 64 // The longest IANA name has 32.

export const UNSUBSCRIBE_ANSWER_MS_MAX = 5_000 // After this a one-click is stored for later: mail programs wait some seconds.
export const DEFERRED_UNSUBSCRIBES_BYTES_MAX = 8 * 1024 * 1024 // About 120,000 of them; a morning's one-clicks of a million readers.
export const DEFERRED_UNSUBSCRIBES_EVERY_MS = 2_000 // So soon after the database is back they are applied.

// Reading and searching.
export const SEARCH_CHARS_MAX = 200
export const SEARCHES_PER_NETWORK_MINUTE = 60 // Searches and feeds together; a person reads, and a feed is asked for hourly.
export const SEARCH_PAGE_PAPERS = 20
export const SEARCH_PAGES_MAX = 50
export const SEARCH_WORDS_MAX = 32 // The longest title in a year of lists has 29.
export const SEARCH_ALTERNATIVES_MAX = 3 // “or” between common words reads the index of each.
export const SEARCH_MATCHES_MAX = 300 // When more papers match, only titles and the newest papers are looked at.
export const SEARCH_WINDOW_PAPERS = 300 // The newest papers: 2 to 3 µs each.
export const SEARCH_RANKED_WORDS = 420 // Papers that are ranked, times their words and two: one costs 5 µs, and 1.5 µs for each word.
export const SEARCH_RANKED_MIN = 50
export const SEARCH_STATEMENT_MS_MAX = 3_000 // A search takes 20 ms; this ends one that meets a bad plan.
export const SEARCH_CONCURRENCY = 2 // Connections of the pool; the rest is for cheap pages.
export const SEARCH_WAITING_MAX = 20
export const SPELLING_PAPERS = 20_000 // The newest titles, whose words are offered for misspelt ones.
export const SPELLING_KNOWN_WORDS_MAX = 60_000 // About 8 MB; the titles of a year of lists have 5,000.
export const SPELLING_WORD_CHARS_MAX = 24 // “electroencephalographical” has 25, and is rarely misspelt only once.
export const SPELLING_WORDS_MAX = 8 // Unknown words of one search; looking one up takes 0.1 to 0.5 ms.
export const SPELLING_COMPARED_MAX = 4_000 // Pairs of words of one search that are compared letter by letter, 1 µs each.
export const SPELLING_TITLES_PER_READ = 1_000
export const SPELLING_REFRESH_MS = 60_000 // So often is looked for new titles, of which there are some dozens a day.
// The cost that one network may cause by searches and feeds of searches. A search costs 5 to 20 ms.
export const QUERY_BUDGET_MS = 600
export const QUERY_BUDGET_MS_PER_SECOND = 10 // 1 % of one processor core.
export const QUERY_BUDGET_NETWORKS_MAX = 20_000 // About 4 MB.
export const QUERY_COST_MS = 4 // Of any search, before its work is known.
export const QUERY_COST_PER_WORD_MS = 0.2
export const QUERY_COST_PER_HIT_MS = 0.2
export const QUERY_COST_PER_LOOKED_PAPER_MS = 0.008
export const QUERY_COST_PER_RANKED_PAPER_MS = 0.01
export const QUERY_COST_PER_COMPARED_WORD_MS = 0.001
export const ARCHIVE_PAGE_DAYS = 60
export const FEED_PAPERS_MAX = 100
export const SEARCH_FEED_PAPERS_MAX = 30 // An entry of a feed takes 0.1 ms.
export const SITEMAP_ADDRESSES_MAX = 25_000 // Days and papers, each. The protocol allows 50,000 in total.
export const PAGE_CACHE_MS = 5_000 // Cache time of a public page. Many visitors cost one rendering.
export const PAGE_CACHE_MAX = 200
export const PAPER_AUTHORS_SHOWN = 30
export const MATHEMATICS_EXPANSIONS_MAX = 200 // Macros in one formula.

// Reports by providers and mail servers.
export const WEBHOOK_BODY_BYTES_MAX = 256 * 1024 // Resend’s largest event, a bounce with its diagnostics, is under 10 KB.
export const WEBHOOK_TOLERANCE_SECONDS = 5 * 60 // Standard Webhooks, “Verifying webhook authenticity”.
export const WEBHOOK_ID_CHARS_MAX = 200
export const SOFT_BOUNCES_MAX = 5 // Letters in a row that came back for now; the next step is suppression.
export const SOFT_BOUNCE_DAYS = 30 // Older ones no longer count.
export const PROVIDER_BLOCK_SUBSCRIBERS_MIN = 5 // Soft bounces of this many subscribers of one provider are one event.
export const PROVIDER_BLOCK_ALERT_SHARE = 0.001 // A share of the day's deliveries: a few in a list of 100,000 come back every day.
export const PROVIDER_BLOCK_HOURS = 24
export const PROVIDER_BLOCKS_SHOWN_MAX = 10
export const UNRECOGNIZED_DAYS = 2 // Returned mails that no reader knows are counted for this long.
export const UNRECOGNIZED_SHOWN_MAX = 5
export const WAITING_EVENTS_MAX = 10_000 // Events of letters that are not known yet, such as of another program’s.
export const WAITING_EVENT_HOURS = 72
export const ROUTINE_EVENT_DAYS = 14 // “sent”, “delivered”, “delayed”: kept while a provider may repeat them.
export const TROUBLE_EVENT_DAYS = 400 // Bounces and complaints: a year of figures.
export const BOUNCE_POLL_MS = 60_000
export const BOUNCE_MESSAGES_PER_ROUND = 200
export const BOUNCE_MESSAGE_BYTES_MAX = 1024 * 1024 // A report with the whole letter; what is longer is cut there.
export const BOUNCE_FILE_BYTES_MAX = 64 * 1024 * 1024 // Of a file that is named to `paperround bounce`.
export const INBOUND_HEAD_BYTES_MAX = 256 * 1024 // Of a longer head its first and its last half of this are read.
export const INBOUND_BODY_BYTES_MAX = 1024 * 1024
export const INBOUND_FIELD_CHARS_MAX = 8 * 1024 // One header field is read so far.
export const INBOUND_PARTS_MAX = 100
export const INBOUND_DEPTH_MAX = 8 // Multiparts inside one another; real reports have three levels at most.
export const INBOUND_WORDS_CHARS_MAX = 64 * 1024 // Of a text that is read for words; the longest transcript seen has 20 KB.
export const INBOUND_STATEMENTS_MAX = 50 // Replies and paragraphs of a text that are read for blame.
export const INBOUND_TRACES_MAX = 50 // Signatures that are verified for one mail: each costs an HMAC per secret.
export const IMAP_CONNECT_TIMEOUT_MS = 15_000
export const IMAP_SILENCE_TIMEOUT_MS = 60_000
export const VERP_TOKEN_CHARS_MAX = 43 // 1 for the kind, 26 of an id at most, 16 of the mark.
export const SUPPRESSIONS_SHOWN_MAX = 10_000

// The evaluation of the ranking.
export const EVAL_DAYS_MAX = 4_000 // Ten years of lists, about 50 MB of text.
export const EVAL_FILE_BYTES_MAX = 20 * 1024 * 1024

// The scorecard.
export const SCORE_AFTER_DAYS = 7 // After an edition’s votes were read its list is read again.
export const SCORE_WITHIN_DAYS = 21 // Later than this the votes are no longer those of “a week later”.
export const SCORE_ATTEMPTS_MAX = 12 // An hour after the first, doubled up to a day: nine days in all.
export const SCORE_AGAIN_HOURS_MAX = 24
export const SCORE_EVERY_MS = 10 * 60_000
export const SCORES_PER_ROUND = 5 // One request to a source each.
export const SCORE_PAPERS_MIN = 5 // Fewer papers do not show the quality of an order.
export const SCORECARD_EDITIONS = 60 // On one page.

// The template preview.
export const GMAIL_CLIP_BYTES = 102 * 1024 // Gmail shows a message's HTML up to about here, and a link to the rest.
export const PREVIEW_BODY_BYTES_MAX = 2 * 1024 * 1024 // The props of 200 papers with the longest abstracts are 1.5 MB.
export const PREVIEW_EDITS_KEPT_MAX = 50
export const PREVIEW_MAILS_KEPT_MAX = 60 // Two template forms of every scenario.
export const PREVIEW_REVISIONS_KEPT_MAX = 3 // Of templates that were saved one after the other.
export const PREVIEW_CHANGE_SETTLE_MS = 40 // An editor that saves writes, renames and touches in one go.
export const PREVIEW_HEARTBEAT_MS = 15_000 // A comment on the event stream, so that a dead page is noticed.
export const SPAM_CHECK_MS_MAX = 30_000 // SpamAssassin without network takes 1–5 s.
// The operator's pages.
export const PASSWORD_SCRYPT_COST = 32_768 // N; with r = 8 a guess costs 32 MB and about 80 ms (OWASP asks for 2^15 at p = 3, or 2^17 at p = 1).
export const PASSWORD_CHARS_MAX = 1_000
export const SESSION_IDLE_MINUTES = 60
export const SESSION_HOURS_MAX = 12
export const SESSION_TOUCH_MS = 60_000 // How often a session's last use is written down.
export const LOGIN_WINDOW_MINUTES = 15
export const LOGIN_ATTEMPTS_PER_ADDRESS_MAX = 5 // Of an IPv4 address or an IPv6 /64.
export const LOGIN_ATTEMPTS_PER_WIDE_NETWORK_MAX = 20 // Of an IPv4 /24 or an IPv6 /48.
export const LOGIN_ATTEMPTS_PER_DEVICE_MAX = 5 // Of a browser in which an operator logged in before.
export const LOGIN_LOCK_MINUTES_MAX = 24 * 60 // Each lock lasts twice as long as the one before, up to this.
export const LOGIN_LOCKS_FORGOTTEN_HOURS = 24
export const LOGIN_PAUSE_FROM_ATTEMPTS = 100 // Wrong tries of strangers within the window; from here on each of theirs waits.
export const LOGIN_PAUSE_MS_PER_ATTEMPT = 10
export const LOGIN_PAUSE_MS_MAX = 2_000 // So a botnet of any size has 450 guesses in 15 minutes.
export const LOGIN_WAITING_MAX = 8 // Strangers whose password waits to be looked at: 16 s at most, and 8 sockets.
export const LOGIN_WAITING_KNOWN_MAX = 8 // A hash takes 80 ms.
export const KNOWN_NETWORK_DAYS = 30
export const KNOWN_DEVICE_DAYS = 90
export const TOTP_STEP_SECONDS = 30 // RFC 6238 §4.1.
export const TOTP_STEPS_AROUND = 1 // A clock may be half a minute off (RFC 6238 §5.2).
export const LIVE_EVERY_MS = 1_000
export const LIVE_VIEWERS_MAX = 50
export const RATE_WINDOW_SECONDS = 60
export const OPERATION_DELIVERIES_MAX = 5_000 // Put back into the queue by one click.
export const AUDIT_PAGE_ROWS = 50
export const SUBSCRIBERS_PAGE_ROWS = 50
export const EDITIONS_SHOWN_MAX = 60
export const GROWTH_DAYS = 90
export const ADMIN_IMPORT_BYTES_MAX = 4 * 1024 * 1024 // About 100,000 lines; the command line takes files of any size.
export const ADMIN_FORM_BYTES_MAX = 256 * 1024 // The editor of 200 papers, each with a reason.
export const REASON_CHARS_MAX = 500
export const COMPLAINT_PERCENT_GOOD = 0.1 // Gmail sender guidelines: stay below 0.1 %,
export const COMPLAINT_PERCENT_MAX = 0.3 // and never reach 0.3 %.
