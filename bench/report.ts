import { cpus, loadavg } from 'node:os'
import { median, round, whole } from './figures.ts'
import { type Measured, perSecond, type Wanted } from './rounds.ts'
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
  /** CPU time for each message in µs: of the senders, of Redis and of PostgreSQL. */
  readonly cpuMicros: Costs
  readonly peakMegabytes: number | null
  readonly firstMs: number | null
  readonly wanted: string | null
  readonly met: boolean | null
}

/** The part that all reports have in common. */
export interface MachineReport {
  readonly bench: string
  readonly settings: Readonly<Record<string, string | number | boolean>>
  readonly machine: { readonly cores: number; readonly model: string; readonly node: string; readonly load: number }
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

export function machineNow(): Report['machine'] {
  const { length, 0: first } = cpus()
  return { cores: length, model: first?.model ?? '', node: process.version, load: round(loadavg()[0] ?? 0, 2) }
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
    },
    peakMegabytes: of(({ peakMegabytes }) => peakMegabytes),
    firstMs: of(({ firstMs }) => firstMs),
    // The reference always equals itself.
    ...judge(each === reference && way.wanted?.kind === 'of-reference' ? undefined : way.wanted, {
      ofReference,
      paperroundTimes,
      messagesPerSecond: median(speeds),
    }),
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

function judge(
  wanted: Wanted | undefined,
  found: { ofReference: number; paperroundTimes: number | null; messagesPerSecond: number },
): Pick<Row, 'wanted' | 'met'> {
  switch (wanted?.kind) {
    case undefined:
      return { wanted: null, met: null }
    case 'of-reference':
      return { wanted: `≥ ${wanted.least} of reference`, met: found.ofReference >= wanted.least }
    case 'per-second':
      return { wanted: `≥ ${wanted.least}/s`, met: found.messagesPerSecond >= wanted.least }
    case 'times':
      return {
        wanted: `Paperround ≥ ${wanted.least}×`,
        met: found.paperroundTimes === null ? null : found.paperroundTimes >= wanted.least,
      }
  }
}

export function speedTable({ bench, settings, machine, rows }: Report): string {
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
    'peak MB',
    'first ms',
    'wanted',
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
    whole(row.peakMegabytes),
    whole(row.firstMs),
    row.wanted === null ? '' : `${row.wanted}: ${row.met === null ? 'not known' : row.met ? 'met' : 'MISSED'}`,
  ])
  const set = Object.entries(settings).map(([name, value]) => `${name} ${value}`)
  return `\n${bench}: ${set.join(', ')}; ${machine.cores} × ${machine.model}, Node ${machine.node}, load ${machine.load}\n${columns([heads, ...cells])}`
}

/** Returns aligned columns: the first and the last to the left, the others to the right. */
export function columns(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, at) => Math.max(...lines.map((cells) => (cells[at] ?? '').length)))
  return lines
    .map((cells) => {
      const padded = cells.map((cell, at) =>
        at === 0 || at === cells.length - 1 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
      )
      return `${padded.join('  ').trimEnd()}\n`
    })
    .join('')
}
