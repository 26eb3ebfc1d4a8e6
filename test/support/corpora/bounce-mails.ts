import { report } from './mail-builders.ts'

/** A report in the format of a mail system, sent to the envelope sender of the message. */
export interface BounceMail {
  readonly system: string
  readonly says: 'bounced' | 'soft-bounced' | 'delayed'
  readonly raw: (to: string) => string
}

const MESSAGE = [
  'Content-Type: message/rfc822',
  '',
  'From: digest@papers.example.org',
  'Subject: 12 papers',
  '',
  'Papers',
]

export const BOUNCE_MAILS: readonly BounceMail[] = [
  {
    system: 'Postfix: no such user',
    says: 'bounced',
    raw: (to) =>
      report({
        head: [
          'Return-Path: <>',
          `Delivered-To: ${to}`,
          'From: MAILER-DAEMON@mx.example.net (Mail Delivery System)',
          'Subject: Undelivered Mail Returned to Sender',
          `To: ${to}`,
          'Auto-Submitted: auto-replied',
          'Message-Id: <20261124090001.4F1A2C0DE@mx.example.net>',
        ],
        boundary: '4F1A2C0DE.1795510801/mx.example.net',
        words: 'This is the mail system at host mx.example.net.',
        status: [
          'Reporting-MTA: dns; mx.example.net',
          'X-Postfix-Queue-ID: 4F1A2C0DE',
          `X-Postfix-Sender: rfc822; ${to}`,
          'Arrival-Date: Tue, 24 Nov 2026 09:00:01 +0000 (UTC)',
          '',
          'Final-Recipient: rfc822; ada@example.org',
          'Original-Recipient: rfc822;ada@example.org',
          'Action: failed',
          'Status: 5.1.1',
          'Remote-MTA: dns; mail.example.org',
          'Diagnostic-Code: smtp; 550 5.1.1 <ada@example.org>: Recipient address',
          '    rejected: User unknown in virtual mailbox table',
        ],
        returned: MESSAGE,
      }),
  },
  {
    system: 'Postfix: still trying',
    says: 'delayed',
    raw: (to) =>
      report({
        head: [
          'Return-Path: <>',
          'From: MAILER-DAEMON@mx.example.net',
          `To: ${to}`,
          'Subject: Delayed Mail (still being retried)',
          'Message-Id: <delay@mx.example.net>',
        ],
        boundary: 'delay',
        words: 'You do not need to resend your message.',
        status: [
          'Reporting-MTA: dns; mx.example.net',
          '',
          'Final-Recipient: rfc822; ada@example.org',
          'Action: delayed',
          'Status: 4.4.1',
          'Diagnostic-Code: X-Postfix; connect to mail.example.org[192.0.2.1]:25: Connection timed out',
          'Will-Retry-Until: Sun, 29 Nov 2026 09:00:01 +0000 (UTC)',
        ],
        returned: ['Content-Type: text/rfc822-headers', '', 'From: digest@papers.example.org', 'Subject: 12 papers'],
      }),
  },
  {
    system: 'Postfix: gave up',
    says: 'soft-bounced',
    raw: (to) =>
      report({
        head: [
          'From: MAILER-DAEMON@mx.example.net',
          `To: ${to}`,
          'Subject: Undelivered Mail Returned to Sender',
          'Message-Id: <gaveup@mx.example.net>',
        ],
        boundary: 'gaveup',
        words: 'I am sorry.',
        status: [
          'Reporting-MTA: dns; mx.example.net',
          '',
          'Final-Recipient: rfc822; ada@example.org',
          'Action: failed',
          'Status: 4.4.7',
          'Diagnostic-Code: X-Postfix; delivery temporarily suspended',
        ],
        returned: MESSAGE,
      }),
  },
  {
    system: 'Exim: the recipient only in Envelope-To',
    says: 'bounced',
    raw: (to) =>
      report({
        head: [
          'Return-path: <>',
          `Envelope-to: ${to}`,
          'X-Failed-Recipients: ada@example.org',
          'Auto-Submitted: auto-replied',
          'From: Mail Delivery System <Mailer-Daemon@exim.example.net>',
          'To: undisclosed-recipients:;',
          'References: <digest.2026-11-24.42@papers.example.org>',
          'Subject: Mail delivery failed: returning message to sender',
          'Message-Id: <E1tExim-000001@exim.example.net>',
        ],
        boundary: '1795510801-eximdsn-1',
        words: 'A message that you sent could not be delivered to one or more of its recipients.',
        status: [
          'Reporting-MTA: dns; exim.example.net',
          '',
          'Action: failed',
          'Final-Recipient: rfc822;ada@example.org',
          'Status: 5.0.0',
          'Remote-MTA: dns; mail.example.org',
          'Diagnostic-Code: smtp; 550 5.1.1 The email account that you tried to reach does not exist.',
        ],
        returned: [
          'Content-type: message/rfc822',
          '',
          `Return-path: <${to}>`,
          'From: digest@papers.example.org',
          '',
          'Papers',
        ],
      }),
  },
  {
    system: 'Exim: full mailbox behind 5.0.0',
    says: 'soft-bounced',
    raw: (to) =>
      report({
        head: [
          `Envelope-to: ${to}`,
          'From: Mailer-Daemon@exim.example.net',
          `To: ${to}`,
          'Subject: Mail delivery failed',
          'Message-Id: <E1tFull@exim.example.net>',
        ],
        boundary: 'full',
        words: 'A message that you sent could not be delivered.',
        status: [
          'Reporting-MTA: dns; exim.example.net',
          '',
          'Action: failed',
          'Final-Recipient: rfc822;ada@example.org',
          'Status: 5.0.0',
          'Diagnostic-Code: smtp; 552 5.2.2 Mailbox full',
        ],
        returned: MESSAGE,
      }),
  },
  {
    system: 'Exchange: unknown recipient',
    says: 'bounced',
    raw: (to) =>
      report({
        head: [
          'From: <postmaster@example.org>',
          `To: <${to.toUpperCase()}>`,
          'Date: Tue, 24 Nov 2026 09:00:05 +0000',
          'X-MS-Exchange-Message-Is-Ndr:',
          'Content-Language: en-US',
          'Message-ID: <5f1c@AM9PR01MB.eurprd01.prod.exchangelabs.com>',
          'In-Reply-To: <digest.2026-11-24.42@papers.example.org>',
          'Subject: Undeliverable: 12 papers',
          'Auto-Submitted: auto-replied',
        ],
        boundary: '_5f1c_AM9PR01MB_',
        words: 'Your message to ada@example.org couldn’t be delivered.',
        status: [
          'Reporting-MTA: dns;AM9PR01MB.eurprd01.prod.exchangelabs.com',
          'Received-From-MTA: dns;mx.papers.example.org',
          'Arrival-Date: Tue, 24 Nov 2026 09:00:03 +0000',
          '',
          'Original-Recipient: rfc822;ada@example.org',
          'Final-Recipient: rfc822;ada@example.org',
          'Action: failed',
          'Status: 5.1.10',
          'Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ada@example.org not found by SMTP address lookup',
        ],
        returned: MESSAGE,
      }),
  },
  {
    system: 'Exchange: blocked for our standing',
    says: 'soft-bounced',
    raw: (to) =>
      report({
        head: [
          'From: <postmaster@example.org>',
          `To: <${to}>`,
          'Subject: Undeliverable: 12 papers',
          'Message-ID: <block@prod.exchangelabs.com>',
        ],
        boundary: 'block',
        words: 'Your message was rejected.',
        status: [
          'Reporting-MTA: dns;prod.exchangelabs.com',
          '',
          'Final-Recipient: rfc822;ada@example.org',
          'Action: failed',
          'Status: 5.7.606',
          'Diagnostic-Code: smtp;550 5.7.606 Access denied, banned sending IP [192.0.2.7]',
        ],
        returned: MESSAGE,
      }),
  },
  {
    system: 'Gmail: no such account',
    says: 'bounced',
    raw: (to) =>
      report({
        head: [
          'Received: by 2002:a05:6512:3c8f with SMTP id h15; Tue, 24 Nov 2026 01:00:02 -0800 (PST)',
          'X-Failed-Recipients: ada@example.org',
          'Auto-Submitted: auto-replied',
          'From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>',
          `To: ${to}`,
          'Subject: Delivery Status Notification (Failure)',
          'Message-ID: <6564f0a2.050a0220.1@mx.google.com>',
        ],
        boundary: '000000000000a1b2c3060aaf',
        words: '** Address not found **',
        status: [
          'Reporting-MTA: dns; googlemail.com',
          'Received-From-MTA: dns; digest@papers.example.org',
          'Arrival-Date: Tue, 24 Nov 2026 01:00:01 -0800 (PST)',
          'X-Original-Message-ID: <digest.2026-11-24.42@papers.example.org>',
          '',
          'Final-Recipient: rfc822; ada@example.org',
          'Action: failed',
          'Status: 5.1.1',
          'Remote-MTA: dns; gmail-smtp-in.l.google.com. (192.0.2.9, the server for the domain example.org.)',
          'Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.',
          ' 550 5.1.1 Please try double-checking the address.',
          'Last-Attempt-Date: Tue, 24 Nov 2026 01:00:02 -0800 (PST)',
        ],
        returned: MESSAGE,
      }),
  },
  {
    system: 'Gmail: over quota',
    says: 'soft-bounced',
    raw: (to) =>
      report({
        head: [
          'From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>',
          `To: ${to}`,
          'Subject: Delivery Status Notification (Failure)',
          'Message-ID: <quota@mx.google.com>',
        ],
        boundary: 'quota',
        words: 'The recipient’s inbox is out of storage space.',
        status: [
          'Reporting-MTA: dns; googlemail.com',
          '',
          'Final-Recipient: rfc822; ada@example.org',
          'Action: failed',
          'Status: 5.2.2',
          'Diagnostic-Code: smtp; 552-5.2.2 The recipient’s inbox is out of storage space.',
        ],
        returned: MESSAGE,
      }),
  },
]
