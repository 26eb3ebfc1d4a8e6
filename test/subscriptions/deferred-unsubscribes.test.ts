import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals'
import { DEFERRED_UNSUBSCRIBES_BYTES_MAX } from '../../config/limits-subscriptions.ts'
import { createLogger } from '../../src/platform/log/log.ts'
import { deferredUnsubscribes } from '../../src/subscriptions/deferred-unsubscribes.ts'

const AT = new Date('2026-11-24T09:00:00Z')
const LOG = createLogger('silent')
const root = mkdtempSync(join(tmpdir(), 'deferred-'))
let dir = ''
let names = 0
beforeEach(() => {
  names += 1
  dir = join(root, `data${names}`, 'unsubscribes')
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const wish = (subscriberId: string) => ({ subscriberId, by: 'one-click' as const, at: AT })
const applied = async (from = deferredUnsubscribes(dir, LOG)) => {
  const ids: string[] = []
  await from.applyAll(async (each) => void ids.push(each.subscriberId))
  return ids.sort()
}

describe('deferred unsubscribes', () => {
  it('are stored with id and time only, readable by the owner only, and applied once', async () => {
    const store = deferredUnsubscribes(dir, LOG)
    expect(await applied(store)).toEqual([])
    for (const id of ['1', '2', '1', '1']) expect(await store.store(wish(id))).toBe(true)
    const file = join(dir, 'open.jsonl')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      ['1', '2'].map((id) => ({ subscriberId: id, by: 'one-click', at: AT.toISOString() })),
    )
    const seen: unknown[] = []
    expect(await store.applyAll(async (each) => void seen.push(each))).toBe(2)
    expect(seen).toEqual([wish('1'), wish('2')])
    expect(readdirSync(dir)).toEqual([])
    expect(await applied(store)).toEqual([])
  })

  it('of a subscriber who unsubscribed before are stored again', async () => {
    const store = deferredUnsubscribes(dir, LOG)
    await store.store(wish('1'))
    // Another process applies it, unknown to this one.
    expect(await applied()).toEqual(['1'])
    expect(await store.store(wish('1'))).toBe(true)
    expect(await applied()).toEqual(['1'])
  })

  it('remain when the database or the process fails in the middle', async () => {
    const store = deferredUnsubscribes(dir, LOG)
    for (const id of ['1', '2', '3']) await store.store(wish(id))
    const first: string[] = []
    const lost = store.applyAll(async ({ subscriberId }) => {
      if (first.length === 1) throw new Error('the database is lost')
      first.push(subscriberId)
    })
    await expect(lost).rejects.toThrow('the database is lost')
    await store.store(wish('4'))
    expect(await applied()).toEqual(['1', '2', '3', '4'])
    expect(readdirSync(dir)).toEqual([])
  })

  it('survive a line that a crash has truncated', async () => {
    const store = deferredUnsubscribes(dir, LOG)
    await store.store(wish('1'))
    appendFileSync(join(dir, 'open.jsonl'), '\n{"subscriberId":"2","by":"one-cl')
    await store.store(wish('3'))
    expect(await applied()).toEqual(['1', '3'])
  })

  it('are not lost when another process takes the file over at the moment of writing', async () => {
    const store = deferredUnsubscribes(dir, LOG)
    await store.store(wish('1'))
    const handle = await open(join(dir, 'open.jsonl'))
    const prototype = Object.getPrototypeOf(handle)
    const { appendFile } = prototype
    const taken: string[][] = []
    prototype.appendFile = async function (line: string) {
      prototype.appendFile = appendFile
      taken.push(await applied())
      return appendFile.call(this, line)
    }
    try {
      expect(await store.store(wish('2'))).toBe(true)
    } finally {
      prototype.appendFile = appendFile
      await handle.close()
    }
    expect([...taken, await applied()]).toEqual([['1'], ['2']])
  })

  it('are not lost when many processes store and apply them at once', async () => {
    const writers = [1, 2, 3].map(() => deferredUnsubscribes(dir, LOG))
    const subscribers = [1, 2].map(() => deferredUnsubscribes(dir, LOG))
    const found = new Set<string>()
    const wanted = Array.from({ length: 150 }, (_, at) => String(at + 1))
    const taken: Promise<unknown>[] = []
    const stored = await Promise.all(
      wanted.map(async (id, at) => {
        const kept = await writers[at % 3]?.store(wish(id))
        if (at % 10 === 0)
          taken.push(
            ...subscribers.map((subscriber) => subscriber.applyAll(async (each) => void found.add(each.subscriberId))),
          )
        return kept
      }),
    )
    await Promise.all(taken)
    for (const id of await applied()) found.add(id)
    // Each request that was confirmed to its sender is stored.
    expect(wanted.filter((id, at) => stored[at] === true && !found.has(id))).toEqual([])
    expect(stored).toContain(true)
  })

  it('are rejected beyond a limit, and when the folder is not writable', async () => {
    mkdirSync(dir, { recursive: true })
    writeFileSync(join(dir, 'open.jsonl'), '\n'.repeat(DEFERRED_UNSUBSCRIBES_BYTES_MAX))
    expect(await deferredUnsubscribes(dir, LOG).store(wish('1'))).toBe(false)
    writeFileSync(join(root, 'a file'), '')
    expect(await deferredUnsubscribes(join(root, 'a file', 'unsubscribes'), LOG).store(wish('1'))).toBe(false)
    expect(await applied(deferredUnsubscribes(join(root, 'a file', 'unsubscribes'), LOG))).toEqual([])
  })
})
