import type { Message } from '../../../src/mail/transport.ts'

export const UNSUBSCRIBE_URL = `https://papers.example.org/unsubscribe/0a1b2c3d.${'c3Vic2NyaWJlci0'.repeat(6)}.bWFjLW9mLXRoZS10b2tlbg`

/** A letter as the digest makes them; `changes` says what is special of it. */
export function messageTo(to: string, changes: Partial<Message> = {}): Message {
  const id = changes.id ?? `digest-2026-11-24-${to.replace(/[^A-Za-z0-9]/g, '-')}`
  return {
    id,
    to,
    from: { name: 'Paperround', address: 'daily@papers.example.org' },
    replyTo: { name: null, address: 'help@papers.example.org' },
    returnPath: null,
    subject: '12 papers: “Größer ist nicht besser”',
    html: `<!doctype html><html lang="en"><body><h1>Today</h1><p>Größe, π and 日本語 ${'long line '.repeat(200)}</p>\n.<p>dot</p></body></html>`,
    text: `Today\n\nGröße, π and 日本語.\n.\n${'a long line without an end '.repeat(20)}\n`,
    messageId: `${id}@papers.example.org`,
    date: new Date('2026-11-24T09:00:00Z'),
    headers: {
      'List-Id': 'Paperround <daily.papers.example.org>',
      'List-Unsubscribe': `<${UNSUBSCRIBE_URL}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'Feedback-ID': '2026-11-24:daily:digest:daily.papers.example.org',
      'Auto-Submitted': 'auto-generated',
    },
    tags: { kind: 'digest', day: '2026-11-24', frequency: 'daily' },
    ...changes,
  }
}

/** Values that would add a second recipient or header if a check missed them. */
export const HOSTILE_MESSAGES: readonly (readonly [string, Message])[] = [
  ['a subject with a line break', messageTo('ada@example.org', { subject: 'Hello\r\nBcc: eve@example.org' })],
  ['a subject with a bare line feed', messageTo('ada@example.org', { subject: 'Hello\nBcc: eve@example.org' })],
  ['two addresses in one string', messageTo('ada@example.org, eve@example.org', { id: 'two' })],
  ['two addresses with a semicolon', messageTo('ada@example.org;eve@example.org', { id: 'semicolon' })],
  ['an address in angle brackets', messageTo('<ada@example.org> <eve@example.org>', { id: 'angles' })],
  ['an address with a line break', messageTo('ada@example.org\r\nRCPT TO:<eve@example.org>', { id: 'break' })],
  [
    'a header value with a line break',
    messageTo('ada@example.org', { headers: { 'X-Note': 'a\r\nBcc: eve@example.org' } }),
  ],
  [
    'a header name with a line break',
    messageTo('ada@example.org', { headers: { 'X\r\nBcc: eve@example.org\r\nY': 'a' } }),
  ],
  ['a Bcc among the headers', messageTo('ada@example.org', { headers: { Bcc: 'eve@example.org' } })],
  [
    'a sender’s name with a line break',
    messageTo('ada@example.org', { from: { name: 'P\r\nBcc: eve@example.org', address: 'daily@papers.example.org' } }),
  ],
  [
    'two reply addresses in one string',
    messageTo('ada@example.org', { replyTo: { name: null, address: 'a@example.org, eve@example.org' } }),
  ],
  ['a Message-ID with a line break', messageTo('ada@example.org', { messageId: 'a\r\nBcc: eve@example.org' })],
  ['a recipient for whom every server would need SMTPUTF8', messageTo('käthe@example.org', { id: 'utf8' })],
  ['an id that leaves the folder', messageTo('ada@example.org', { id: '../eve' })],
]
