import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals'
import { until } from '../support/until.ts'
import { type Bench, openBench } from './bench.ts'

// A stand-in that writes its process id and answers when the file “go” exists.
const dir = mkdtempSync(join(tmpdir(), 'spam-runs-'))
const command = join(dir, 'spamassassin')
const log = join(dir, 'log')
const go = join(dir, 'go')
const started = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').map(Number) : [])
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

let bench: Bench
beforeAll(async () => {
  const report = 'Content analysis details:   (1.2 points, 5.0 required)'
  writeFileSync(
    command,
    `#!/bin/sh\necho $$ >> ${log}\ncat > /dev/null\nwhile [ ! -e ${go} ]; do sleep 0.05; done\necho '${report}'\n`,
  )
  chmodSync(command, 0o755)
  bench = await openBench(null, { spamCommands: [[command]] })
})
afterEach(() => {
  for (const file of [log, go]) rmSync(file, { force: true })
})
afterAll(async () => {
  await bench.close()
  rmSync(dir, { recursive: true, force: true })
})

/** Asks for the score of a mail, as a page does. `close` closes the page. */
function openPage(query: string): { answer: Promise<string>; close: () => void } {
  const closing = new AbortController()
  const answer = fetch(`${bench.url}/spam?${query}`, { signal: closing.signal }).then((each) => each.text())
  answer.catch(() => {})
  return { answer, close: () => closing.abort() }
}

// Sooner than the check's own time limit of 30 s.
const ended = () => until('the processes have ended', () => !started().some(isAlive), 20_000)
const running = (count: number) => until(`${count} runs`, () => started().length === count)

it('two pages share one run, also when one of them is closed, and its result is kept', async () => {
  const pages = [openPage('scenario=one'), openPage('scenario=one&tone=dark'), openPage('scenario=one&view=phone')]
  await running(1)
  pages[0]?.close()
  writeFileSync(go, '')
  for (const { answer } of pages.slice(1)) expect(await answer).toContain('1.2 points')
  expect(await openPage('scenario=one').answer).toContain('1.2 points')
  expect(started()).toHaveLength(1)
  // Other content is another run.
  expect(await openPage('scenario=one&engine=react').answer).toContain('1.2 points')
  expect(started()).toHaveLength(2)
})

it('a run ends when it is stopped, and may run again', async () => {
  const page = openPage('scenario=typical')
  await running(1)
  expect((await bench.post('/spam/stop?scenario=typical', {})).body).toBe('{"stopped":true}')
  expect(await page.answer).toMatch(/The check was stopped\..*Check again/)
  await ended()
  expect((await bench.post('/spam/stop?scenario=typical', {})).body).toBe('{"stopped":false}')
  writeFileSync(go, '')
  expect(await openPage('scenario=typical').answer).toContain('1.2 points')
})

it('a run ends when all pages that wait for it are closed', async () => {
  const pages = [openPage('scenario=weekly'), openPage('scenario=weekly')]
  await running(1)
  for (const page of pages) page.close()
  await ended()
})

it('two runs work at a time, and the preview ends them when it closes', async () => {
  const other = await openBench(null, { spamCommands: [[command]] })
  const asked = ['one', 'typical', 'sixty'].map((scenario) => fetch(`${other.url}/spam?scenario=${scenario}`))
  for (const each of asked) each.catch(() => {})
  await running(2)
  await other.close()
  await ended()
  expect(started()).toHaveLength(2)
})

it('a missing SpamAssassin is reported with how to install it', async () => {
  const other = await openBench(null, { spamCommands: [['no-such-program-here']] })
  const { body } = await other.get('/spam?scenario=one')
  expect(body).toMatch(/apt-get install spamassassin.*Check again/)
  await other.close()
})
