import type { ReplyBlame } from '../../../../src/mail/reply/blame.ts'

/** A reply of a mail server, and the party that it blames. Addresses and machines are invented. */
export type MailReply = readonly [blame: ReplyBlame, text: string]
