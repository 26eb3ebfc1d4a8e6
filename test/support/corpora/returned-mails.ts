/** Returned mails in the manner of many mail systems; the words are our own. */
export interface ReturnedMail {
  readonly kind: string
  readonly verdict: 'permanent' | 'transient' | 'delayed' | 'complaint' | 'ignore'
  readonly raw: string
}

const OUR_HEAD = [
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

const mail = ({ from = 'MAILER-DAEMON@mx.example.net', subject = 'failure notice', head = [], body }: Shape) =>
  [
    ...head,
    `From: ${from}`,
    'To: bounces@bounce.example.org',
    `Subject: ${subject}`,
    'MIME-Version: 1.0',
    ...body,
  ].join('\r\n')

const text = (shape: Shape) =>
  mail({ ...shape, head: ['Return-Path: <>', ...(shape.head ?? [])], body: ['', ...shape.body] })

/** A multipart whose last part is our message. */
const parts = (type: string, shape: Omit<Shape, 'body'>, ...sections: (readonly string[])[]) =>
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

const report = (fields: readonly string[], words: readonly string[] = ['It came back.']) =>
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

const failed = (status: string, diagnostic: string, words?: readonly string[]) =>
  report(['Action: failed', `Status: ${status}`, `Diagnostic-Code: smtp; ${diagnostic}`], words)

const is = (kind: string, verdict: ReturnedMail['verdict'], raw: string): ReturnedMail => ({ kind, verdict, raw })

/** Texts without fields. */
const TEXTS = [
  is(
    'qmail, the mailbox is full',
    'transient',
    text({
      body: [
        'Hi. This is qmail-send at mx.example.net.',
        '',
        '<ann.reader@example.com>:',
        'User is over the quota. You can try again later. (#5.2.2)',
        '',
        '--- Below this line is a copy of the message.',
        '',
        ...OUR_HEAD,
      ],
    }),
  ),
  is(
    'qmail, no host of this name',
    'permanent',
    text({
      body: [
        'Hi. This is qmail-send.',
        '',
        '<ann.reader@nowhere.example>:',
        "Sorry, I couldn't find any host named nowhere.example. (#5.1.2)",
        '',
        '--- Below this line is a copy of the message.',
        '',
        ...OUR_HEAD,
      ],
    }),
  ),
  is(
    'qmail, no connection',
    'transient',
    text({
      body: [
        'Hi. This is qmail-send.',
        '',
        '<ann.reader@example.com>:',
        "Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)",
        "I'm not going to try again; this message has been in the queue too long.",
        '',
        '--- Below this line is a copy of the message.',
        ...OUR_HEAD,
      ],
    }),
  ),
  is(
    'Exim, the sender was refused',
    'transient',
    text({
      subject: 'Mail delivery failed: returning message to sender',
      head: ['X-Failed-Recipients: ann.reader@example.com', 'Auto-Submitted: auto-replied'],
      body: [
        'This message was created automatically by mail delivery software.',
        '',
        '  ann.reader@example.com',
        '    SMTP error from remote mail server after MAIL FROM:<x@papers.example.org>:',
        '    host mx.example.com [192.0.2.30]: 550 5.7.1 sender domain is on a block list',
        '',
        '------ This is a copy of the message, including all the headers. ------',
        '',
        ...OUR_HEAD,
      ],
    }),
  ),
  is(
    'Exim, words without a code',
    'permanent',
    text({
      subject: 'Mail delivery failed: returning message to sender',
      head: ['X-Failed-Recipients: ann.reader@example.com'],
      body: [
        'A message that you sent could not be delivered to one or more of its',
        'recipients. This is a permanent error. The following address(es) failed:',
        '',
        '  ann.reader@example.com',
        '    unknown local-part "ann.reader" in domain "example.com"',
        '',
        '------ This is a copy of the message, including all the headers. ------',
        '',
        ...OUR_HEAD,
      ],
    }),
  ),
  is(
    'Exim, frozen and still trying',
    'delayed',
    text({
      subject: 'Warning: message 1abc-2 delayed 48 hours',
      body: [
        'This message was created automatically by mail delivery software.',
        'A message that you sent has not yet been delivered to one or more of its',
        'recipients after more than 48 hours on the queue.',
        '',
        'No action is required on your part. Delivery attempts will continue for',
        'some time, and this warning may be repeated.',
      ],
    }),
  ),
  is(
    'DragonFly, gave up',
    'transient',
    text({
      subject: 'Mail delivery failed',
      from: 'MAILER-DAEMON <>',
      body: [
        'This is the DragonFly Mail Agent.',
        '',
        'There was an error delivering your mail to <ann.reader@example.com>.',
        '',
        'Could not deliver for the last 432000 seconds. Giving up.',
        '',
        'Message headers follow.',
        '',
        ...OUR_HEAD,
      ],
    }),
  ),
  is(
    'GMX, our own size',
    'transient',
    text({
      subject: 'Mail delivery failed: returning message to sender',
      body: [
        'The following address failed:',
        '',
        '"ann.reader@example.com":',
        'SMTP error from remote server after transfer of mail text:',
        'host: mx.example.com',
        '5.3.4 message size exceeds the limit',
        '',
        '--- The header of the original message is following. ---',
        '',
        ...OUR_HEAD,
      ],
    }),
  ),
  is(
    '1&1, a limit',
    'transient',
    text({
      subject: 'Mail delivery failed: returning message to sender',
      body: [
        'A message that you sent could not be delivered to one or more of',
        'its recipients. This is a permanent error.',
        'The following address failed:',
        '',
        'ann.reader@example.com',
        '',
        'For the following reason:',
        '',
        'Mail size limit exceeded.',
        '',
        '--- The header of the original message is following. ---',
        '',
        ...OUR_HEAD,
      ],
    }),
  ),
  is(
    'IMail',
    'permanent',
    text({
      from: '"Postmaster" <postmaster@mx.example.net>',
      subject: 'Undeliverable Mail',
      body: ['Unknown user: ann.reader@example.com', '', '', 'Original message follows.', '', ...OUR_HEAD],
    }),
  ),
  is(
    'IMail, full',
    'transient',
    text({
      from: '"Postmaster" <postmaster@mx.example.net>',
      subject: 'Undeliverable Mail',
      body: [
        'User mailbox exceeds allowed size: ann.reader@example.com',
        '',
        'Original message follows.',
        '',
        ...OUR_HEAD,
      ],
    }),
  ),
  is(
    'Sendmail 5',
    'permanent',
    text({
      subject: 'Returned mail: Host unknown',
      body: [
        '   ----- Transcript of session follows -----',
        '550 nowhere.example (smtp)... 550 Host unknown',
        '554 <ann.reader@nowhere.example>... 550 Host unknown (Authoritative answer from name server)',
        '',
        '   ----- Unsent message follows -----',
        ...OUR_HEAD,
      ],
    }),
  ),
  is(
    'Sendmail 5, gave up',
    'transient',
    text({
      subject: 'Returned mail: Cannot send message for 4 days',
      body: [
        '   ----- Transcript of session follows -----',
        '421 example.com (smtp)... Deferred: Connection timed out during user open with example.com',
        '',
        '   ----- Unsent message follows -----',
        ...OUR_HEAD,
      ],
    }),
  ),
  is(
    'Sendmail, a transcript with a wrong last line',
    'transient',
    text({
      subject: 'Returned mail: see transcript for details',
      body: [
        '   ----- The following addresses had permanent fatal errors -----',
        '<ann.reader@example.com>',
        '',
        '   ----- Transcript of session follows -----',
        '... while talking to mx.example.com.:',
        '>>> DATA',
        '<<< 550 5.7.606 Access denied, banned sending IP [192.0.2.9]',
        '550 5.1.1 <ann.reader@example.com>... User unknown',
        '',
        '   ----- Original message follows -----',
        '',
        ...OUR_HEAD,
      ],
    }),
  ),
  is(
    'MXLogic',
    'permanent',
    text({
      subject: 'Mail delivery failed',
      body: [
        'A message that you have sent could not be delivered to one or more',
        'recipients.  This is a permanent error.  The following address failed:',
        '',
        '  <ann.reader@example.com>: 550 5.1.1 Recipient address rejected: User unknown in local recipient table',
        '',
        'Included is a copy of the message header:',
        '-----------------------------------------',
        ...OUR_HEAD,
      ],
    }),
  ),
  is(
    'Domino, a name that is listed twice',
    'transient',
    text({
      from: 'Postmaster@mx.example.net',
      subject:
        'DELIVERY FAILURE: Error transferring to mx.example.com; Maximum hop count exceeded.  Message probably in a routing loop.',
      body: [
        'Your message',
        '',
        '  Subject: papers',
        '',
        'was not delivered to:',
        '',
        '  ann.reader@example.com',
        '',
        'because:',
        '',
        '  Error transferring to mx.example.com; Maximum hop count exceeded.  Message probably in a routing loop.',
      ],
    }),
  ),
  is(
    'Apache James, to a phone',
    'permanent',
    mail({
      from: 'post_master@phone.example.net',
      subject: 'Re:10 papers',
      body: [
        '',
        'Error: Invalid user address',
        '',
        'Error message below:',
        '550 - Requested action not taken: no such user here',
        '',
        'Message details:',
        '  Subject: 10 papers',
        '  MAIL FROM: bounces@bounce.example.org',
      ],
    }),
  ),
  is(
    'an MMS gateway',
    'permanent',
    mail({
      from: 'MMSC NDR Administrator <sysadmin@m01.example.net>',
      subject: 'Undeliverable Message',
      body: [
        '',
        'Message could not be delivered to mobile.',
        'Error: No valid recipients for this MM',
        '',
        'Original Message:',
        ...OUR_HEAD,
      ],
    }),
  ),
  is(
    'MDaemon',
    'permanent',
    text({
      from: 'MDaemon@mx.example.net',
      subject: 'Permanent Delivery Failure',
      body: [
        'The following addresses did NOT receive a copy of your message:',
        '',
        '> ann.reader@example.com',
        '',
        '--- Session Transcript ---',
        ' RCPT To:<ann.reader@example.com>',
        ' 550 <ann.reader@example.com>, Recipient unknown',
        ' QUIT',
        '',
        '--- Message Headers ---',
        ...OUR_HEAD,
      ],
    }),
  ),
  is(
    'Smail',
    'permanent',
    text({
      subject: 'mail failed, returning to sender',
      body: [
        '|------------------------- Failed addresses follow: -------------------------|',
        ' ann.reader@example.com ... unknown host',
        '|------------------------- Message text follows: ---------------------------|',
        ...OUR_HEAD,
      ],
    }),
  ),
  is(
    'Outlook.com as text, in German',
    'permanent',
    text({
      from: 'postmaster@mx.example.net',
      subject: 'Unzustellbar: 10 papers',
      body: [
        'Fehler bei der Nachrichtenzustellung an folgende Empfänger:',
        '',
        'ann.reader@example.com',
        'Die Adresse konnte nicht gefunden werden: der Empfänger existiert nicht.',
        '',
        'Diagnoseinformationen:',
        "Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found'",
        '',
        'Ursprüngliche Nachrichtenköpfe:',
        '',
        ...OUR_HEAD,
      ],
    }),
  ),
  is(
    'a system of which no reader knows the words',
    'transient',
    text({ subject: 'Undelivered Mail', body: ['Votre message est revenu, pour une raison 99.', ...OUR_HEAD] }),
  ),
  is(
    'a mobile operator in Japanese',
    'permanent',
    mail({
      from: 'no-reply@mobile.example.net',
      subject: '=?ISO-2022-JP?B?GyRCJWEhPCVrJSglaSE8REpDThsoQg==?=',
      head: ['Return-Path: <>'],
      body: ['', '550 Unknown user ann.reader@example.com'],
    }),
  ),
  is(
    'a successful delivery in words',
    'ignore',
    text({
      from: 'postmaster@mx.example.net',
      subject: 'Delivery Notification: Delivery has been successful',
      body: [
        'This report relates to a message you sent.',
        '',
        'Your message has been successfully delivered to the following recipients.',
      ],
    }),
  ),
  is(
    'a virus scanner’s warning to the sender',
    'transient',
    text({
      from: 'postmaster@mx.example.net',
      subject: 'Undeliverable: 10 papers',
      body: ['A virus was found in the message that you sent. It was not delivered.'],
    }),
  ),
]

/** Reports with fields, in frames and with codes that are less common. */
const REPORTS = [
  is(
    'Postfix, a domain that is not there',
    'permanent',
    failed(
      '5.4.4',
      'X-Postfix; Host or domain name not found. Name service error for name=nowhere.example type=MX: Host not found',
    ),
  ),
  is(
    'Postfix, a domain that did not answer',
    'transient',
    failed(
      '4.4.3',
      'X-Postfix; Host or domain name not found. Name service error for name=example.com type=MX: Host not found, try again',
    ),
  ),
  is('a gateway that says 5.1.1 of a filter', 'transient', failed('5.1.1', '550 5.7.1 Message content rejected, UBE')),
  is(
    'a gateway that says 5.7.1 of a dead address',
    'permanent',
    failed('5.7.1', '553 Invalid recipient ann.reader@example.com (Mode: normal)'),
  ),
  is('Courier: 5.0.0 around 5.1.1', 'permanent', failed('5.0.0', '550 5.1.1 <ann.reader@example.com>... User Unknown')),
  is(
    'MessageLabs, all fields in one block',
    'transient',
    parts('multipart/report; report-type=delivery-status', {}, [
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.example.net',
      'Diagnostic-Code: smtp; 550-not permitted to',
      ' 550 relay through this server without authentication.',
      'Status: 5.0.0',
      'Action: failed',
      'Final-Recipient: rfc822; ann.reader@example.com',
    ]),
  ),
  is(
    'Sun’s Messaging Server, the reason after the code',
    'permanent',
    report(['Action: failed', 'Status: 5.1.1 (Remote SMTP server has rejected address)']),
  ),
  is(
    'Exchange, the remote words in a field of its own',
    'transient',
    report([
      'Action: failed',
      'Status: 5.7.1',
      'X-Supplementary-Info: <mx.example.com #5.7.1 smtp;550 5.7.1 TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy>',
    ]),
  ),
  is(
    'a 4xx that says user unknown',
    'transient',
    failed('4.1.1', '450 4.1.1 <ann.reader@example.com>: Recipient address rejected: unverified address: user unknown'),
  ),
  is(
    'fields that say nothing, and a text that does',
    'permanent',
    failed('5.0.0', '550 Failed', ['<ann.reader@example.com>: host mx.example.com said: 550 5.1.1 no such user']),
  ),
  is(
    'fields without a diagnostic, and a transcript',
    'transient',
    report(
      ['Action: failed', 'Status: 5.1.1'],
      ['<ann.reader@example.com>: host mx.example.com said:', '    552 5.2.2 mailbox full'],
    ),
  ),
  is(
    'X3: a report without its fields',
    'permanent',
    parts(
      'multipart/report',
      { from: 'Mail Delivery System <Mail.Delivery.System@mx.example.net>', subject: 'Delivery status notification' },
      [
        'Content-Type: text/plain',
        '',
        '   Delivery to the following recipients failed permanently:',
        '',
        '   * ann.reader@example.com',
        '',
        'SMTP:RCPT host 192.0.2.8: 553 5.3.0 <ann.reader@example.com>... No such user here',
      ],
    ),
  ),
  is(
    'a report with carriage returns only',
    'permanent',
    failed('5.1.1', '550 5.1.1 user unknown').replaceAll('\r\n', '\r'),
  ),
  is(
    'a report out of an mbox',
    'permanent',
    `From MAILER-DAEMON Wed Mar  4 07:10:00 2026\n${failed('5.1.1', '550 5.1.1 user unknown').replaceAll('\r\n', '\n')}`,
  ),
  is(
    'a report whose boundary was cut off',
    'permanent',
    failed('5.1.1', '550 5.1.1 user unknown').replace('; boundary="=_inbound"', ''),
  ),
  is(
    'quoted-printable fields',
    'permanent',
    parts('multipart/report', {}, [
      'Content-Type: message/delivery-status',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'Final-Recipient: rfc822; ann.reader@example.com',
      'Action: fail=',
      'ed',
      'Status: 5.1=2E1',
    ]),
  ),
  is(
    'the text only as HTML',
    'permanent',
    parts('multipart/mixed', { subject: 'Undeliverable: 10 papers' }, [
      'Content-Type: text/html',
      '',
      '<html><style>p { color: 550 }</style><p>Delivery has failed to these recipients:</p><p>ann.reader@example.com</p><p>550 5.1.1 The mailbox does&nbsp;not exist.</p></html>',
    ]),
  ),
  is(
    'two recipients, of which one is dead',
    'permanent',
    report([
      'Action: delivered',
      'Status: 2.0.0',
      '',
      'Final-Recipient: rfc822; bob@example.com',
      'Action: failed',
      'Status: 5.1.1',
      'Diagnostic-Code: smtp; 550 5.1.1 user unknown',
    ]),
  ),
  is('an expanded list', 'ignore', report(['Action: expanded (to multi-recipient alias)', 'Status: 2.0.0'])),
  is(
    'no action, but still trying',
    'delayed',
    report(['Status: 4.4.1'], ['The server will keep trying for two more days.']),
  ),
]

/** Mails that anybody may write to a bounce address. */
const OTHERS = [
  is(
    'a ticket with a status',
    'ignore',
    mail({ from: 'Desk <desk@example.com>', subject: 'Ticket 550', body: ['', 'Status: 5.1.1', 'Action: failed'] }),
  ),
  is(
    'an answer from a postmaster on holiday',
    'ignore',
    text({
      from: 'postmaster@example.com',
      subject: 'Automatic reply: 10 papers',
      body: ['I am out of the office; my mailbox is full. 550.'],
    }),
  ),
  is(
    'a reader who quotes a returned mail',
    'ignore',
    mail({
      from: 'Ann <ann.reader@example.com>',
      subject: 'Re: your digest',
      body: ['', 'Your mail came back: 550 5.1.1 user unknown.', '', '-----Original Message-----', ...OUR_HEAD],
    }),
  ),
  is(
    'a forwarded report',
    'ignore',
    mail({
      from: 'Ann <ann.reader@example.com>',
      subject: 'Fwd: Undelivered Mail Returned to Sender',
      body: ['', '550 5.1.1 user unknown'],
    }),
  ),
  is(
    'a mail system that announces its maintenance',
    'ignore',
    mail({
      from: 'postmaster@example.com',
      subject: 'Maintenance on Sunday',
      body: ['', 'The server is moved to another room on Sunday.'],
    }),
  ),
  is(
    'a report that only quotes our words',
    'transient',
    text({
      subject: 'Undelivered Mail Returned to Sender',
      body: ['We are sorry.', '', '-----Original message-----', '', ...OUR_HEAD],
    }),
  ),
  is(
    'a complaint whose letter speaks of unknown users',
    'complaint',
    parts('multipart/report; report-type=feedback-report', { from: 'fbl@example.net', subject: 'Report' }, [
      'Content-Type: message/feedback-report',
      '',
      'Feedback-Type: abuse',
      'User-Agent: loop/1',
    ]),
  ),
  is(
    'a reader who pastes the fields of a report',
    'ignore',
    mail({
      from: 'Ann <ann.reader@example.com>',
      subject: 'What is this?',
      body: ['', 'Final-Recipient: rfc822; bob@example.com', 'Action: failed', 'Status: 5.1.1'],
    }),
  ),
  is(
    'a gateway that asks who we are',
    'ignore',
    text({
      from: 'postmaster@example.com',
      subject: 'Your message waits',
      body: ['It could not be delivered yet. Please confirm your address to have it delivered.'],
    }),
  ),
  is(
    'Sendmail, the author left empty',
    'permanent',
    mail({
      from: '<>',
      subject: 'Returned mail: see transcript for details',
      body: ['', '   ----- Transcript of session follows -----', '<<< 550 5.1.1 User unknown'],
    }),
  ),
]

export const RETURNED_MAILS: readonly ReturnedMail[] = [...TEXTS, ...REPORTS, ...OTHERS]
