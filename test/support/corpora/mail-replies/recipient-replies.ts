import type { MailReply } from './mail-reply.ts'

/** The mailbox, its rules, or the message. */
export const RECIPIENT_REPLIES: readonly MailReply[] = [
  ['recipient', '552 5.2.2 over quota'],
  ['recipient', '552 5.2.2 the mailbox is over its quota'],
  ['recipient', '452 4.2.2 mailbox full'],
  [
    'recipient',
    "452-4.2.2 The recipient's inbox is out of storage space. Please direct the recipient to 452 4.2.2 https://support.google.com/mail/?p=OverQuotaTemp",
  ],
  [
    'recipient',
    '552-5.2.2 The email account that you tried to reach is over quota. 552 5.2.2 https://support.google.com/mail/?p=OverQuotaPerm',
  ],
  ['recipient', '552 5.0.0 Quota exceeded, the mailbox is full'],
  ['recipient', '552 the mailbox is full [RCPT_TO]'],
  ['recipient', '552 5.1.1 Boite du destinataire pleine. Recipient overquota. OFR_417 [417]'],
  ['recipient', '550 user is over quota'],
  ['recipient', '552 1 Requested mail action aborted, mailbox quota exceeded'],
  [
    'recipient',
    '554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded',
  ],
  ['recipient', '550 5.1.1 <ann@example.com>: mailbox is full'],
  ['recipient', '5.1.1 smtp; 550 5.2.2 over quota'],
  ['recipient', '受信箱がいっぱいのため、お届けできませんでした。'],
  ['recipient', '552 5.0.0 Message size exceeds the limit'],
  ['recipient', '552 5.3.4 Message size exceeds fixed limit'],
  ['recipient', "552-5.2.3 Your message exceeded Google's message size limits"],
  ['recipient', '550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient'],
  [
    'recipient',
    '550-5.2.1 This person receives mail at too high a rate at present 550 5.2.1 so nothing more is taken for now',
  ],
  [
    'recipient',
    '450-4.2.1 The user you are trying to contact is receiving mail at a rate that 450-4.2.1 prevents additional messages from being delivered. 450 4.2.1 https://support.google.com/mail/?p=ReceivingRate',
  ],
  [
    'recipient',
    '450-4.2.1 The user you are trying to contact is receiving mail too quickly. Please resend your message at a later time.',
  ],
  ['recipient', '550 5.0.0 Message refused, it looks like spam'],
  ['recipient', '554 5.7.1 Spam message rejected'],
  ['recipient', '554 5.6.0 Spam'],
  ['recipient', '5.1.0 smtp; 550 5.7.1 looks like spam'],
  ['recipient', '550 5.0.0 Refused by a policy of this company'],
  ['recipient', '554 5.7.1 refused for its content'],
  [
    'recipient',
    '554 5.7.1 [CS01] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137',
  ],
  ['recipient', '550 5.7.0 Local Policy Violation'],
  ['recipient', '550 High probability of spam'],
  ['recipient', '550 spam message rejected. Please visit https://help.mail.ru/notspam-support/id?c=abc'],
  ['recipient', '554 DT:SPM 163 smtp10,abc'],
  ['recipient', '550 Mail content denied. http://service.mail.qq.com'],
  [
    'recipient',
    '552-5.7.0 This message was blocked because its content presents a potential 552-5.7.0 security issue.',
  ],
  ['recipient', '550 5.7.1 RESOLVER.RST.NotAuthorized; not authorized'],
  [
    'recipient',
    '550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; Delivery restriction check failed',
  ],
  ['recipient', 'The recipient above was rejected by the domain filter of the remote mail server.'],
  ['recipient', '554 Message rejected due to user rules'],
  ['recipient', '550 permanent failure for one or more recipients (ann@example.com:blocked)'],
  ['recipient', '550 Amazon SES has suppressed sending to this address because it is on the suppression list'],
  ['recipient', '450 4.2.0 mailbox temporarily disabled'],
]
