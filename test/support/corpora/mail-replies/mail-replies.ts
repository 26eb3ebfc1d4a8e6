import { ADDRESS_REPLIES } from './address-replies.ts'
import type { MailReply } from './mail-reply.ts'
import { OTHER_REPLIES } from './other-replies.ts'
import { RECIPIENT_REPLIES } from './recipient-replies.ts'
import { SENDER_REPLIES } from './sender-replies.ts'

/** Replies in the words of many mail servers, as answers to a command or as quotes in a returned mail. */
export const REPLIES: readonly MailReply[] = [
  ...ADDRESS_REPLIES,
  ...RECIPIENT_REPLIES,
  ...SENDER_REPLIES,
  ...OTHER_REPLIES,
]
