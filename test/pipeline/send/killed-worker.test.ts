import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { isPresent, SHAPES } from '../../support/app.ts'
import { runHere, startCommand } from '../../support/command.ts'
import { createDatabase } from '../../support/databases/temp-database.ts'
import { tally } from '../../support/sending/tally.ts'
import { putEmbedded } from '../../support/servers/embedded.ts'
import type { ResendFault } from '../../support/servers/resend/faults.ts'
import { startResendServer } from '../../support/servers/resend/server.ts'
import { TEST_DATABASE_URL, TEST_REDIS_URL } from '../../support/servers/services.ts'
import { until } from '../../support/until.ts'

const KEY = 're_a_key_of_the_tests'
const DAY = '2026-11-24'
const PATH = '/emails/batch'
const PIPELINES = SHAPES.filter((shape) => shape !== 'PostgreSQL')
const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

describe.each(PIPELINES)('a worker that is killed in mid-call, on %s', (shape) => {
  const test = isPresent(shape) ? it : it.skip

  test('and a second run send each subscriber exactly one mail', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'killed-'))
    closers.push(() => rmSync(dir, { recursive: true, force: true }))
    const server = await startResendServer({ apiKey: KEY })
    closers.push(() => server.close())
    const env: Record<string, string> = {
      DATA_DIR: dir,
      MAIL_TRANSPORT: 'resend',
      MAIL_FROM: 'Paperround <digest@papers.example.org>',
      RESEND_API_KEY: KEY,
      RESEND_BASE_URL: server.url,
      SEND_RATE_PER_SECOND: '50',
      PARCEL_SIZE: '10',
      LOG_LEVEL: 'silent',
    }
    if (shape === 'embedded') await putEmbedded(dir)
    else {
      const database = await createDatabase(TEST_DATABASE_URL ?? '')
      closers.push(() => database.drop())
      Object.assign(env, {
        DATABASE_URL: database.url,
        REDIS_URL: `${TEST_REDIS_URL}/15`,
        SECRET: 'a secret of the tests that is long enough',
      })
    }
    writeFileSync(
      join(dir, 'readers.csv'),
      `email,consent\n${Array.from({ length: 120 }, (_, n) => `r${n}@example.org,a test`).join('\n')}\n`,
    )
    expect(await runHere(['subscribers', 'import', 'readers.csv'], env, dir)).toMatchObject({ code: 0 })

    // Accepted, and the answer never comes: the worst moment to die.
    server.plant(...Array.from({ length: 3 }, (): ResendFault => ({ when: 'after', kind: 'hang', path: PATH })))
    const args = ['run', '--date', DAY, '--source', 'sample', '--wait']
    const first = startCommand(args, env, dir)
    await until('three calls hang', () => server.delivered.length >= 30)
    first.child.kill('SIGKILL')
    await first.finished
    const second = await runHere(args, env, dir)
    expect(second).toMatchObject({ code: 0, out: expect.stringContaining('120 deliveries = 120 sent') })
    expect(tally(server)).toEqual({ 1: 120 })
  }, 300_000)
})
