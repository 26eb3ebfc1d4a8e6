import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { showDigest } from '../../src/cli/day/digest.ts'
import { publishOnly } from '../../src/cli/day/steps.ts'
import { type PreviewOptions, preview } from '../../src/cli/preview.ts'
import { findSubscriber } from '../../src/ledger/subscribers/subscribers.ts'
import type { UserError } from '../../src/platform/errors.ts'
import { startPreview } from '../../workers/preview.ts'
import { addSubscribersFor, isPresent, openInstallation, openTestApp } from '../support/app.ts'
import { commandContext, startCommand } from '../support/command.ts'
import { until } from '../support/until.ts'

const DAY = '2026-11-24'
const NOW = () => new Date(`${DAY}T09:00:00Z`)

let dir = ''
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'preview-command-'))
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

// Requests of another user who does not know the token: pages, digests, the button that sends, and the event stream.
const PREVIEW_PATHS = [
  ['GET', '/'],
  ['GET', '/mail?scenario=typical'],
  ['GET', '/mail.eml?scenario=ledger&day=2026-11-24&email=ada@example.org'],
  ['GET', '/checks?scenario=typical'],
  ['GET', '/events'],
  ['GET', '/assets/preview.js'],
  ['GET', '/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/'],
  ['GET', '/..;/%2e%2e/mail'],
  ['POST', '/send?scenario=typical'],
  ['POST', '/edit?scenario=typical'],
] as const

const NOBODY = 65_534

/** Asks a port of loopback from a process of another Unix user, with all that a local attacker can put into a request. */
async function asAnotherUser(port: number): Promise<unknown> {
  const code = `
    const answers = []
    for (const [method, path] of ${JSON.stringify(PREVIEW_PATHS)}) {
      const origin = 'http://127.0.0.1:${port}'
      const body = method === 'POST' ? new URLSearchParams({ address: 'eve@example.org' }) : undefined
      const answer = await fetch(origin + path, { method, body, headers: { origin, 'sec-fetch-site': 'same-origin' } })
      answers.push([method, path, answer.status])
      await answer.body?.cancel()
    }
    console.log(JSON.stringify(answers))`
  // Only root may become somebody else; for others the test asks as themselves, and is refused the same way.
  const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { ...user, cwd: '/', env: {} })
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  await new Promise((resolve) => child.on('close', resolve))
  return JSON.parse(out)
}

/** Links are signed with another key; everything else must be equal. */
const unsigned = (text: string) => text.replace(/(papers\.example\.org\/\w+\/)[A-Za-z0-9_-]+\.[A-Za-z0-9_.-]+/g, '$1…')

describe('the preview command', () => {
  it('shows a reader’s digest byte for byte as the command that composes it, but for the key of its links', async () => {
    const place = await openInstallation(isPresent('PostgreSQL') ? 'PostgreSQL' : 'embedded')
    const context = commandContext(place, NOW)
    expect(await publishOnly({ date: DAY, source: ['sample'] }, context)).toBe(0)
    const app = await openTestApp(place, NOW)
    await addSubscribersFor(app, [{ email: 'ada@example.org', interests: ['sparse retrieval'] }])
    await app.close()
    const out = join(dir, 'digest')
    expect(await showDigest({ to: 'ada@example.org', date: DAY, out }, context)).toBe(0)
    const running = await startPreview(place.config, { port: 0, clock: NOW })
    const address = `${running.url}/mail?scenario=ledger&day=${DAY}&email=ada@example.org`
    const shown = await (await fetch(address.replace('/mail?', '/?').concat('&view=text'))).text()
    const eml = Buffer.from(await (await fetch(address.replace('/mail?', '/mail.eml?'))).arrayBuffer()).toString()
    const { simpleParser } = await import('mailparser')
    const html = (await simpleParser(eml)).html
    await running.close()
    expect(running.noLedger).toBe(null)
    expect(shown).toContain(`<option value="${DAY}">`)
    const expected = readFileSync(join(out, 'digest.html'), 'utf8')
    expect(unsigned(String(html)).trim()).toBe(unsigned(expected).trim())
    expect(String(html)).not.toBe(expected)
    const again = await openTestApp(place, NOW)
    const subscriber = await findSubscriber(again.ledger.db, 'ada@example.org')
    const token = /\/unsubscribe\/([^"]+)"/.exec(String(html))?.[1] ?? ''
    expect(subscriber?.state).toBe('active')
    // A previewed link opens nothing.
    expect(again.ledger.tokens.verify('unsubscribe', token)).toBe(null)
    await again.close()
    await place.close()
  }, 300_000)

  it('starts without a ledger, makes none, shows another user nothing, and ends in order when asked', async () => {
    const { child, finished } = startCommand(['preview', '--port', '0'], { LOG_LEVEL: 'silent' }, dir)
    let said = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    await until('the preview says where it is', () => /Preview: http:\/\/127\.0\.0\.1:\d+\S+ /.test(said))
    const url = /http:\/\/127\.0\.0\.1:\d+\S+/.exec(said)?.[0] ?? ''
    expect((await fetch(url)).status).toBe(200)
    const port = Number(new URL(url).port)
    expect(await asAnotherUser(port)).toEqual(PREVIEW_PATHS.map(([method, path]) => [method, path, 403]))
    await until('it says that there is no ledger', () => said.includes('There is no ledger yet'))
    expect(readdirSync(dir)).not.toContain('.paperround')
    child.kill('SIGTERM')
    expect((await finished).code).toBe(0)
  }, 300_000)

  it('says what is wrong with a port, that one is taken, and that there is no Chromium for pictures', async () => {
    const place = await openInstallation('embedded')
    const context = commandContext(place, NOW)
    const fault = (options: PreviewOptions) =>
      preview(options, context).then(
        () => null,
        (error: UserError) => [error.exitCode, error.message],
      )
    expect(await fault({ port: 'x' })).toEqual([2, expect.stringContaining('--port x is not a port')])
    const taken = createServer().listen(0, '127.0.0.1')
    await until('the other server listens', () => taken.listening)
    const { port } = taken.address() as { port: number }
    expect(await fault({ port: String(port) })).toEqual([1, expect.stringContaining(`Port ${port} is in use`)])
    taken.close()
    const shots = { port: '3001', shots: join(dir, 'shots'), chromium: '/no/chromium' }
    expect(await fault(shots)).toEqual([1, expect.stringContaining('There is no Chromium at /no/chromium')])
    await place.close()
  })
})
