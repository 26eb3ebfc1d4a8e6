/**
 * Limits of papers, digests, subscribers and sending. The other areas have files of their own, `limits-*.ts`.
 * Each name ends in its unit. A limit that another system imposes names that system.
 */

// Papers.
export const TITLE_CHARS_MAX = 500
export const ABSTRACT_CHARS_MAX = 6_000
export const AUTHORS_MAX = 5_000 // The longest list seen has 3,303.
export const AUTHOR_CHARS_MAX = 120
export const AUTHORS_SHOWN = 5
export const KEYWORDS_MAX = 30
export const KEYWORD_CHARS_MAX = 100
export const MACHINE_SUMMARY_CHARS_MAX = 1_000
export const ORGANIZATION_CHARS_MAX = 120
export const URL_CHARS_MAX = 500
export const EDITION_PAPERS_MAX = 200
export const MATHEMATICS_EXPANSIONS_MAX = 200 // Macros in one formula.

// Digests.
export const DIGEST_HTML_BYTES_MAX = 90_000 // Gmail clips a message at about 102 KB.
export const DIGEST_TEXT_BYTES_MAX = 90_000
export const PAPERS_PER_DIGEST_MAX = 100
export const FEATURED_DEFAULT = 10 // Papers shown with their abstract. The other papers of the day follow as titles.
export const FEATURED_MAX = 30
export const SUBJECT_CHARS_MAX = 60 // Most inboxes cut longer subjects.
export const SUBJECT_TITLES_CHARS_MIN = 38 // An interest precedes the two titles if they keep this room.
export const TITLE_FORMS_CACHED_MAX = 2_000 // Titles with their short forms. Each takes about 1 KB.
export const BRIEF_WORDS_MAX = 24 // About two lines at 600 px.
export const BRIEF_CHARS_MAX = 240 // For scripts without spaces, and for long words.
export const SKIM_TITLES_MAX = 12 // Short titles would fit in their dozens, and make the mail long.
export const SKIM_TITLES_MIN = 3 // One title alone, just above “35 more papers on the web”, looks like a mistake.
export const SKIM_WORDS_MAX = 800 // Words of the cards and titles of a digest to skim. With its head and footer, it stays within 900 words and 5,000 px on a phone.
export const SUMMARY_INTERESTS_MAX = 2 // Interests that the line at the top names. The footer names all of them.
export const SUMMARY_INTEREST_CHARS_MAX = 40 // Two of them fit into two lines on a phone.
export const SUMMARY_BYTES_MAX = 800 // Reserved for that line: two interests in which each character is escaped, and 300 bytes of words.
export const PREHEADER_CHARS_MAX = 140
export const PREHEADER_TITLE_CHARS_MIN = 24 // Less of a title says little.
export const KEY_SENTENCE_CHARS_MIN = 60 // Shorter sentences say little.
export const KEY_SENTENCE_CHARS_MAX = 500 // Six of 2,117 papers have a longer one, which is cut at a clause.
export const WORK_NAMES_MAX = 6 // What a paper calls its work: a name, its abbreviation, variants.
export const CARRIED_EDITIONS = 5 // Earlier editions whose papers are still candidates, with current votes. On a Monday, the whole last week.
export const CARRIED_WHOLE_EDITIONS = 3 // Every paper of these is a candidate. Older ones keep only the papers whose votes rose.
export const CARRIED_DAYS_MAX = 10 // Five lists, a weekend, and three days without a list.
export const RISEN_TIMES_MIN = 1.5 // The rise in votes that an explanation mentions, and that keeps a paper of an old list.
export const RISEN_VOTES_MIN = 5 // 1 → 2 votes is no rise.
export const STAND_IN_DAYS_MAX = 7 // On a day without a list, the newest edition is sent to those who did not get it, if it is not older.
export const LATE_DAYS_MAX = 7 // A source such as arXiv announces each paper once. It is asked for late papers of this many days.
export const LISTS_AGAIN_MS_MAX = 2 * 60_000 // After this, no further earlier list is read again. Their papers keep their votes.
export const VOTES_FRESH_MINUTES = 20 // Older votes are read again before a cohort is sent: at most three times an hour, six lists each.
export const WEEK_DAYS = 7 // A weekly digest covers this many editions.
export const EDITION_CACHE_MAX = 24 // Editions of a day, of a week and of some days to catch up on. Each takes 0.3 MB.
export const EDITION_OPEN_HOURS = 36 // From 00:00 UTC of its day. The day ends then in UTC−12.
export const HOLIDAY_LIKELY_HOURS = 8 // From 00:00 UTC of a weekday. Two of 558 lists were still empty at 06:00.
export const CATCH_UP_HOURS_MAX = 12 // A digest that is later than this would arrive at night, so it is not sent.

