import type { Day } from '../../domain/day.ts'
import type { Message } from '../../mail/transport.ts'
import { escapeHtml } from '../../rendering/escape.ts'
import { wrap } from '../../rendering/wrap.ts'

/** The facts that a test mail says about itself. */
export interface TestMark {
  /** Unique, for its Message-ID and the key of its call. */
  readonly id: string
  readonly to: string
  readonly day: Day
  readonly revision: number
  /** For whom the digest was composed. */
  readonly reader: string
}

/** The header of a test mail, for filters. */
const TEST_HEADER = 'X-Paperround-Test'

/**
 * Returns a digest as a test mail: for another recipient, with “[Test]” in its subject, a header, and a line at its top. It has
 * ids of its own, so that no report about it is counted for a delivery or for the figures of the edition.
 */
export function markAsTest(message: Message, mark: TestMark): Message {
  const { id, to, day, revision } = mark
  const domain = message.messageId.slice(message.messageId.indexOf('@') + 1)
  const { 'Feedback-ID': feedbackId, ...headers } = message.headers
  const { message: _signedId, ...tags } = message.tags
  const words = testWords(mark)
  return {
    id: `test-${id}`,
    to,
    from: message.from,
    replyTo: message.replyTo,
    // The address of a bounce names a delivery, and a test mail is none.
    returnPath: null,
    subject: `[Test] ${message.subject}`,
    // Without fragments, because both parts begin with a line of this mail.
    html: message.html.replace(/<body[^>]*>/i, (body) => `${body}${NOTE}${escapeHtml(words)}</div>`),
    text: `${wrap(words)}\n\n${message.text}`,
    messageId: `test.${id}@${domain}`,
    date: message.date,
    headers: {
      ...headers,
      ...(feedbackId === undefined ? {} : { 'Feedback-ID': feedbackId.replace(/^[^:]*/, 'test') }),
      [TEST_HEADER]: `edition=${day}; revision=${revision}`,
    },
    tags: { ...tags, kind: 'test' },
  }
}

function testWords({ day, revision, reader }: TestMark): string {
  return `This is a test of the digest of ${day} (revision ${revision}), composed for: ${reader}. Its links to unsubscribe, to preferences and to feedback change nothing.`
}

/** The style is inline, and the colours are readable in light and in dark. */
const NOTE =
  '<div role="note" style="margin:0;padding:12px 16px;font:15px/22px sans-serif;text-align:center;color:#1f2328;background:#fff8c5">'
