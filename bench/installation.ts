import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Fault } from '../src/fault.ts'
import { PACKAGE_ROOT } from '../src/root.ts'
import { ended } from './children.ts'
import { writePapers } from './papers.ts'
import { type BenchDatabase, type BenchRedis, makeDatabase, takeRedis } from './place.ts'
import { addReaders, type Wishes } from './readers.ts'

/** An installation of the program with an edition and a list, and nobody mailed yet. */
export interface Installation {
  readonly day: string
  readonly database: BenchDatabase
  readonly redis: BenchRedis
  readonly env: Readonly<Record<string, string>>
  readonly dir: string
  readonly readers: number
  /** As nobody had been mailed. */
  reset(): Promise<void>
  close(): Promise<void>
}

export interface InstallationOrder extends Wishes {
  readonly database: string
  readonly redis: string
  readonly readers: number
  readonly papers: number
}

export async function install(order: InstallationOrder): Promise<Installation> {
  const redis = await takeRedis(order.redis)
  const database = await makeDatabase(order.database)
  const dir = mkdtempSync(join(tmpdir(), 'paperround-bench-'))
  const day = new Date().toISOString().slice(0, 10)
  const env = {
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    DATA_DIR: dir,
    SECRET: 'a secret of the benchmark, long enough',
    PUBLIC_URL: 'https://papers.example.org',
    MAIL_FROM: 'Paperround <digest@papers.example.org>',
    MAIL_POSTAL_ADDRESS: '1 Example Street, 12345 Exampletown',
  }
  await addReaders(database.client, order.readers, order)
  await runPaperround(['publish', '--date', day, '--source', writePapers(dir, day, order.papers)], env, dir)
  const reset = async () => {
    // Paused, so that a worker does not begin before the clock does.
    await database.client.query(
      "update editions set candidates = 0, dispatched_at = null, sending = 'paused', cohort = 'hour'",
    )
    await database.client.query('truncate deliveries, parcels, workers, transports, events restart identity cascade')
    await redis.empty()
    await database.client.query('checkpoint')
  }
  await reset()
  return {
    day,
    database,
    redis,
    env,
    dir,
    readers: order.readers,
    reset,
    async close() {
      await redis.close()
      await database.drop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** One reader’s digest of the day, as the program composes it: the bytes that the others send. */
export async function sampleDigest({ env, dir, day, database }: Installation): Promise<{ html: string; text: string }> {
  const { rows } = await database.client.query<{ email: string }>('select email from subscribers order by id limit 1')
  const out = join(dir, 'sample')
  await runPaperround(['digest', '--to', rows[0]?.email ?? '', '--date', day, '--out', out], env, dir)
  const read = (suffix: string) => {
    const name = readdirSync(out).find((file) => file.endsWith(suffix))
    if (name === undefined) throw new Fault(`\`paperround digest\` wrote no ${suffix} file.`)
    return readFileSync(join(out, name), 'utf8')
  }
  return { html: read('.html'), text: read('.txt') }
}

async function runPaperround(args: readonly string[], env: Installation['env'], cwd: string): Promise<void> {
  const { child, errors } = spawnPaperround(args, env, cwd)
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Fault(`\`paperround ${args[0]}\` ended with exit code ${code}: ${errors()}`)
}

export interface Worker {
  readonly pid: number | undefined
  close(): Promise<void>
}

/** A `paperround worker`, running. */
export async function startWorker(at: Installation, env: Readonly<Record<string, string>>): Promise<Worker> {
  const { child, errors } = spawnPaperround(['worker'], { ...at.env, ...env, LOG_LEVEL: 'info' }, at.dir)
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Fault(`The worker ended with exit code ${code}: ${errors()}`)))
    child.stderr?.on('data', (chunk: Buffer) => {
      if (chunk.includes('"running"')) resolve()
    })
  })
  return { pid: child.pid, close: () => ended(child, () => child.kill('SIGTERM')).then(() => {}) }
}

function spawnPaperround(args: readonly string[], env: Readonly<Record<string, string>>, cwd: string) {
  const child: ChildProcess = spawn(
    process.execPath,
    [...flagsOf(args), join(PACKAGE_ROOT, 'dist/src/cli/main.js'), ...args],
    {
      cwd,
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  let last = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    last = `${last}${chunk}`.slice(-4_000)
  })
  return { child, errors: () => last }
}

/** `BENCH_WORKER_FLAGS=--cpu-prof` for a profile of the worker; it is written where the bench was started. */
function flagsOf(args: readonly string[]): string[] {
  const flags =
    args[0] === 'worker' ? (process.env.BENCH_WORKER_FLAGS ?? '').split(' ').filter((flag) => flag !== '') : []
  return flags.some((flag) => flag.startsWith('--cpu-prof')) ? [...flags, `--cpu-prof-dir=${process.cwd()}`] : flags
}
