import type pg from 'pg'
import { addDays, day as asDay, type Day, isoWeek } from '../../src/domain/day.ts'
import { addMonths, firstDay, type Month, monthOf, monthOfPeriod, monthsOf } from '../../src/domain/month.ts'
import { openDatabase, openPool } from '../../src/ledger/connection/database.ts'
import { dropMonth } from '../../src/ledger/maintenance/drop-month.ts'
import { makePart, openMonths, partsOf, readMonths } from '../../src/ledger/maintenance/partitions.ts'
import type { Database } from '../../src/ledger/schema/database.ts'
import { usageError } from '../../src/platform/errors.ts'
import { type BenchDatabase, makeDatabase } from '../setup/temp-database.ts'
import { daysBack, fillDay, fillEdition, fillSubscribers, type GrowthShape, type Target } from './growth-data.ts'
import { timeHotPath } from './growth-queries.ts'

interface Options {
  readonly database: string
  readonly rows: string
  readonly few: string
  readonly months: string
  readonly papers: string
  readonly json?: boolean
}

/** Sizes of one month's tables, in bytes. */
interface MonthSize {
  readonly month: Month
  readonly deliveries: number
  readonly table: number
  readonly indexes: number
}

interface Figures {
  readonly rows: number
  readonly fewRows: number
  readonly subscribers: number
  readonly months: readonly MonthSize[]
  /** Bytes a delivery: the table, and each of its indexes. */
  readonly bytes: Readonly<Record<string, number>>
  readonly parcelBytes: number
  readonly times: readonly { readonly what: string; readonly fewMs: number; readonly manyMs: number }[]
  readonly drop: { readonly month: Month; readonly deliveries: number; readonly ms: number }
}

const NEWEST = asDay('2026-11-27')
const DAYS_A_MONTH = 30
const MESSAGES_A_DAY = 0.9 + 0.1 / 7 // For each subscriber: a tenth have a weekly digest.

/**
 * Fills a ledger with months of digests and measures the hot path twice: with the last days only, and with all. A day has the
 * same size both times, and only the past has grown.
 */
export async function benchGrowth(options: Options): Promise<void> {
  const [rows = 0, few = 0, months = 0, papers = 0] = [options.rows, options.few, options.months, options.papers].map(
    Number,
  )
  if (![rows, few, months, papers].every((number) => Number.isInteger(number) && number > 0) || few >= rows)
    throw usageError('--rows, --few, --months and --papers must be whole numbers, and --few less than --rows.')
  const database = await makeDatabase(options.database)
  const db = openDatabase(openPool({ kind: 'url', url: database.url }))
  try {
    const figures = await measure({ rows, few, months, papers }, db, database)
    process.stdout.write(options.json === true ? `${JSON.stringify(figures, null, 2)}\n` : tables(figures))
  } finally {
    await db.destroy()
    await database.drop()
  }
}

async function measure(
  size: { readonly rows: number; readonly few: number; readonly months: number; readonly papers: number },
  db: Database,
  { client }: BenchDatabase,
): Promise<Figures> {
  const days = daysBack(NEWEST, size.months * DAYS_A_MONTH)
  const shape: GrowthShape = { subscribers: Math.ceil(size.rows / days.length / MESSAGES_A_DAY), papers: size.papers }
  const fewDays = Math.max(1, Math.round(size.few / shape.subscribers))
  const newest = monthOf(NEWEST)
  await openMonths(db, [newest, addMonths(newest, 1), addMonths(newest, 2)])
  await fillSubscribers(client, shape)
  const fewRows = await fill(client, days.slice(0, fewDays), shape, WHOLE)
  const fewTimes = await timeAt(db, client, addDays(NEWEST, 1), shape)
  const moreRows = await fillPast(client, days.slice(fewDays), newest, shape)
  const manyTimes = await timeAt(db, client, addDays(NEWEST, 2), shape)
  const sizes = await sizesOf(db, client)
  const bytes = await bytesOf(client)
  const parcels = await one(client, `select pg_total_relation_size('parcels')::float8 / count(*) as value from parcels`)
  return {
    rows: fewRows + moreRows,
    fewRows,
    subscribers: shape.subscribers,
    months: sizes,
    bytes,
    parcelBytes: Math.round(parcels),
    times: [...manyTimes].map(([what, manyMs]) => ({ what, fewMs: fewTimes.get(what) ?? 0, manyMs })),
    drop: await dropOldest(db, sizes),
  }
}

const WHOLE: Target = { days: 'deliveries', weeks: 'deliveries' }

/** Fills the earlier months first and then attaches them, which is several times as fast. Their indexes are freshly built. */
async function fillPast(client: pg.Client, days: readonly Day[], newest: Month, shape: GrowthShape): Promise<number> {
  let rows = await fill(
    client,
    days.filter((day) => monthOf(day) === newest),
    shape,
    WHOLE,
  )
  const past = days.filter((day) => monthOf(day) !== newest)
  const months = [...new Set(past.flatMap(monthsOf))].filter((month) => month !== newest)
  for (const month of months) for (const { name } of partsOf(month)) await client.query(makePart(name))
  for (const day of past) {
    const week = monthOfPeriod(isoWeek(day)) ?? newest
    const weeks = week === newest ? 'deliveries' : partsOf(week)[1].name
    rows += await fill(client, [day], shape, { days: partsOf(monthOf(day))[0].name, weeks })
  }
  await client.query("set maintenance_work_mem = '256MB'")
  for (const month of months)
    for (const { name, span } of partsOf(month))
      await client.query(
        `alter table deliveries attach partition ${name} for values from ('${span.from}') to ('${span.before}')`,
      )
  return rows
}

