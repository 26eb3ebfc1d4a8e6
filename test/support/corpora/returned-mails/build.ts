/** A mail to the bounce address, and its expected verdict. */
export interface ReturnedMail {
  readonly kind: string
  readonly verdict: 'permanent' | 'transient' | 'delayed' | 'complaint' | 'ignore'
  readonly raw: string
}

export const OUR_HEAD = [
  'Received: from papers.example.org by mx.example.net; Wed, 04 Mar 2026 07:10:01 +0000',
  'From: Papers <digest@papers.example.org>',
  'To: ann.reader@example.com',
  'Subject: 550 5.1.1 user unknown, and other papers on spam, quotas and mailboxes that are full',
  '',
  'A paper on mail: “no such user”, said the server; the mailbox is full, the sender is blocked.',
]

interface Shape {
  readonly from?: string
  readonly subject?: string
  readonly head?: readonly string[]
  readonly body: readonly string[]
}

/** Builds any mail. */
export const mail = ({ from = 'MAILER-DAEMON@mx.example.net', subject = 'failure notice', head = [], body }: Shape) =>
  [
    ...head,
    `From: ${from}`,
    'To: bounces@bounce.example.org',
    `Subject: ${subject}`,
    'MIME-Version: 1.0',
    ...body,
  ].join('\r\n')

/** Builds a mail with the empty envelope sender, whose body is text. */
export const text = (shape: Shape) =>
  mail({ ...shape, head: ['Return-Path: <>', ...(shape.head ?? [])], body: ['', ...shape.body] })

/** Builds a multipart mail whose last part is our message. */
export const parts = (type: string, shape: Omit<Shape, 'body'>, ...sections: (readonly string[])[]) =>
  mail({
    ...shape,
    body: [
      `Content-Type: ${type}; boundary="=_inbound"`,
      '',
      'This is a mail in several parts.',
      ...[...sections, ['Content-Type: message/rfc822', '', ...OUR_HEAD]].flatMap((section) => [
        '--=_inbound',
        ...section,
        '',
      ]),
      '--=_inbound--',
    ],
  })

/** Builds a report with these fields about the recipient. */
export const report = (fields: readonly string[], words: readonly string[] = ['It came back.']) =>
  parts(
    'multipart/report; report-type=delivery-status',
    { subject: 'Undelivered Mail Returned to Sender' },
    ['Content-Type: text/plain', '', ...words],
    [
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.example.net',
      '',
      'Final-Recipient: rfc822; ann.reader@example.com',
      ...fields,
    ],
  )

/** Builds a report of a failed delivery. */
export const failed = (status: string, diagnostic: string, words?: readonly string[]) =>
  report(['Action: failed', `Status: ${status}`, `Diagnostic-Code: smtp; ${diagnostic}`], words)

export const is = (kind: string, verdict: ReturnedMail['verdict'], raw: string): ReturnedMail => ({
  kind,
  verdict,
  raw,
})
