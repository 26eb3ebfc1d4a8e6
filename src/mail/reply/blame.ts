/**
 * The party that a mail server's words are about. One reading serves replies to our own commands (SMTP) and the diagnostics of
 * returned mails.
 * - `address`: the mailbox or its domain does not exist or is closed permanently. The only reading that suppresses.
 * - `recipient`: this mailbox or its server does not take this message: full, a filter of the mailbox, size, content.
 * - `sender`: we are rejected: domain, IP, reputation, SPF, DKIM, DMARC, relay, account, blocklist.
 * - `limit`: too many messages, connections or recipients; a quota of ours.
 * - `server`: the receiving side is broken for now: outage, DNS, routing loop, expiry, greylisting.
 * - `unclear`: the words do not say.
 */
export type ReplyBlame = 'address' | 'recipient' | 'sender' | 'limit' | 'server' | 'unclear'