async function fill(client: pg.Client, days: readonly Day[], shape: GrowthShape, target: Target): Promise<number> {
  let rows = 0
  for (const day of days) {
    rows += await fillDay(client, day, shape, target)
    process.stderr.write(`\r${day}`)
  }
  return rows
}

async function timeAt(db: Database, client: pg.Client, day: Day, shape: GrowthShape): Promise<Map<string, number>> {
  for (const table of ['deliveries', 'parcels', 'editions', 'edition_papers', 'webhook_events', 'events'])
    await client.query(`vacuum analyze ${table}`)
  await client.query('checkpoint')
  await fillEdition(client, day, shape)
  const { rows: papers } = await client.query<{ id: string }>(
    'select paper_id as id from edition_papers where day > $1::date - 3 and day <= $1::date',
    [day],
  )
  const { rows: messages } = await client.query<{ id: string }>(
    'select id from deliveries where period = $1 and subscriber_id % 11 = 1 limit 15',
    [NEWEST],
  )
  return timeHotPath({
    db,
    day,
    sent: NEWEST,
    papers: papers.map(({ id }) => id),
    messages: messages.map(({ id }) => id),
  })
}

async function sizesOf(db: Database, client: pg.Client): Promise<MonthSize[]> {
  const sizes: MonthSize[] = []
  for (const month of await readMonths(db)) {
    const { rows } = await client.query<{ deliveries: number; table: number; indexes: number }>(
      `select coalesce(sum(c.reltuples) filter (where c.reltuples > 0), 0)::float8 as deliveries,
          sum(pg_table_size(c.oid))::float8 as table, sum(pg_indexes_size(c.oid))::float8 as indexes
        from pg_class c where c.relkind = 'r' and c.relname like $1`,
      [`deliveries_${month.replace('-', '_')}%`],
    )
    const [row] = rows
    if (row !== undefined && row.deliveries > 0) sizes.push({ month, ...row })
  }
  return sizes
}

async function bytesOf(client: pg.Client): Promise<Record<string, number>> {
  const { rows } = await client.query<{ name: string; bytes: number }>(
    `with n as (select count(*)::float8 as rows from deliveries)
      select 'table' as name, sum(pg_table_size(inhrelid)) / min(n.rows) as bytes from pg_inherits, n where inhparent = 'deliveries'::regclass
      union all
      select p.relname, sum(pg_relation_size(i.inhrelid)) / min(n.rows) from n, pg_index x
      join pg_class p on p.oid = x.indexrelid join pg_inherits i on i.inhparent = x.indexrelid
      where x.indrelid = 'deliveries'::regclass group by 1 order by 2 desc`,
  )
  return Object.fromEntries(rows.map(({ name, bytes }) => [name, Math.round(bytes)]))
}

async function dropOldest(db: Database, sizes: readonly MonthSize[]): Promise<Figures['drop']> {
  const month = sizes[0]?.month
  if (month === undefined) throw new Error('there is no month to drop')
  const from = performance.now()
  const dropped = await dropMonth(db, month, new Date(`${firstDay(addMonths(month, 14))}T03:00:00Z`))
  if (dropped.kind !== 'dropped') throw new Error(`the oldest month was not dropped: ${dropped.kind}`)
  return { month, deliveries: dropped.deliveries, ms: performance.now() - from }
}

async function one(client: pg.Client, query: string): Promise<number> {
  const { rows } = await client.query<{ value: number }>(query)
  return rows[0]?.value ?? 0
}

function tables(figures: Figures): string {
  const megabytes = (bytes: number) => String(Math.round(bytes / 1024 / 1024))
  const line = (cells: readonly string[], first = 36) =>
    `${cells.map((cell, at) => (at === 0 ? cell.padEnd(first) : cell.padStart(13))).join('')}\n`
  return [
    `${figures.rows} deliveries to ${figures.subscribers} subscribers; ${figures.fewRows} of them at first.\n\n`,
    line(['month', 'deliveries', 'table MB', 'indexes MB']),
    ...figures.months.map(({ month, deliveries, table, indexes }) =>
      line([month, String(Math.round(deliveries)), megabytes(table), megabytes(indexes)]),
    ),
    '\n',
    line(['bytes a delivery', '']),
    ...Object.entries(figures.bytes).map(([name, bytes]) => line([name, String(bytes)])),
    line(['(a parcel, all of it)', String(figures.parcelBytes)]),
    '\n',
    line(['median ms', 'few rows', 'all rows', 'ratio']),
    ...figures.times.map(({ what, fewMs, manyMs }) =>
      line([what, fewMs.toFixed(2), manyMs.toFixed(2), (manyMs / fewMs).toFixed(2)]),
    ),
    `\n${figures.drop.month} with ${figures.drop.deliveries} deliveries was counted and dropped in ${Math.round(figures.drop.ms)} ms.\n`,
  ].join('')
}