// Matching and feedback.
export const LEXICON_PAPERS_MAX = 1_000 // Papers whose words are counted: two months of lists, which takes 0.2 s.
export const LEXICON_PAPERS_MIN = 100 // With fewer papers, the words of the candidates are as informative.
export const SYNONYMS_FILE_BYTES_MAX = 200_000 // The lines that are allowed, each with some terms of usual length.
export const SYNONYM_LINES_MAX = 2_000 // The bundled file has about 120.
export const SYNONYM_LINE_TERMS_MAX = 20 // An interest in the first term looks for all of them.
export const SYNONYM_CHARS_MAX = 100 // The longest of the bundled terms has half as many.
export const UNMATCHED_INTERESTS_NAMED = 3 // Interests without a match that one digest names. The preferences name all.
export const UNMATCHED_PROPOSALS_NAMED = 2 // For each of them.
export const FEEDBACK_PAPERS_MAX = 100 // The newest papers that a subscriber rated. Older ones change nothing.
export const LEARNED_TERMS_MAX = 2_000 // Terms of “more like this” in a profile: 8 KB. With 1,000, ten likes find 0.386 in place of 0.412 of what people want.
export const DISLIKED_TERMS_MAX = 1_000 // Terms of “less like this”, which only move papers down: 4 KB.
export const LEARNED_TOPICS_MAX = 30 // Keywords that say what a profile has learned, for each verdict.
export const FEEDBACK_BACKGROUND_PAPERS = 300 // Newest archive papers that a profile is learned against. 600 take twice the time and find no more.
export const FEEDBACK_BACKGROUND_CACHE_MS = 10 * 60_000 // Cache time of the archive’s word statistics.
export const FEEDBACK_PAGE = 200 // Subscribers whose feedback is evaluated in one round. Each takes 10 to 30 ms.

// Subscribers.
export const EMAIL_CHARS_MAX = 254 // RFC 5321 §4.5.3.1.3, less the angle brackets.
export const INTERESTS_MAX = 20
export const MUTED_TERMS_MAX = 50
export const INTEREST_CHARS_MAX = 100
export const INTEREST_SHARE_DEFAULT = 75 // Per cent of the first papers that may be chosen only because they match.
export const PAUSE_DAYS_MAX = 366
export const AUTHORS_FOLLOWED_MAX = 50
export const TIMEZONE_CHARS_MAX = 64 // The longest IANA name has 32.

