import { readMails } from './read-corpus.ts'

const OUR_MESSAGE = [
  'Received: from papers.example.org by mx.example.net; Wed, 04 Mar 2026 07:10:01 +0000',
  'From: Papers <digest@papers.example.org>',
  'To: ann.reader@example.com',
  'Subject: 550 5.1.1 user unknown, and other papers on spam, quotas and mailboxes that are full',
  '',
  'A paper on mail: “no such user”, said the server; the mailbox is full, the sender is blocked.',
].join('\r\n')

/** Mails whose lines end in another way than CRLF. */
const LINE_ENDS = new Map([
  ['a report with carriage returns only', '\r'],
  ['a report out of an mbox', '\n'],
])

/** Returned mails in the formats of many mail systems, in our own words. */
export const RETURNED_MAILS = readMails<'permanent' | 'transient' | 'delayed' | 'complaint' | 'ignore'>(
  'returned-mails.txt',
).map(({ kind, verdict, raw }) => ({
  kind,
  verdict,
  raw: raw.replaceAll('{message}', OUR_MESSAGE).replaceAll('\r\n', LINE_ENDS.get(kind) ?? '\r\n'),
}))
