/**
 * The party at fault by a mail server's words, in SMTP replies and in returned mails.
 * - `address`: the mailbox or its domain does not exist or is closed permanently. Only this suppresses the address.
 * - `recipient`: this mailbox or its server refuses this message: full, a filter, size, content.
 * - `sender`: we are rejected: domain, IP, reputation, SPF, DKIM, DMARC, relay, account, blocklist.
 * - `limit`: we sent too many messages, connections or recipients, or used up a quota.
 * - `server`: the receiving side fails for now: outage, DNS, routing loop, expiry, greylisting.
 * - `unclear`: the words do not say.
 */
export type ReplyBlame = 'address' | 'recipient' | 'sender' | 'limit' | 'server' | 'unclear'
