import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { BOUNCE_MESSAGE_BYTES_MAX } from '../../../../config/limits-inbound.ts'
import { imapMailbox } from '../../../../src/mail/inbound/mailbox/imap.ts'
import type { BounceMailbox } from '../../../../src/mail/inbound/mailbox/mailbox.ts'
import { maildirMailbox } from '../../../../src/mail/inbound/mailbox/maildir.ts'
import { plainMail } from '../../../support/corpora/mail-builders.ts'
import { type Dovecot, HAS_DOVECOT, startDovecot } from '../../../support/servers/dovecot.ts'

let count = 0
/** Delivers into a maildir as an MTA does. */
function deliver(maildir: string, text: string): void {
  count += 1
  writeFileSync(
    join(maildir, 'new', `${1_795_510_800 + count}.M${count}.mx`),
    plainMail('bounces@example.org', [], text),
  )
}

async function readAll(mailbox: BounceMailbox, limit = 100): Promise<string[]> {
  const texts: string[] = []
  await mailbox.read(async (raw) => void texts.push(raw.toString().split('\r\n\r\n')[1]?.trim() ?? ''), limit)
  return texts
}

function promises(open: () => { mailbox: BounceMailbox; maildir: string }): void {
  it('passes each new mail once, oldest first, up to the limit', async () => {
    const { mailbox, maildir } = open()
    for (const text of ['first', 'second', 'third']) deliver(maildir, text)
    expect(await readAll(mailbox, 2)).toEqual(['first', 'second'])
    expect(await readAll(mailbox)).toEqual(['third'])
    expect(await readAll(mailbox)).toEqual([])
    deliver(maildir, 'fourth')
    expect(await readAll(mailbox)).toEqual(['fourth'])
  })

  it('passes a mail again when handling it failed, and the others after it', async () => {
    const { mailbox, maildir } = open()
    for (const text of ['first', 'second', 'third']) deliver(maildir, text)
    const seen: string[] = []
    const failing = mailbox.read(async (raw) => {
      if (raw.includes('second')) throw new Error('the ledger is down')
      seen.push('one')
    }, 100)
    await expect(failing).rejects.toThrow(/^the ledger is down$/)
    expect(seen).toEqual(['one'])
    expect(await readAll(mailbox)).toEqual(['second', 'third'])
  })

  it('cuts a mail that is too long', async () => {
    const { mailbox, maildir } = open()
    deliver(maildir, 'x'.repeat(BOUNCE_MESSAGE_BYTES_MAX * 2))
    const sizes: number[] = []
    await mailbox.read(async (raw) => void sizes.push(raw.length), 10)
    expect(sizes).toEqual([BOUNCE_MESSAGE_BYTES_MAX])
    expect(await readAll(mailbox)).toEqual([])
  })
}

describe('a maildir', () => {
  let dir = ''
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'maildir-'))
    mkdirSync(join(dir, 'new'))
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))
  promises(() => ({ mailbox: maildirMailbox({ path: dir }), maildir: dir }))

  it('moves handled mails to cur, marked as seen', async () => {
    deliver(dir, 'first')
    await readAll(maildirMailbox({ path: dir }))
    expect(readdirSync(join(dir, 'new'))).toEqual([])
    expect(readdirSync(join(dir, 'cur'))).toEqual([expect.stringMatching(/:2,S$/)])
  })

  it('tolerates another program that takes a mail between listing and opening, and between handling and moving', async () => {
    for (const text of ['first', 'second']) deliver(dir, text)
    const texts: string[] = []
    const read = await maildirMailbox({ path: dir }).read(async (raw) => {
      texts.push(raw.includes('first') ? 'first' : 'second')
      for (const name of readdirSync(join(dir, 'new'))) rmSync(join(dir, 'new', name))
    }, 10)
    expect([texts, read]).toEqual([['first'], 1])
  })

  it('that does not exist is reported, and folders and hidden files in it are ignored', async () => {
    await expect(readAll(maildirMailbox({ path: join(dir, 'none') }))).rejects.toThrow(/ENOENT/)
    mkdirSync(join(dir, 'new', '0-folder'))
    writeFileSync(join(dir, 'new', '.hidden'), 'x')
    deliver(dir, 'first')
    expect(await readAll(maildirMailbox({ path: dir }))).toEqual(['first'])
    expect(existsSync(join(dir, 'new', '0-folder'))).toBe(true)
  })
})

const withDovecot = HAS_DOVECOT ? describe : describe.skip
withDovecot('an IMAP mailbox, by Dovecot', () => {
  let server: Dovecot
  beforeAll(async () => {
    server = await startDovecot()
  })
  afterAll(() => server?.close())
  promises(() => ({ mailbox: imapMailbox({ url: server.url }), maildir: server.maildir }))

  it('is reached again after its server was down', async () => {
    const mailbox = imapMailbox({ url: server.url })
    await server.stop()
    deliver(server.maildir, 'first')
    await expect(readAll(mailbox)).rejects.toThrow(/^127\.0\.0\.1:\d+: .*ECONNREFUSED/)
    await server.start()
    expect(await readAll(mailbox)).toEqual(['first'])
  })

  it('that refuses the password is reported, without the password', async () => {
    const reading = readAll(imapMailbox({ url: server.url.replace('a%2Fsecret', 'guessed-word') }))
    await expect(reading).rejects.toThrow(/Authentication failed/i)
    await expect(reading).rejects.not.toThrow(/guessed/)
  })

  it('that does not exist is reported', async () => {
    await expect(readAll(imapMailbox({ url: server.url.replace('INBOX', 'Nowhere') }))).rejects.toThrow(/Nowhere/)
  })
})

describe('an IMAP server', () => {
  let server: Server | null = null
  afterEach(() => void server?.close())

  it('that cuts the connection fails only this read', async () => {
    const listening = createServer((socket) => socket.end('* BYE not today\r\n')).listen(0, '127.0.0.1')
    server = listening
    await once(listening, 'listening')
    const { port } = listening.address() as AddressInfo
    await expect(readAll(imapMailbox({ url: `imap://ada:word@127.0.0.1:${port}/INBOX` }))).rejects.toThrow(
      /127\.0\.0\.1/,
    )
  })

  it.each(['imap://', 'pop3://a:b@example.org', 'INBOX'])('cannot be %s', (url) => {
    expect(() => imapMailbox({ url })).toThrow('BOUNCE_MAILBOX must look like')
  })
})