// Dispatch and delivery.
export const DISPATCH_PAGE_SUBSCRIBERS = 500
export const DISPATCH_WINDOW_SUBSCRIBERS = 4_000 // Queued at a time. A higher limit makes the queue larger, not faster.
export const DISPATCH_DEFERRED_MAX = 200_000 // Deliveries that wait for a retry. They take 150 MB of jobs in Redis.
export const DISPATCH_POLL_MS = 50
export const DISPATCH_JOB_MS_MAX = 60_000 // A dispatch job hands over to a new one after this.
export const PUBLISH_RETRY_MS = 10 * 60_000 // Before a list that was not open, or a source that was down, is requested again.
export const WARM_UP_FIRST_DAY_DEFAULT = 150 // Resend's first day of a new domain.
export const WARM_UP_GROWTH = 1.5 // Per day. Gmail warns of doubling.
export const WARM_UP_DAYS = 30 // Starting at 150, the last day allows 19 million.
export const PARCEL_MEMBERS_MAX = 100 // Resend's batch endpoint.
export const SEND_CONCURRENCY = 8 // Parcels at a time, if each has many messages.
export const SEND_AHEAD_MESSAGES = 200 // Composed while connections are busy, if a parcel is one message. More would only take memory.
export const CLAIM_GROUP_MS = 50 // Between two groups. Messages that are ready last longer.
export const CLAIM_GROUP_MESSAGES = 100 // In one transaction, which locks their subscribers.
export const TRANSACTIONAL_CONCURRENCY = 4
export const SEND_TIMEOUT_MS = 60_000 // One provider call.
export const DEFERRED_RETRY_MINUTES = [1, 6, 15, 30, 60] // Waits between attempts. The last one repeats (RFC 5321 §4.5.4.1). Greylisting needs 5.
export const DEFERRED_RETRY_SPREAD = 0.1 // Adds up to this share, so that messages deferred together are not retried together.
export const SEND_GIVE_UP_HOURS_DEFAULT = 22 // The next daily digest comes two hours later.
export const SEND_GIVE_UP_HOURS_MAX = 48
export const WEEKLY_GIVE_UP_FACTOR = 5 // 22 hours make 110: RFC 5321 §4.5.4.1 says four to five days.
export const WEEKLY_GIVE_UP_HOURS_MAX = 144 // A day before the next weekly digest.
export const LOST_ANSWER_COPIES_MAX = 8 // Over SMTP, if the operator chose to send again after a lost answer.
export const SEND_BACKOFF_MS = 2_000 // Before a lost call is repeated. Doubles at each retry, with jitter.
export const SEND_BACKOFF_MS_MAX = 15 * 60_000
export const OUTCOME_REASON_CHARS_MAX = 500
export const REPLY_CHARS_MAX = 4_000 // A mail server’s reply. RFC 5321 §4.5.3.1.5 allows 512 bytes a line.
export const SEND_CALL_TIMEOUT_MS = 10_000 // Counted from the claim, which another worker may take over after WORKER_SILENT_MS.
export const SETTLE_ATTEMPTS_MAX = 30 // Outcomes are only in memory until they are stored. PostgreSQL usually returns within seconds.
export const SETTLE_RETRY_MS = 1_000
export const CLAIM_STALE_MINUTES = 15 // Ten times the slowest provider call seen.
export const SEND_RATE_PER_SECOND_DEFAULT = 10 // Resend's documented default for a team.
export const RESEND_KEY_HOURS = 24 // Resend stores an idempotency key this long.
export const RESEND_KEY_MARGIN_MINUTES = 60 // Retries stop this long before the key expires.
export const RESEND_CONNECT_TIMEOUT_MS = 15_000 // DNS, TCP and TLS. The request was certainly not sent if this expires.
export const RESEND_ANSWER_BYTES_MAX = 1024 * 1024 // A batch’s answer is under 20 KB, but a proxy may answer with anything.
export const QUOTA_RESET_MARGIN_MS = 60_000 // Clocks differ, and a call before the reset would only be rejected again.
export const QUOTA_UNKNOWN_RETRY_MS = 3_600_000 // Before a retry if the server does not name the period of its quota.
export const RATE_LIMIT_RETRY_MS = 60_000 // Before a retry if a mail server's rate limit names no time. Most count by the minute.
export const BREAKER_REFUSALS = 10 // The same refusal for this many different recipients in a row is no coincidence.
export const BREAKER_TEXTS_MAX = 20 // Different refusal texts that are counted at a time.
export const RECONCILE_EVERY_MS = 60_000
export const RECONCILE_PAGE = 1_000
export const PAUSE_POLL_MS = 5_000
export const OUTBOX_SHOWN_MAX = 500
export const OUTBOX_DRAFT_MS_MAX = 60 * 60_000 // Writing takes milliseconds, so an older draft belongs to a process that died.

