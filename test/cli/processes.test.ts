import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { isPresent, SHAPES, type Shape } from '../support/app.ts'
import { runCommand, runHere, startCommand } from '../support/command.ts'
import { createDatabase } from '../support/databases/temp-database.ts'
import { putEmbedded } from '../support/servers/embedded.ts'
import { freePort } from '../support/servers/ports.ts'
import { TEST_DATABASE_URL, TEST_REDIS_URL } from '../support/servers/services.ts'
import { until } from '../support/until.ts'

const closers: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function environment(shape: Shape): Promise<{ dir: string; env: Record<string, string> }> {
  const dir = mkdtempSync(join(tmpdir(), 'processes-'))
  closers.push(() => rmSync(dir, { recursive: true, force: true }))
  const env: Record<string, string> = {
    DATA_DIR: dir,
    PORT: String(await freePort()),
    LOG_LEVEL: 'silent',
    EDITION_SOURCES: 'sample',
    EDITION_CRON: '0 0 1 1 *',
  }
  if (shape === 'embedded') await putEmbedded(dir)
  else {
    const database = await createDatabase(TEST_DATABASE_URL ?? '')
    closers.push(() => database.drop())
    Object.assign(env, { DATABASE_URL: database.url, SECRET: 'a secret of the tests that is long enough' })
    if (shape === 'PostgreSQL and Redis') env.REDIS_URL = `${TEST_REDIS_URL}/14`
  }
  return { dir, env }
}

const mailsIn = (dir: string) => {
  try {
    return readdirSync(join(dir, 'outbox')).filter((name) => name.endsWith('.eml'))
  } catch {
    return []
  }
}

