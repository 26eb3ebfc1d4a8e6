import { usageError } from '../src/platform/errors.ts'

export type TransportName = 'resend' | 'smtp'

export interface Question {
  readonly subscribers: number
  /** In which everybody’s digest is to go out. */
  readonly windowSeconds: number
  readonly transport: TransportName
  /** Of one letter on the wire. */
  readonly digestBytes: number
  /** How long deliveries are kept. */
  readonly retentionDays: number
  /** What the provider allows; null: what its plans say. */
  readonly callsPerSecond: number | null
}

/** As they are typed. */
export interface Options {
  readonly subscribers: string
  readonly window: string
  readonly transport: string
  readonly digestKb: string
  readonly retentionDays: string
  readonly callsPerSecond?: string
}

const SUBSCRIBERS_MAX = 1e10 // More than there are people.
const WINDOW_SECONDS_MAX = 86_400 // An edition is for a day.
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 }

/** @throws Fault (exit code 2) with every fault at once. */
export function readQuestion(options: Options): Question {
  const faults: string[] = []
  const subscribers = Number(options.subscribers.replaceAll('_', '') || 'none')
  if (!Number.isInteger(subscribers) || subscribers < 1 || subscribers > SUBSCRIBERS_MAX)
    faults.push('--subscribers must be a whole number from 1 to 1e10, such as 1e7 or 250000.')
  const [, length = '', unit = ''] = /^(\d+(?:\.\d+)?)([smh])$/.exec(options.window) ?? []
  const windowSeconds = Number(length) * (UNITS[unit] ?? 0)
  if (!(windowSeconds >= 1 && windowSeconds <= WINDOW_SECONDS_MAX))
    faults.push('--window must be a time of at most a day, such as 2h, 90m or 600s.')
  const transport = options.transport
  if (transport !== 'resend' && transport !== 'smtp') faults.push('--transport must be resend or smtp.')
  const withTimeout = (name: string, text: string, from: number, to: number): number => {
    const value = Number(text || 'none')
    if (!(value >= from && value <= to)) faults.push(`--${name} must be a number from ${from} to ${to}.`)
    return value
  }
  const digestKb = withTimeout('digest-kb', options.digestKb, 1, 1_000)
  const retentionDays = withTimeout('retention-days', options.retentionDays, 1, 3_660)
  const { callsPerSecond: asked } = options
  const callsPerSecond = asked === undefined ? null : withTimeout('calls-per-second', asked, 0.1, 100_000)
  if (faults.length > 0) throw usageError(faults)
  return {
    subscribers,
    windowSeconds,
    transport: transport === 'smtp' ? 'smtp' : 'resend',
    digestBytes: digestKb * 1_000,
    retentionDays,
    callsPerSecond,
  }
}
