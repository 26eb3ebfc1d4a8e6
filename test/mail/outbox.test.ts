import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { simpleParser } from 'mailparser'
import { outboxTransport } from '../../src/mail/outbox.ts'
import { draftPath } from '../../src/mail/outbox-drafts.ts'
import type { Message, Transport } from '../../src/mail/transport.ts'
import { HOSTILE_MESSAGES, messageTo, UNSUBSCRIBE_URL } from '../support/sending/messages.ts'

let dir: string
let outbox: Transport

beforeEach(async () => {
  dir = join(await mkdtemp(join(tmpdir(), 'outbox-')), 'mails')
  outbox = outboxTransport({ dir })
})

afterEach(() => rm(join(dir, '..'), { recursive: true, force: true }))

const send = async (...messages: Message[]) => outbox.send({ key: 'parcel-1', messages })
const readIndex = async () =>
  (await readFile(join(dir, 'index.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('the outbox', () => {
  it('stores each message as a file that a mail program can open', async () => {
    const message = messageTo('ada@example.org')
    expect(await send(message)).toEqual([{ kind: 'accepted', providerId: message.messageId }])

    const raw = await readFile(join(dir, `${message.id}.eml`))
    const mail = await simpleParser(raw)
    expect(mail.from?.value).toEqual([{ name: 'Paperround', address: 'daily@papers.example.org' }])
    expect([mail.to].flat().map((to) => to?.text)).toEqual(['ada@example.org'])
    expect(mail.replyTo?.text).toBe('help@papers.example.org')
    expect(mail.subject).toBe(message.subject)
    expect(mail.messageId).toBe(`<${message.messageId}>`)
    expect(mail.date).toEqual(message.date)
    expect(mail.text?.trimEnd()).toBe(message.text.trimEnd())
    expect(String(mail.html).trimEnd()).toBe(message.html)
    expect(mail.attachments).toEqual([])
  })

  it('puts the text before the HTML, and no line is longer than 78 characters', async () => {
    const message = messageTo('ada@example.org')
    await send(message)
    const raw = await readFile(join(dir, `${message.id}.eml`), 'utf8')
    expect(raw).toMatch(/^Content-Type: multipart\/alternative;/m)
    expect(raw.indexOf('text/plain')).toBeLessThan(raw.indexOf('text/html'))
    expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    const body = raw.slice(raw.indexOf('\r\n\r\n')).split('\r\n')
    expect(Math.max(...body.map((line) => line.length))).toBeLessThanOrEqual(78)
  })

  it('preserves the one-click unsubscribe link and every other header', async () => {
    await send(messageTo('ada@example.org'))
    const [file = ''] = (await readdir(dir)).filter((name) => name.endsWith('.eml'))
    const { headerLines } = await simpleParser(await readFile(join(dir, file)))
    const lines = headerLines.map(({ line }) => line.replace(/\r\n[ \t]/g, ' ').replace(/: +/, ': '))
    expect(lines).toEqual(
      expect.arrayContaining([
        `List-Unsubscribe: <${UNSUBSCRIBE_URL}>`,
        'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
        'Feedback-ID: 2026-11-24:daily:digest:daily.papers.example.org',
        'Auto-Submitted: auto-generated',
      ]),
    )
    expect(lines.join('\n').toLowerCase()).toContain('list-id: paperround <daily.papers.example.org>')
  })

  it('a message that is sent twice leaves one file with the same bytes and one line in the index', async () => {
    const message = messageTo('ada@example.org')
    await send(message)
    const first = await readFile(join(dir, `${message.id}.eml`))
    await rm(join(dir, `${message.id}.eml`))
    await send(message)
    expect((await readFile(join(dir, `${message.id}.eml`))).equals(first)).toBe(true)
    await rm(join(dir, 'index.jsonl'))
    await send(messageTo('bob@example.org'))
    await send(messageTo('bob@example.org'))
    expect(await readIndex()).toHaveLength(1)
    expect((await readdir(dir)).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('names each message in the index', async () => {
    const messages = [messageTo('ada@example.org'), messageTo('bob@example.org')]
    await send(...messages)
    expect(await readIndex()).toEqual(
      messages.map(({ id, to, subject, messageId }) => ({
        file: `${id}.eml`,
        to,
        subject,
        date: '2026-11-24T09:00:00.000Z',
        messageId,
      })),
    )
  })

  it.each(HOSTILE_MESSAGES)('refuses %s', async (_what, message) => {
    const [outcome] = await send(message)
    expect(outcome?.kind).toBe('refused')
    expect(await readdir(join(dir, '..'))).toEqual([])
  })

  it('pauses the transport and says what to do when the folder cannot be written', async () => {
    await writeFile(dir, 'a file in the way')
    const [outcome] = await send(messageTo('ada@example.org'))
    expect(outcome).toMatchObject({ kind: 'deferred', pause: 'down', reason: expect.stringContaining('DATA_DIR') })
    expect(await outbox.check()).toMatchObject({ ok: false, remedy: expect.stringContaining(dir) })
  })

  it('is ready when its folder can be created', async () => {
    expect(await outbox.check()).toMatchObject({ ok: true })
  })

  it('removes drafts of killed processes, and leaves drafts that may still be written', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid
    const mine = draftPath('mail-1.eml')
    const ofDead = mine.replace(`.${process.pid}.`, `.${dead}.`)
    const elsewhere = 'mail-2.eml.another-machine.1.tmp'
    const old = 'mail-3.eml.another-machine.1.tmp'
    const oldForm = 'mail-4.eml.1.tmp'
    const others = ['mail-5.eml', 'notes.tmp']
    await mkdir(dir)
    for (const file of [mine, ofDead, elsewhere, old, oldForm, ...others]) await writeFile(join(dir, file), 'half')
    const yesterday = new Date(Date.now() - 24 * 3_600_000)
    for (const file of [old, oldForm, ...others]) await utimes(join(dir, file), yesterday, yesterday)
    const opened = outboxTransport({ dir })
    await opened.close()
    expect((await readdir(dir)).sort()).toEqual([mine, elsewhere, ...others].sort())
  })
})
