import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { UserError, usageError } from '../src/platform/errors.ts'
import { spawnProgram } from '../test/support/program.ts'
import { median } from './figures.ts'
import { peakOf } from './setup/children.ts'
import { type BenchDatabase, makeDatabase } from './setup/temp-database.ts'

interface Options {
  readonly database: string
  readonly lines: string
  readonly rounds: string
  readonly json?: boolean
}

export interface Figures {
  readonly lines: number
  readonly copyPerSecond: number
  readonly importPerSecond: number
  /** Speed of the import divided by the speed of COPY: the median of the rounds. */
  readonly ratio: number
  readonly peakMegabytes: number | null
}

/**
 * Measures the whole command, with its start, against COPY of the rows that it wrote, into the same table with the same
 * indexes, in turns. Small lists tell more about memory than about speed, because the start takes a second.
 */
export async function benchImport(options: Options): Promise<void> {
  const sizes = options.lines.split(',').map(Number)
  const rounds = Number(options.rounds)
  if (![...sizes, rounds].every((number) => Number.isInteger(number) && number > 0))
    throw usageError('--lines and --rounds must be whole numbers.')
  const database = await makeDatabase(options.database)
  const dir = mkdtempSync(join(tmpdir(), 'paperround-bench-'))
  try {
    const figures: Figures[] = []
    for (const lines of sizes) figures.push(await measure(lines, rounds, database, dir))
    process.stdout.write(options.json === true ? `${JSON.stringify(figures, null, 2)}\n` : table(figures))
  } finally {
    rmSync(dir, { recursive: true, force: true })
    await database.drop()
  }
}

async function measure(lines: number, rounds: number, database: BenchDatabase, dir: string): Promise<Figures> {
  const list = join(dir, 'list.csv')
  const rows = join(dir, 'rows.tsv')
  await pipeline(Readable.from(listOf(lines)), createWriteStream(list))
  const copies: number[] = []
  const imports: number[] = []
  const peaks: number[] = []
  for (let round = 0; round <= rounds; round += 1) {
    await empty(database)
    const imported = await runImport(list, database, dir)
    if (round === 0) await dump(rows, database)
    // The first round warms caches up and writes the rows for COPY.
    if (round === 0) continue
    await empty(database)
    imports.push(imported.seconds)
    if (imported.peakMegabytes !== null) peaks.push(imported.peakMegabytes)
    copies.push(await copy(rows, database))
  }
  return {
    lines,
    copyPerSecond: Math.round(lines / median(copies)),
    importPerSecond: Math.round(lines / median(imports)),
    ratio: Number(median(imports.map((seconds, round) => (copies[round] ?? 0) / seconds)).toFixed(2)),
    peakMegabytes: peaks.length === 0 ? null : Math.round(median(peaks)),
  }
}

/** Writes a realistic list: addresses of many domains, a few interests, time zones and hours. */
function* listOf(lines: number): Generator<string> {
  const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Singapore', 'UTC']
  const interests = ['sparse retrieval; agents', '"robotics, manipulation"', '', 'video generation']
  yield 'email,interests,frequency,timezone,hour,consent\n'
  for (let at = 0; at < lines; at += 1)
    yield `reader.${at}@example-${at % 997}.org,${interests[at % 4]},${at % 9 === 0 ? 'weekly' : 'daily'},${zones[at % 3]},${at % 24},web form 2026-01-${String((at % 28) + 1).padStart(2, '0')}\n`
}

const COLUMNS =
  'email, email_key, address_hash, state, interests, muted_terms, authors, interest_share, frequency, delivery_hour, timezone, weekday, weekdays, featured_count, format, include_other_titles, consent, eligible_from, eligible_from_at, created_at, confirmed_at, updated_at'

async function empty({ client }: BenchDatabase): Promise<void> {
  await client.query("set client_min_messages = 'warning'")
  await client.query('truncate subscribers restart identity cascade')
  await client.query('checkpoint')
}

async function dump(path: string, { client }: BenchDatabase): Promise<void> {
  await pipeline(client.query(copyTo(`copy subscribers (${COLUMNS}) to stdout`)), createWriteStream(path))
}

async function copy(path: string, { client }: BenchDatabase): Promise<number> {
  const from = performance.now()
  await pipeline(createReadStream(path), client.query(copyFrom(`copy subscribers (${COLUMNS}) from stdin`)))
  return (performance.now() - from) / 1000
}

async function runImport(list: string, { url }: BenchDatabase, dir: string) {
  const from = performance.now()
  const env = { DATABASE_URL: url, DATA_DIR: dir, SECRET: 'a secret of the benchmark, long enough' }
  const child = spawnProgram(['subscribers', 'import', list], { cwd: dir, env, stdio: ['ignore', 'ignore', 'inherit'] })
  let peak: number | null = null
  const watching = setInterval(() => {
    peak = peakOf(child.pid) ?? peak
  }, 20)
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  clearInterval(watching)
  if (code !== 0) throw new UserError(`The import ended with exit code ${code}.`)
  return { seconds: (performance.now() - from) / 1000, peakMegabytes: peak }
}

function table(figures: readonly Figures[]): string {
  const heads = ['lines', 'COPY lines/s', 'import lines/s', 'import : COPY', 'peak MB']
  const rows = figures.map((each) => [
    String(each.lines),
    String(each.copyPerSecond),
    String(each.importPerSecond),
    each.ratio.toFixed(2),
    each.peakMegabytes === null ? 'not known' : String(each.peakMegabytes),
  ])
  return [heads, ...rows].map((cells) => `${cells.map((cell) => cell.padStart(15)).join('')}\n`).join('')
}
