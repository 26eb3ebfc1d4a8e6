import {
  closeSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { openRejected } from '../../src/cli/subscribers/rejected.ts'
import { outboxTransport } from '../../src/mail/outbox.ts'
import { appendPrivate, openPrivate, writePrivate } from '../../src/platform/private-file.ts'
import { messageTo } from '../support/sending/messages.ts'

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'private-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

describe('a file with addresses in it', () => {
  it('is for its owner only, even where a public file existed before', () => {
    const path = join(dir, 'list.csv')
    writeFileSync(path, 'old', { mode: 0o644 })
    const subscriber = openSync(path, 'r')
    writePrivate(path, 'ada@example.org')
    expect([modeOf(path), readFileSync(path, 'utf8')]).toEqual(['600', 'ada@example.org'])
    // A program with the old file open continues to read the old file.
    expect(readFileSync(subscriber, 'utf8')).toBe('old')
    closeSync(subscriber)
  })

  it('is not written through a symbolic link, with or without a target', () => {
    const target = join(dir, 'somebody-elses')
    const path = join(dir, 'list.csv')
    symlinkSync(target, path)
    expect(() => writePrivate(path, 'x')).toThrow(/is a link/)
    writeFileSync(target, 'theirs')
    expect(() => writePrivate(path, 'x')).toThrow(/is a link/)
    expect([readFileSync(target, 'utf8'), lstatSync(path).isSymbolicLink()]).toEqual(['theirs', true])
  })

  it('may be a device, such as /dev/null', () => {
    closeSync(openPrivate('/dev/null'))
    expect(statSync('/dev/null').isFile()).toBe(false)
  })

  it('loses its wider mode when it is appended to', async () => {
    const path = join(dir, 'index.jsonl')
    writeFileSync(path, 'a\n', { mode: 0o644 })
    await appendPrivate(path, 'b\n')
    expect([modeOf(path), readFileSync(path, 'utf8')]).toEqual(['600', 'a\nb\n'])
  })
})

describe('a file of the program about subscribers', () => {
  it('is private in the outbox: the mail and the index, even when a public index existed', async () => {
    writeFileSync(join(dir, 'index.jsonl'), '', { mode: 0o644 })
    const message = messageTo('ada@example.org')
    writeFileSync(join(dir, `${message.id}.eml`), 'old', { mode: 0o644 })
    const [outcome] = await outboxTransport({ dir }).send({ key: 'k', messages: [message] })
    expect(outcome?.kind).toBe('accepted')
    expect([modeOf(join(dir, 'index.jsonl')), modeOf(join(dir, `${message.id}.eml`))]).toEqual(['600', '600'])
  })

  it('is private in the bad lines of an import, even with a file in place of its draft', async () => {
    const target = join(dir, 'somebody-elses')
    writeFileSync(target, 'theirs')
    symlinkSync(target, join(dir, `readers.csv.rejected.csv.${process.pid}`))
    const rejected = openRejected(join(dir, 'readers.csv'))
    await rejected.add({ number: 2, row: { email: 'ada@' } } as never, 'no domain')
    await rejected.finish()
    expect([modeOf(rejected.path), readFileSync(target, 'utf8')]).toEqual(['600', 'theirs'])
  })
})
