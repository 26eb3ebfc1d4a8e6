import { describe, expect, it } from '@jest/globals'
import type { Message } from '../../../src/mail/transport.ts'
import { messageTo } from '../../support/sending/messages.ts'
import { down, rejected, smtpHarness, smtpReply } from '../../support/sending/smtp.ts'
import type { SmtpFault } from '../../support/servers/smtp-server.ts'

const { serve, connect } = smtpHarness()
const ADA = messageTo('ada@example.org')
const parcel = (...messages: Message[]) => ({ key: 'parcel-1', messages })
const UNKNOWN = { kind: 'unknown', reason: expect.any(String) }
const refused = { kind: 'refused', reason: expect.any(String) }
const suppressed = { ...refused, suppress: true }
const later = { kind: 'deferred', reason: expect.any(String) }

describe.each([
  ['with pipelining', false],
  ['without pipelining', true],
])('a reply of an SMTP server decides the outcome, %s', (_mode, hidePIPELINING) => {
  it.each<[string, SmtpFault, object]>([
    ['no such mailbox', smtpReply('RCPT', 550, '5.1.1 No such user'), suppressed],
    ['no such domain', smtpReply('RCPT', 550, '5.1.2 Bad destination system address'), suppressed],
    ['an invalid address', smtpReply('RCPT', 553, '5.1.3 Bad syntax'), suppressed],
    ['a mailbox that has moved', smtpReply('RCPT', 551, '5.1.6 Moved'), suppressed],
    ['a domain that takes no mail', smtpReply('RCPT', 556, '5.1.10 Null MX'), suppressed],
    ['a full mailbox', smtpReply('RCPT', 552, '5.2.2 Mailbox full'), refused],
    ['a policy', smtpReply('RCPT', 550, '5.7.1 Not wanted'), refused],
    ['a refusal without a code', smtpReply('RCPT', 550, 'No'), refused],
    ['no relaying', smtpReply('RCPT', 554, '5.7.1 Relay access denied'), rejected('SMTP_URL')],
    ['a grey list', smtpReply('RCPT', 450, '4.2.0 Greylisted'), later],
    ['a sender it does not like', smtpReply('MAIL', 550, '5.1.8 Bad sender'), rejected('MAIL_FROM')],
    ['a message too large', smtpReply('MAIL', 552, '5.3.4 Too big'), refused],
    ['a user who must sign in', smtpReply('MAIL', 530, '5.7.0 Authentication required'), rejected('SMTP_URL')],
    ['a busy server', smtpReply('MAIL', 451, '4.3.0 Try later'), later],
    ['a message that it rejects', smtpReply('DATA', 554, '5.6.0 Spam'), refused],
    ['a message that it cannot store', smtpReply('DATA', 452, '4.3.1 No space'), later],
  ])('%s', async (_what, fault, expected) => {
    const server = await serve({ options: { hidePIPELINING } })
    server.plant(fault)
    const smtp = connect(server.url)
    expect(await smtp.send(parcel(ADA))).toEqual([expected])
    expect(await smtp.send(parcel(messageTo('bob@example.org')))).toMatchObject([{ kind: 'accepted' }])
  })

  it.each<[string, SmtpFault, object, number]>([
    ['a connection cut before the message', { at: 'RCPT', kind: 'drop' }, down('SMTP_URL'), 0],
    ['silence before the message', { at: 'RCPT', kind: 'hang' }, down('SMTP_URL'), 0],
    ['a connection cut after the message', { at: 'DATA', kind: 'drop' }, UNKNOWN, 1],
    ['silence after the message', { at: 'DATA', kind: 'hang' }, UNKNOWN, 1],
  ])('%s', async (_what, fault, expected, received) => {
    const server = await serve({ options: { hidePIPELINING } })
    server.plant(fault, fault)
    expect(await connect(server.url, { timeoutMs: 700 }).send(parcel(ADA))).toEqual([expected])
    expect(server.received).toHaveLength(received)
  })

  it('three connections in a row cut after the message: the transport pauses', async () => {
    const server = await serve()
    const cut: SmtpFault = { at: 'DATA', kind: 'drop' }
    server.plant(cut, cut)
    const smtp = connect(server.url)
    const outcomes = async (count: number) => {
      const sent = []
      for (let n = 0; n < count; n += 1) sent.push(...(await smtp.send(parcel(ADA))))
      return sent
    }
    expect(await outcomes(3)).toMatchObject([UNKNOWN, UNKNOWN, { kind: 'accepted' }])
    server.plant(cut, cut, cut)
    expect(await outcomes(3)).toEqual([UNKNOWN, UNKNOWN, { ...UNKNOWN, pause: 'down' }])
  })

  it('a connection cut within the message: it may be retried', async () => {
    const server = await serve({ options: { hidePIPELINING } })
    server.plant({ at: 'BODY', kind: 'drop' }, { at: 'BODY', kind: 'drop' })
    const large = messageTo('ada@example.org', { text: 'A long line of text.\n'.repeat(1_000_000) })
    expect(await connect(server.url, { timeoutMs: 20_000 }).send(parcel(large))).toEqual([down('SMTP_URL')])
    expect(server.received).toEqual([])
  })
})
