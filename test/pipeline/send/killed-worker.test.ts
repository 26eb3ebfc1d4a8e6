import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from '@jest/globals'
import { runHere, startCommand } from '../../support/command.ts'
import { putEmbedded } from '../../support/servers/embedded.ts'
import { startSmtpServer } from '../../support/servers/smtp-server.ts'
import { until } from '../../support/until.ts'

const CONNECTIONS = 3
const SUBSCRIBERS = 60
const closers: (() => Promise<void> | void)[] = []
afterAll(async () => {
  for (const close of closers.reverse()) await close()
})

it('a killed worker leaves at most one uncertain message per SMTP connection, although it claimed more', async () => {
  const server = await startSmtpServer()
  closers.push(() => server.close())
  const dir = mkdtempSync(join(tmpdir(), 'killed-'))
  closers.push(() => rmSync(dir, { recursive: true, force: true }))
  await putEmbedded(dir)
  const env = {
    DATA_DIR: dir,
    MAIL_TRANSPORT: 'smtp',
    SMTP_URL: server.url,
    SMTP_CONNECTIONS: String(CONNECTIONS),
    MAIL_FROM: 'Paperround <digest@papers.example.org>',
    LOG_LEVEL: 'silent',
  }
  const lines = Array.from({ length: SUBSCRIBERS }, (_, n) => `r${n}@example.org,a test`)
  writeFileSync(join(dir, 'readers.csv'), `email,consent\n${lines.join('\n')}\n`)
  expect(await runHere(['subscribers', 'import', 'readers.csv'], env, dir)).toMatchObject({ code: 0 })

  // The server reads these messages and does not answer.
  server.plant(...Array.from({ length: CONNECTIONS }, () => ({ at: 'DATA', kind: 'hang' }) as const))
  const args = ['run', '--date', '2026-11-24', '--source', 'sample', '--wait']
  const first = startCommand(args, env, dir)
  await until('every connection waits for an answer', () => server.received.length === CONNECTIONS)
  first.child.kill('SIGKILL')
  await first.finished

  const second = await runHere(args, env, dir)
  expect(second.out).toContain(
    `${SUBSCRIBERS} deliveries = ${SUBSCRIBERS - CONNECTIONS} sent + ${CONNECTIONS} uncertain`,
  )
  const recipients = server.received.flatMap((mail) => mail.to)
  expect(recipients).toHaveLength(SUBSCRIBERS)
  expect(new Set(recipients).size).toBe(SUBSCRIBERS)
}, 300_000)
