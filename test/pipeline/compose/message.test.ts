import { describe, expect, it } from '@jest/globals'
import { simpleParser } from 'mailparser'
import { createVerp } from '../../../src/mail/verp.ts'
import { type Sender, transactionalMessage } from '../../../src/pipeline/compose/message.ts'
import { createTokens } from '../../../src/security/tokens.ts'

const verp = createVerp(createTokens(['a secret of the tests that is long enough']), null)

/** List-Id as a mail program reads it. */
async function listOf(listName: string) {
  const from = { name: listName, address: 'digest@example.org' }
  const sender: Sender = {
    from,
    replyTo: null,
    listId: 'digest.example.org',
    listName,
    unsubscribeMailbox: null,
    verp,
  }
  const { headers } = transactionalMessage({
    transactionalId: '1',
    kind: 'welcome',
    address: 'ada@example.org',
    rendered: { subject: '', html: '', text: '' },
    createdAt: new Date(0),
    sender,
    unsubscribeUrl: null,
  })
  const raw = headers['List-Id'] ?? ''
  const [, phrase = '', id] = /^(.*) <(.*)>$/.exec(raw) ?? []
  // Encoded words are read in every unstructured field alike.
  return { raw, name: (await simpleParser(`Subject: ${phrase}\r\n\r\n`)).subject, id }
}

describe('the name of the list', () => {
  it.each([
    ['Paperround'],
    ['Bücher & Aufsätze'],
    ['日報：毎日の論文をお届けします、研究室のみなさんへ。どうぞよろしくお願いいたします'],
    ['Ada, “the first”'],
  ])('%s arrives whole, in ASCII', async (name) => {
    const { raw, ...list } = await listOf(name)
    expect(list).toEqual({ name, id: 'digest.example.org' })
    expect(raw).toMatch(/^[\x20-\x7e]+$/)
    for (const word of raw.match(/=\?[^ ]*\?=/g) ?? []) expect(word.length).toBeLessThanOrEqual(75) // RFC 2047 §2.
  })

  it('is “Digest” if it would be empty', async () => {
    expect((await listOf('\u0007 ')).raw).toBe('Digest <digest.example.org>')
  })
})