describe.each(SHAPES)('processes on %s', (shape) => {
  const test = isPresent(shape) ? it : it.skip

  test('work side by side: `start` delivers what another process runs, answers, and ends in order when asked', async () => {
    const { dir, env } = await environment(shape)
    const service = startCommand(['start'], env, dir)
    closers.push(() => service.child.kill('SIGKILL'))
    await until('the service is ready', () =>
      fetch(`http://127.0.0.1:${env.PORT}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      ),
    )
    expect(await runHere(['subscribers', 'add', 'ada@example.org'], env, dir)).toMatchObject({ code: 0 })
    const ran = await runHere(['run', '--date', '2026-11-24', '--source', 'sample'], env, dir)
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('1 new delivery is queued') })
    expect(ran.out).not.toContain('No worker is running')
    await until('the service has delivered', () => mailsIn(dir).length === 1)
    const settled = async () => JSON.parse((await runHere(['status', '--json'], env, dir)).out)
    await until('it is settled', async () => (await settled()).counts.sent === 1)
    expect(await settled()).toMatchObject({ total: 1, workers: 1 })
    service.child.kill('SIGTERM')
    expect((await service.finished).code).toBe(0)
  }, 300_000)
})

// Without Redis, workers share one queue in PostgreSQL as they do in the embedded database.
describe.each(SHAPES.filter((shape) => shape !== 'PostgreSQL'))('workers on %s', (shape) => {
  const test = isPresent(shape) ? it : it.skip

  test('scale by starting more: two workers share the readers, and each reader has one mail', async () => {
    const { dir, env } = await environment(shape)
    for (const subscriber of ['ada@example.org', 'kofi@example.org'])
      expect((await runHere(['subscribers', 'add', subscriber], env, dir)).code).toBe(0)
    const workers = [startCommand(['worker'], env, dir), startCommand(['worker'], env, dir)]
    closers.push(() => {
      for (const { child } of workers) child.kill('SIGKILL')
    })
    const count = async () => JSON.parse((await runHere(['status', '--json'], env, dir)).out).workers
    await until('both workers beat', async () => (await count()) === 2)
    expect((await runHere(['run', '--date', '2026-11-24', '--source', 'sample'], env, dir)).code).toBe(0)
    await until('all have it', () => mailsIn(dir).length === 2)
    for (const { child } of workers) child.kill('SIGTERM')
    for (const { finished } of workers) expect((await finished).code).toBe(0)
    expect(mailsIn(dir)).toHaveLength(2)
  }, 300_000)
})

it.each(['run --wait', 'publish'])(
  '`%s` ends when asked to while a source keeps it waiting',
  async (args) => {
    const { dir, env } = await environment('embedded')
    let asked = 0
    const source = createHttpServer(() => {
      asked += 1 // And never answers.
    }).listen(0, '127.0.0.1')
    closers.push(() => {
      source.closeAllConnections()
      source.close()
    })
    await once(source, 'listening')
    const { port } = source.address() as AddressInfo
    const waiting = { ...env, EDITION_SOURCES: 'huggingface', HF_BASE_URL: `http://127.0.0.1:${port}` }
    const { child, finished } = startCommand([...args.split(' '), '--date', '2026-11-24'], waiting, dir)
    closers.push(() => child.kill('SIGKILL'))
    await until('the source is asked', () => asked > 0)
    child.kill('SIGINT')
    expect(await finished).toMatchObject({ code: 130, err: expect.stringContaining('Interrupted before the edition') })
    // A process that went on would ask again.
    expect(asked).toBe(1)
    expect((await runHere(['edition', '--date', '2026-11-24'], env, dir)).err).toContain('There is no edition')
  },
  300_000,
)

it.each([
  ['status', 'SIGINT', 130],
  ['publish', 'SIGTERM', 143],
  ['subscribers import readers.csv', 'SIGINT', 130],
] as const)(
  '`%s` ends at the first %s with exit code %i, also while a database keeps it waiting',
  async (args, signal, code) => {
    const { dir, env } = await environment('embedded')
    writeFileSync(join(dir, 'readers.csv'), 'email,consent\n')
    let asked = 0
    const database = createServer(() => {
      asked += 1 // And never answers.
    }).listen(0, '127.0.0.1')
    closers.push(() => database.close())
    await once(database, 'listening')
    const { port } = database.address() as AddressInfo
    const DATABASE_URL = `postgres://nobody@127.0.0.1:${port}/none`
    const waiting = { ...env, DATABASE_URL, SECRET: 'a secret of the tests that is long enough' }
    const { child, finished } = startCommand(args.split(' '), waiting, dir)
    closers.push(() => child.kill('SIGKILL'))
    await until('the database is asked', () => asked > 0)
    child.kill(signal)
    expect(await finished).toMatchObject({ code, err: expect.stringContaining('Interrupted') })
    // A process that went on would ask again.
    expect(asked).toBe(1)
  },
  300_000,
)

it.each<[string, string]>([
  ['web', 'PORT'],
  ['start', 'PORT'],
  ['scheduler', 'METRICS_PORT'],
])(
  '`%s` says which variable to change when its port is taken, and has asked for no edition',
  async (name, variable) => {
    const { dir, env } = await environment(isPresent('PostgreSQL') ? 'PostgreSQL' : 'embedded')
    env.EDITION_CRON = '* * * * *' // One is due.
    const other = createServer().listen(0, '0.0.0.0')
    closers.push(() => other.close())
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const { code, err } = await runCommand([name], { ...env, [variable]: String(port) }, dir)
    expect({ code, err: err.trim() }).toEqual({
      code: 1,
      err: `${variable} ${port} cannot be used: another program listens on it. Stop that program, or set another port.`,
    })
    const { queues } = JSON.parse((await runHere(['status', '--json'], env, dir)).out)
    expect(queues.publish).toEqual({ waiting: 0, active: 0, delayed: 0 })
  },
  300_000,
)

const withRedis = isPresent('PostgreSQL and Redis') ? it : it.skip

withRedis(
  'a database that Redis does not have is a fault, and not number 0',
  async () => {
    const { dir, env } = await environment('PostgreSQL and Redis')
    const { code, err } = await runCommand(['status'], { ...env, REDIS_URL: `${TEST_REDIS_URL}/9999` }, dir)
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/REDIS_URL cannot be used: .*out of range/) })
  },
  300_000,
)
