import { generateKeyPairSync } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import DKIM from 'nodemailer/lib/dkim'
import { buildMime } from '../../../src/mail/mime.ts'
import { dkimSigner } from '../../../src/mail/smtp/dkim.ts'
import { smtpTransport } from '../../../src/mail/smtp/transport.ts'
import type { Message } from '../../../src/mail/transport.ts'
import { readDkim } from '../../support/sending/dkim.ts'
import { messageTo } from '../../support/sending/messages.ts'
import { smtpHarness } from '../../support/sending/smtp.ts'

const { serve, connect } = smtpHarness()
const ADA = messageTo('ada@example.org')
const parcel = (...messages: Message[]) => ({ key: 'parcel-1', messages })

describe('the DKIM signature', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const dkim = { domain: 'papers.example.org', selector: 'round', privateKey: pem }

  it('covers the fields that Gmail and RFC 8058 require, and is valid', async () => {
    const server = await serve()
    await connect(server.url, { dkim }).send(parcel(ADA))
    const reading = readDkim(server.received[0]?.raw ?? Buffer.alloc(0), publicKey)
    expect(reading).toMatchObject({
      domain: 'papers.example.org',
      selector: 'round',
      bodyHashHolds: true,
      signatureHolds: true,
    })
    expect([...reading.signed].sort()).toEqual(
      [
        ...['from', 'to', 'subject', 'date', 'message-id', 'mime-version', 'content-type', 'reply-to'],
        ...['list-id', 'list-unsubscribe', 'list-unsubscribe-post', 'feedback-id', 'auto-submitted'],
      ].sort(),
    )
  })

  it('breaks when the unsubscribe link is changed on the way', async () => {
    const server = await serve()
    await connect(server.url, { dkim }).send(parcel(ADA))
    const raw = server.received[0]?.raw.toString('latin1') ?? ''
    const changed = raw.replace('/unsubscribe/0a1b2c3d', '/unsubscribe/00000000')
    expect(changed).not.toBe(raw)
    expect(readDkim(Buffer.from(changed, 'latin1'), publicKey)).toMatchObject({ signatureHolds: false })
  })

  it('is the one that nodemailer would write, whatever spaces and empty lines the body has', async () => {
    const sign = dkimSigner(dkim)
    const signer = new DKIM({
      domainName: dkim.domain,
      keySelector: dkim.selector,
      privateKey: pem,
      headerFieldNames: readDkim(sign(buildMime(ADA)), publicKey).signed.join(':'),
    })
    const line = fc.array(fc.constantFrom('a', ' ', '  ', '\t', '.', 'ö', '='), { maxLength: 6 })
    const body = fc.array(line, { maxLength: 6 }).map((lines) => lines.map((words) => words.join('')).join('\r\n'))
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom('', '\r\n', '\r\n\r\n'), async (text, end) => {
        const mime = Buffer.from(`From: a@example.org\r\nSubject: two\r\n  lines \r\nX-Other: 1\r\n\r\n${text}${end}`)
        expect(sign(mime).toString()).toBe((await buffer(signer.sign(mime))).toString())
      }),
    )
  })

  it.each([
    ['no key at all', 'not a key'],
    [
      'a key of another kind',
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ],
  ])('is never omitted silently: %s', (_what, wrong) => {
    expect(() => smtpTransport({ url: 'smtp://localhost', dkim: { ...dkim, privateKey: wrong } })).toThrow(
      'DKIM_PRIVATE_KEY',
    )
  })
})
