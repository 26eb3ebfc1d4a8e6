import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { simpleParser } from 'mailparser'
import { createTransport } from 'nodemailer'
import { buildMime } from '../../src/mail/mime.ts'
import { batchBody, bodyBuffers } from '../../src/mail/resend/batch-body.ts'
import type { Message } from '../../src/mail/transport.ts'
import { Fragment, type Fragments, fragmentBytes, mailedBytes, plain } from '../../src/rendering/fragment.ts'
import { messageTo, UNSUBSCRIBE_URL } from '../support/sending/messages.ts'

const said = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.constantFrom(
    '"quoted" \\ and\nbroken',
    ' = \n',
    '.\n..\n',
    'Größe, π, 日本語, 👩‍🔬',
    `${'x'.repeat(300)} `,
    '\u0000\u001f\u2028',
    '',
  ),
)
const woven: fc.Arbitrary<Fragments> = fc.array(
  said.map((text) => new Fragment(text)),
  { maxLength: 12 },
)

/** Normalises text that mail programs may change. */
const UNKEPT = /(?![\n\t])[\p{Cc}\u2028\ufeff]/u

function messageOf(html: Fragments, text: Fragments, n = 0): Message {
  return messageTo(`reader${n}@example.org`, { html: plain(html), text: plain(text), fragments: { html, text } })
}

describe('a message in fragments', () => {
  it('is the same to Resend as one text, in new and in reused buffers', () => {
    const buffers = bodyBuffers(2)
    fc.assert(
      fc.property(fc.array(fc.tuple(woven, woven), { minLength: 1, maxLength: 4 }), (parts) => {
        const messages = parts.map(([html, text], n) => messageOf(html, text, n))
        // Two at a time, to check that a buffer in use is not reused.
        const first = batchBody(messages, buffers)
        const other = batchBody([messageTo('someone.else@example.org')], buffers)
        const items = JSON.parse(first.toString())
        buffers.giveBack(other)
        buffers.giveBack(first)
        expect(items.map(({ html, text }: { html: string; text: string }) => [html, text])).toEqual(
          messages.map(({ html, text }) => [html, text]),
        )
        expect(items.map(({ to }: { to: string[] }) => to)).toEqual(messages.map(({ to }) => [to]))
      }),
      { numRuns: 200 },
    )
  })

  it('has all fields for Resend as JSON.stringify would write them', () => {
    const word = fc.string({ unit: 'grapheme', maxLength: 40 })
    const mailbox = fc.record({ name: fc.option(word), address: fc.constant('daily@papers.example.org') })
    const message = fc.record({ from: mailbox, replyTo: fc.option(mailbox), subject: word, note: word, tag: word })
    const shown = ({ name, address }: Message['from']) =>
      name === null || name === '' ? address : `"${name.replace(/["\\]/g, '\\$&')}" <${address}>`
    fc.assert(
      fc.property(message, ({ from, replyTo, subject, note, tag }) => {
        const given = messageTo('ada@example.org', {
          from,
          replyTo,
          subject,
          headers: { 'X-Note': note },
          tags: { tag },
        })
        const item = {
          from: shown(from),
          to: ['ada@example.org'],
          ...(replyTo === null ? {} : { reply_to: shown(replyTo) }),
          subject,
          headers: { 'Message-ID': `<${given.messageId}>`, 'X-Note': note },
          tags: [{ name: 'tag', value: tag }],
          html: given.html,
          text: given.text,
        }
        expect(batchBody([given, given], bodyBuffers(1)).toString()).toBe(JSON.stringify([item, item]))
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    ['no messages', []],
    ['a message that is larger than a digest', ['€'.repeat(100_000)]],
    ['many of them, between short ones', ['a', '€'.repeat(100_000), 'b', '"'.repeat(300_000), 'c']],
  ])('is valid JSON for Resend with %s', (_case, htmls) => {
    const messages = htmls.map((html) => messageTo('ada@example.org', { html, text: html.slice(0, 10) }))
    const items = JSON.parse(batchBody(messages, bodyBuffers(1)).toString())
    expect(items.map(({ html }: Message) => html)).toEqual(htmls)
  })

  it('is the same mail by SMTP, within the maximum line length', async () => {
    // The end of the last line may change.
    const kept = (text: string) => text.trimEnd()
    await fc.assert(
      fc.asyncProperty(woven, woven, async (html, text) => {
        fc.pre(!UNKEPT.test(plain(text) + plain(html)) && kept(plain(html)) !== '')
        const mime = buildMime(messageOf(html, text))
        const body = mime.toString('latin1').split('\r\n\r\n').slice(1).join('\r\n\r\n')
        for (const line of body.split('\r\n')) expect(line.length).toBeLessThanOrEqual(76)
        const mail = await simpleParser(mime)
        expect(kept(String(mail.html))).toBe(kept(plain(html)))
        expect(kept(mail.text ?? '')).toBe(kept(plain(text)))
      }),
      { numRuns: 150 },
    )
  })

  it('has the same headers as from nodemailer, for any values', async () => {
    const words = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 120 }),
      fc.constantFrom('=?UTF-8?Q?no?=', 'a  b', ' edge ', `${'long '.repeat(30)}end`, 'x'.repeat(300), '“Größe”'),
    )
    await fc.assert(
      fc.asyncProperty(words, words, fc.nat({ max: 1 }), async (subject, name, ways) => {
        fc.pre(!/[\p{Cc}\p{Cs}\u2028\ufeff]/u.test(subject + name))
        const leave = [
          `<${UNSUBSCRIBE_URL}>`,
          `<${UNSUBSCRIBE_URL}>, <mailto:leave@example.org?subject=${'t'.repeat(90)}>`,
        ][ways]
        const given = messageTo('ada@example.org', {
          subject,
          from: { name, address: 'daily@papers.example.org' },
          headers: { ...messageTo('x').headers, 'List-Unsubscribe': leave ?? '' },
        })
        const ours = await simpleParser(buildMime(given))
        const { message } = await createTransport({ streamTransport: true, buffer: true }).sendMail({
          ...given,
          replyTo: 'help@papers.example.org',
          from: { name, address: given.from.address },
          headers: given.headers as Record<string, string>,
        })
        const theirs = await simpleParser(message as Buffer)
        for (const header of [
          'from',
          'to',
          'reply-to',
          'subject',
          'message-id',
          'date',
          'list',
          'feedback-id',
          'auto-submitted',
        ])
          expect([header, ours.headers.get(header)]).toEqual([header, theirs.headers.get(header)])
      }),
      { numRuns: 150 },
    )
  })

  it('has as many bytes as its fragments', () => {
    fc.assert(fc.property(woven, (fragments) => expect(fragmentBytes(fragments)).toBe(mailedBytes(plain(fragments)))))
  })
})
