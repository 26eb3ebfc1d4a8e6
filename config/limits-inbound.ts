/** Limits of reports by providers and mail servers: webhooks, bounces and returned mail. */

// Webhooks and their events.
export const WEBHOOK_BODY_BYTES_MAX = 256 * 1024 // Resend’s largest event, a bounce with its diagnostics, is under 10 KB.
export const WEBHOOK_TOLERANCE_SECONDS = 5 * 60 // Standard Webhooks, “Verifying webhook authenticity”.
export const WEBHOOK_ID_CHARS_MAX = 200
export const WAITING_EVENTS_MAX = 10_000 // Events of unknown messages, such as those of another program.
export const WAITING_EVENT_HOURS = 72
export const ROUTINE_EVENT_DAYS = 14 // “sent”, “delivered” and “delayed” are stored while a provider may repeat them.
export const FAILURE_EVENT_DAYS = 400 // Bounces and complaints, for a year of figures.

// Bounces.
export const SOFT_BOUNCES_MAX = 5 // An address is suppressed after this many in a row.
export const SOFT_BOUNCE_DAYS = 30 // Older ones no longer count.
export const PROVIDER_BLOCK_SUBSCRIBERS_MIN = 5 // Soft bounces of this many subscribers of one provider count as one block.
export const PROVIDER_BLOCK_ALERT_SHARE = 0.001 // Share of the day's deliveries. A list of 100,000 has a few soft bounces every day.
export const PROVIDER_BLOCK_HOURS = 24
export const PROVIDER_BLOCKS_SHOWN_MAX = 10
export const UNRECOGNIZED_DAYS = 2 // Returned mails that no parser recognizes are counted for this long.
export const UNRECOGNIZED_SHOWN_MAX = 5
export const SUPPRESSIONS_SHOWN_MAX = 10_000

// Returned mail.
export const BOUNCE_POLL_MS = 60_000
export const BOUNCE_MESSAGES_PER_ROUND = 200
export const BOUNCE_MESSAGE_BYTES_MAX = 1024 * 1024 // A report with the whole message. Anything longer is cut.
export const BOUNCE_FILE_BYTES_MAX = 64 * 1024 * 1024 // A file that is passed to `paperround bounce`.
export const INBOUND_HEAD_BYTES_MAX = 256 * 1024 // Of longer headers, the first half and the last half of this are read.
export const INBOUND_BODY_BYTES_MAX = 1024 * 1024
export const INBOUND_FIELD_CHARS_MAX = 8 * 1024 // Characters read of one header field.
export const INBOUND_PARTS_MAX = 100
export const INBOUND_DEPTH_MAX = 8 // Nested multiparts. Real reports have three levels at most.
export const INBOUND_WORDS_CHARS_MAX = 64 * 1024 // Of a text that is searched for words. The longest transcript seen has 20 KB.
export const INBOUND_STATEMENTS_MAX = 50 // Replies and paragraphs of a text that are searched for the cause.
export const INBOUND_SIGNATURES_MAX = 50 // Verified for one mail. Each costs an HMAC per secret.
export const IMAP_CONNECT_TIMEOUT_MS = 15_000
export const IMAP_SILENCE_TIMEOUT_MS = 60_000
export const VERP_TOKEN_CHARS_MAX = 43 // 1 for the kind, up to 26 for the id, 16 for the signature.
