import { EVERYTHING_WAYS } from './everything.ts'
import { whole } from './figures.ts'
import { columns, PAPERROUND, type Report, type Row } from './report.ts'
import type { OtherReport, Result } from './results.ts'
import { CLAIMLESS } from './sending/claimless.ts'
import type { DispatchReport, MorningRow } from './sending/dispatching.ts'
import { SENDING_WAYS } from './sending/resend.ts'
import { SMTP_WAYS } from './sending/smtp.ts'

/** '': a ratio. */
type Unit = '' | '/s' | 'µs' | 's' | 'ms' | 'MB' | 'bytes'

/** A figure that the program must reach. */
interface Wanted {
  readonly name: string
  readonly unit: Unit
  /** Neither: it is shown for comparison. */
  readonly least?: number
  readonly most?: number
  readonly aim?: number
  readonly read: (results: readonly Result[]) => number | null | undefined
}

const MILLION = 1_000_000

/** The wanted figures, on two cores with everything on one machine. */
const WANTED: readonly Wanted[] = [
  {
    name: 'Resend path : Resend’s client, fixed bytes',
    unit: '',
    least: 2.5,
    read: times('sending', SENDING_WAYS.client),
  },
  {
    name: 'Resend path : pre-built bodies by node:http',
    unit: '',
    least: 0.3,
    read: times('sending', SENDING_WAYS.limit),
  },
  { name: 'Resend path : claimless loop', unit: '', read: times('sending', CLAIMLESS) },
  {
    name: 'Resend path : React, batch.send of 100',
    unit: '',
    least: 8,
    aim: 15,
    read: times('sending', SENDING_WAYS.better),
  },
  { name: 'Resend path, PostgreSQL', unit: 'µs', most: 60, read: cpu('sending', PAPERROUND, 'postgres') },
  { name: 'SMTP path : nodemailer’s pool, ready MIME', unit: '', least: 0.8, read: times('smtp', SMTP_WAYS.ready) },
  { name: 'SMTP path : sendMail in a loop', unit: '', least: 3, read: times('smtp', SMTP_WAYS.loop) },
  { name: 'SMTP path : claimless loop', unit: '', read: times('smtp', CLAIMLESS) },
  {
    name: 'everything but the call',
    unit: '/s',
    least: 4_500,
    aim: 8_000,
    read: (results) => rowOf(results, 'everything', EVERYTHING_WAYS.before)?.messagesPerSecond,
  },
  {
    name: 'everything but the call, worker',
    unit: 'µs',
    most: 150,
    read: cpu('everything', EVERYTHING_WAYS.before, 'own'),
  },
  { name: 'choosing, known interests', unit: 'µs', most: 25, read: other('choice', 'knownMicroseconds') },
  { name: 'choosing, a new interest each', unit: 'µs', most: 150, read: other('choice', 'newMicroseconds') },
  { name: 'import : COPY', unit: '', least: 0.5, read: other('import', 'ratio') },
  { name: 'import, memory', unit: 'MB', most: 200, read: other('import', 'peakMegabytes') },
  { name: 'dearest search', unit: 'ms', most: 30, read: other('search', 'dearestMs') },
  { name: '1,000,000 subscribers: first mail', unit: 's', most: 5, read: million((row) => row.firstMailMs / 1_000) },
  { name: '1,000,000 subscribers: last mail', unit: 's', most: 360, read: million((row) => row.totalSeconds) },
  {
    name: '1,000,000 subscribers: ledger a delivery',
    unit: 'bytes',
    most: 500,
    read: million((row) => row.ledgerBytesPerDelivery),
  },
  {
    name: '1,000,000 : 100,000, worker’s memory',
    unit: '',
    most: 1.1,
    read: growth((row) => row.workerPeakMegabytes),
  },
  { name: '1,000,000 : 100,000, queue’s memory', unit: '', most: 1.1, read: growth((row) => row.redisPeakMegabytes) },
]

/** Returns the speed of Paperround divided by the speed of another way. */
function times(bench: string, way: string): Wanted['read'] {
  return (results) => rowOf(results, bench, way)?.paperroundTimes
}

function cpu(bench: string, way: string, of: keyof Row['cpuMicros']): Wanted['read'] {
  return (results) => rowOf(results, bench, way)?.cpuMicros[of]
}

function other(bench: string, name: string): Wanted['read'] {
  return (results) =>
    results.find((each): each is OtherReport => each.kind === 'other' && each.bench === bench)?.figures[name]
}

/** Reads the last report of a bench, because the second sink of SMTP is the faster one. */
function rowOf(results: readonly Result[], bench: string, way: string): Row | undefined {
  return results
    .findLast((each): each is Report => each.kind === 'speed' && each.bench === bench)
    ?.rows.find(({ name }) => name === way)
}

function morningOf(results: readonly Result[], subscribers: number): MorningRow | undefined {
  return results
    .find((each): each is DispatchReport => each.kind === 'dispatch')
    ?.rows.find((row) => row.subscribers === subscribers)
}

function million(read: (row: MorningRow) => number): Wanted['read'] {
  return (results) => {
    const row = morningOf(results, MILLION)
    return row === undefined ? null : read(row)
  }
}

/** Returns the figure of a million subscribers divided by that of a tenth of them. */
function growth(read: (row: MorningRow) => number | null): Wanted['read'] {
  return (results) => {
    const [small, large] = [MILLION / 10, MILLION].map((size) => morningOf(results, size))
    if (small === undefined || large === undefined) return null
    const [from, to] = [read(small), read(large)]
    return from === null || to === null ? null : to / from
  }
}

/** Returns a line for each figure that was measured: figure, measured, wanted, share of what is wanted, and whether it is reached. */
export function figureLines(results: readonly Result[]): string[][] {
  return WANTED.flatMap((wanted) => {
    const measured = wanted.read(results) ?? null
    if (measured === null) return []
    const { name, unit, least, most, aim } = wanted
    const bound = least ?? most
    const figure = withUnit(measured, unit)
    if (bound === undefined) return [[name, figure, '', '', '']]
    const reached = least === undefined ? measured <= bound : measured >= bound
    const words = `${least === undefined ? '≤' : '≥'} ${withUnit(bound, unit)}${aim === undefined ? '' : `, aim ${whole(aim)}`}`
    return [[name, figure, words, (measured / bound).toFixed(2), reached ? 'reached' : 'MISSED']]
  })
}

export const FIGURE_HEADS = ['figure', 'measured', 'wanted', 'measured : wanted', '']

/** Returns the one table that says which figures are reached; '' when no bench with such a figure ran. */
export function figureTable(results: readonly Result[]): string {
  const lines = figureLines(results)
  return lines.length === 0 ? '' : `\n${columns([FIGURE_HEADS, ...lines])}`
}

function withUnit(value: number, unit: Unit): string {
  const text = value >= 100 ? whole(value) : String(Number(value.toFixed(2)))
  return unit === '/s' ? `${text}/s` : `${text} ${unit}`.trimEnd()
}
