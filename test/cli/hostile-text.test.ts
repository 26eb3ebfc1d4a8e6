import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import type { CommandContext } from '../../src/cli/context.ts'
import { showDigest } from '../../src/cli/day/digest.ts'
import { showEdition } from '../../src/cli/day/edition.ts'
import { showStatus } from '../../src/cli/day/status.ts'
import { publishOnly } from '../../src/cli/day/steps.ts'
import { createTerminal } from '../../src/cli/output/terminal.ts'
import { exportSubscribers } from '../../src/cli/subscribers/export.ts'
import { showSubscriber } from '../../src/cli/subscribers/subscribers.ts'
import { addSubscribersFor, openInstallation, openTestApp, QUICKEST, type TestInstallation } from '../support/app.ts'
import { commandContext } from '../support/command.ts'

const DAY = '2026-11-24'
const NOW = () => new Date(`${DAY}T09:00:00Z`)
const HOSTILE = 'T\u001b]0;owned\u0007\u202eeltit\u2028\u009b2J'
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/

let place: TestInstallation
let dir = ''
let written = ''
let context: CommandContext
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'hostile-text-'))
  place = await openInstallation(QUICKEST)
  const stream = {
    on() {},
    write(text: string) {
      written += text
    },
  } as unknown as NodeJS.WriteStream
  context = { ...commandContext(place, NOW), terminal: createTerminal(stream, stream) }
  expect(await publishOnly({ date: DAY, source: ['sample'] }, context)).toBe(0)
  const app = await openTestApp(place, NOW)
  const { db } = app.ledger
  await addSubscribersFor(app, [{ email: 'ada@example.org' }])
  // A damaged list, or one of another program, could bring such characters.
  await db
    .updateTable('subscribers')
    .set({ interests: [HOSTILE] })
    .execute()
  await sql`update edition_papers set why = ${HOSTILE}, content = jsonb_set(content, '{title}', ${JSON.stringify(HOSTILE)}::jsonb)`.execute(
    db,
  )
  await db.updateTable('editions').set({ incomplete: HOSTILE }).execute()
  await app.close()
}, 300_000)
afterAll(async () => {
  await place.close()
  rmSync(dir, { recursive: true, force: true })
})

describe('commands over a ledger with control characters in it', () => {
  it.each<[string, (json: boolean) => Promise<number>]>([
    ['edition', (json) => showEdition({ date: DAY, json }, context)],
    ['subscribers show', (json) => showSubscriber('ada@example.org', { json }, context)],
    ['status', (json) => showStatus({ date: DAY, json }, context)],
    ['digest', () => showDigest({ to: 'ada@example.org', date: DAY }, context)],
  ])('`%s` shows them written out, and as JSON keeps what they say', async (name, show) => {
    for (const json of [false, true]) {
      written = ''
      expect(await show(json)).toBe(0)
      expect(written).not.toMatch(OBEYED)
      if (json && name !== 'digest') expect(JSON.stringify(JSON.parse(written))).toContain('T\\u001b]0;owned')
      else if (name !== 'digest' && name !== 'status') expect(written).toContain('T\\u001b]0;owned\\u0007\\u202eeltit')
    }
  })

  it('write digests and lists that this user alone may read, though files that all may read were there', async () => {
    const names = ['digest.html', 'digest.txt', 'list.csv']
    for (const name of names) writeFileSync(join(dir, name), 'old', { mode: 0o644 })
    expect(await showDigest({ to: 'ada@example.org', date: DAY, out: dir }, context)).toBe(0)
    expect(await exportSubscribers(join(dir, 'list.csv'), {}, context)).toBe(0)
    for (const name of names) {
      expect([name, (statSync(join(dir, name)).mode & 0o777).toString(8)]).toEqual([name, '600'])
      expect(readFileSync(join(dir, name), 'utf8')).not.toBe('old')
    }
  })
})
