import { execFileSync } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import { PACKAGE_ROOT } from '../src/platform/paths.ts'
import { median, round, whole } from './figures.ts'
import { type Measured, perSecond } from './rounds.ts'
import type { Costs } from './sending/costs.ts'

/** One way of sending, with medians over the rounds. */
export interface Row {
  readonly name: string
  readonly messagesPerSecond: number
  readonly low: number
  readonly high: number
  /** Median of the rounds’ ratios to the reference. */
  readonly ofReference: number
  /** Speed of Paperround divided by the speed of this way; null where Paperround is not measured. */
  readonly paperroundTimes: number | null
  readonly messageBytes: number
  /** CPU time for each message in µs: of the senders, of Redis, of PostgreSQL and of the sink. */
  readonly cpuMicros: Costs
  readonly peakMegabytes: number | null
  readonly firstMs: number | null
}

/** The part that all reports have in common. */
export interface MachineReport {
  readonly bench: string
  readonly settings: Readonly<Record<string, string | number | boolean>>
  readonly machine: Machine
}

interface Machine {
  readonly cores: number
  readonly model: string
  readonly node: string
  readonly load: number
  readonly date: string
  /** The commit that was measured, or '' outside a repository. */
  readonly commit: string
}

export interface Report extends MachineReport {
  readonly kind: 'speed'
  readonly reference: string
  readonly rows: readonly Row[]
}

export const PAPERROUND = 'Paperround'

/** The first way is the reference. Paperround is the first way whose name begins with “Paperround”. */
export function reportOf(bench: string, settings: Report['settings'], measured: readonly Measured[]): Report {
  const reference = measured[0]
  if (reference === undefined) throw new Error('nothing was measured')
  const ours = measured.find(({ way }) => way.name.startsWith(PAPERROUND)) ?? null
  return {
    kind: 'speed',
    bench,
    settings,
    machine: machineNow(),
    reference: reference.way.name,
    rows: measured.map((each) => rowOf(each, reference, ours)),
  }
}

export function machineNow(): Machine {
  const { length, 0: first } = cpus()
  return {
    cores: length,
    model: first?.model.trim() ?? '',
    node: process.version,
    load: round(loadavg()[0] ?? 0, 2),
    date: new Date().toISOString().slice(0, 10),
    commit: COMMIT,
  }
}

/** Read at the start, because a run may last longer than the commit is the newest. */
const COMMIT = commitNow()

function commitNow(): string {
  try {
    const head = ['describe', '--always', '--dirty', '--exclude=*']
    return execFileSync('git', head, {
      cwd: PACKAGE_ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return ''
  }
}

function rowOf(each: Measured, reference: Measured, ours: Measured | null): Row {
  const { way, runs } = each
  const speeds = runs.map(perSecond)
  const ofReference = ratio(each, reference)
  const paperroundTimes = ours === null ? null : ratio(ours, each)
  const of = (read: (run: (typeof runs)[number]) => number | null) => {
    const all = runs.map(read).filter((value) => value !== null)
    return all.length === 0 ? null : Math.round(median(all))
  }
  return {
    name: way.name,
    messagesPerSecond: round(median(speeds), 1),
    low: round(Math.min(...speeds), 1),
    high: round(Math.max(...speeds), 1),
    ofReference: round(ofReference, 3),
    paperroundTimes: paperroundTimes === null ? null : round(paperroundTimes, 2),
    messageBytes: of(({ messageBytes }) => messageBytes) ?? 0,
    cpuMicros: {
      own: of(({ costs }) => costs.own),
      redis: of(({ costs }) => costs.redis),
      postgres: of(({ costs }) => costs.postgres),
      sink: of(({ costs }) => costs.sink),
    },
    peakMegabytes: of(({ peakMegabytes }) => peakMegabytes),
    firstMs: of(({ firstMs }) => firstMs),
  }
}

function ratio(one: Measured, other: Measured): number {
  return median(
    one.runs.flatMap((run, at) => {
      const beside = other.runs[at]
      return beside === undefined ? [] : [perSecond(run) / perSecond(beside)]
    }),
  )
}

export function speedTable({ rows, ...report }: Report): string {
  const heads = [
    '',
    'messages/s',
    'low–high',
    'of ref.',
    'Paperround',
    'KB',
    'CPU µs',
    'Redis',
    'Postgres',
    'sink',
    'peak MB',
    'first ms',
  ]
  const cells = rows.map((row) => [
    row.name,
    whole(row.messagesPerSecond),
    `${whole(row.low)}–${whole(row.high)}`,
    row.ofReference.toFixed(2),
    row.paperroundTimes === null ? '' : `× ${row.paperroundTimes}`,
    row.messageBytes === 0 ? '' : (row.messageBytes / 1_000).toFixed(0),
    whole(row.cpuMicros.own),
    whole(row.cpuMicros.redis),
    whole(row.cpuMicros.postgres),
    whole(row.cpuMicros.sink),
    whole(row.peakMegabytes),
    whole(row.firstMs),
  ])
  return `\n${headingOf(report)}\n${columns([heads, ...cells])}`
}

/** Returns what was measured, and on which machine. */
export function headingOf({ bench, settings, machine }: MachineReport): string {
  const set = Object.entries(settings).map(([name, value]) => `${name} ${value}`)
  return `${bench}: ${set.join(', ')}; ${machine.cores} × ${machine.model}, Node ${machine.node}, load ${machine.load}`
}

/** Returns aligned columns: the first to the left, the others to the right. */
export function columns(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, at) => Math.max(...lines.map((cells) => (cells[at] ?? '').length)))
  return lines
    .map((cells) => {
      const padded = cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      return `${padded.join('  ').trimEnd()}\n`
    })
    .join('')
}