// SMTP.
export const SMTP_CONNECTIONS_DEFAULT = 5 // Per worker process. Many servers accept about ten from one address.
export const SMTP_CONNECTIONS_MAX = 100
export const SMTP_CONNECT_TIMEOUT_MS = 15_000 // DNS, TCP and TLS together.
export const SMTP_GREETING_TIMEOUT_MS = 30_000 // Some servers delay their greeting for unknown clients.
export const SMTP_SILENCE_TIMEOUT_MS = 50_000 // Less than SEND_TIMEOUT_MS, so that the error says what the connection waited for.
export const SMTP_REPLY_CHARS_MAX = 64 * 1024 // All lines of one reply. It bounds the memory that a server without line ends can take.
export const SMTP_IDLE_MS = 30_000 // Most servers close an idle connection after a minute or more.
export const SMTP_IDLE_REDUCED_MS = 2_000 // If the server accepts few connections, another process may wait for this one.
export const SMTP_GROWTH_INTERVAL_MS = 30_000 // One more connection is tried after this time without a refusal.
export const SMTP_LAST_CONNECTION_REFUSALS_MAX = 3 // The transport pauses after this many refusals of the only connection in a row.
export const SMTP_CONNECT_RETRY_MS = 500 // After a refusal of the only connection. Doubles at each further one.
export const SMTP_CONNECT_RETRY_MS_MAX = 5_000
export const SMTP_LOST_ANSWERS_MAX = 3 // In a row. Each leaves a message unconfirmed, so the transport pauses then.
export const SMTP_NO_CONNECTION_RETRY_MS = 30_000 // Before the retry of a message that got none of the few connections.
export const SMTP_NO_CONNECTION_MS_MAX = 10 * 60_000 // The transport pauses after this time without any connection.
export const SMTP_NO_CONNECTION_GAP_MS = 2 * 60_000 // Refusals that are further apart belong to different outages.
export const SMTP_RESENDS_MAX = 1 // Repeats within one call, if a new connection was lost before the end of the message.

// Workers and pauses of a transport.
export const WORKER_HEARTBEAT_MS = 3_000
export const WORKER_SILENT_MS = 20_000 // Six missed heartbeats. Other workers may take over its claims after this.
export const TRANSPORT_PAUSE_DOWN_MS = 60_000 // Before a transport that is down is tried again. Doubles at each failure.
export const TRANSPORT_PAUSE_LOST_MS = 5_000 // The same after a lost answer. One lost answer is no outage and must not cost a minute.
export const TRANSPORT_PAUSE_DOWN_MS_MAX = 16 * 60_000
export const TRANSPORT_PAUSE_RESET_MS = 3_600_000 // A pause that begins later than this after the last one starts at the shortest wait.
export const TRANSPORT_PAUSE_MS_MIN = 1_000 // Prevents a loop when a provider says “retry after 0 seconds”.
export const TRANSPORT_PAUSE_POLL_MS_MAX = 30_000 // `resume` takes effect within this time.

// Jobs.
export const JOB_LOCK_MS = 20_000 // Another worker takes over the job of a dead worker after this.
export const JOB_STALLED_CHECK_MS = 10_000
export const JOB_ATTEMPTS_MAX = 20 // For a job whose processor throws, such as during a restart of PostgreSQL.
export const JOB_BACKOFF_MS = 500 // Doubles at each retry, with jitter.
export const JOB_BACKOFF_MS_MAX = 30_000
export const JOBS_ADDED_AT_ONCE_MAX = 1_000
export const QUEUE_EVENTS_MAX = 100 // Per queue, in Redis.
