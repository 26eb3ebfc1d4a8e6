import { failed, is, parts, report } from './build.ts'

/** Reports with fields, in less common formats and with less common codes. */
export const REPORTS = [
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
