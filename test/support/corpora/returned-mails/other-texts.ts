import { is, mail, OUR_HEAD, text } from './build.ts'

/** Returned mails of other mail systems without the fields of a report. */
export const OTHER_TEXTS = [
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
    'a system with unknown words',
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
