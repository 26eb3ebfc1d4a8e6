import { is, mail, OUR_HEAD, parts, text } from './build.ts'

/** Mails that anybody may send to the bounce address. */
export const OTHER_MAILS = [
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
    'a subscriber who quotes a returned mail',
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
    'a complaint about a message that mentions unknown users',
    'complaint',
    parts('multipart/report; report-type=feedback-report', { from: 'fbl@example.net', subject: 'Report' }, [
      'Content-Type: message/feedback-report',
      '',
      'Feedback-Type: abuse',
      'User-Agent: loop/1',
    ]),
  ),
  is(
    'a subscriber who pastes the fields of a report',
    'ignore',
    mail({
      from: 'Ann <ann.reader@example.com>',
      subject: 'What is this?',
      body: ['', 'Final-Recipient: rfc822; bob@example.com', 'Action: failed', 'Status: 5.1.1'],
    }),
  ),
  is(
    'a gateway that asks for a confirmation',
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
