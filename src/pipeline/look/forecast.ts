import { FORECAST_COHORTS_SHOWN } from '../../../config/limits-web.ts'
import type { CanaryState } from '../../domain/edition.ts'
import { counted } from '../../text/counted.ts'
import { type Ahead, type Cohort, recipientsOf } from '../state/subscribers-ahead.ts'

/** The rules that hold back a part of an edition. */
export interface ForecastRules {
  /** Null without a canary, or after it. */
  readonly canary: {
    readonly percent: number
    readonly minutes: number
    readonly bouncePercentMax: number
    readonly complaintPercentMax: number
  } | null
  /** How many digests the warm-up of the sending domain allows today; null: all. */
  readonly allowance: number | null
}

/** The columns of an edition that decide whether a canary goes first. */
interface CanaryStatus {
  readonly canary: CanaryState
  readonly canaryPercent: number
  readonly canaryMinutes: number
  readonly bouncePercentMax: number
  readonly complaintPercentMax: number
}

/** Returns the rules that hold back a part of an edition’s subscribers. */
export function rulesOf(status: CanaryStatus, allowance: number | null): ForecastRules {
  const { canary, canaryPercent: percent, canaryMinutes: minutes, bouncePercentMax, complaintPercentMax } = status
  const applies = percent > 0 && (canary === 'sending' || canary === 'waiting')
  return { canary: applies ? { percent, minutes, bouncePercentMax, complaintPercentMax } : null, allowance }
}

/** Says who gets an edition and when, one sentence each. */
export function describeForecast(ahead: Ahead, rules: ForecastRules): string[] {
  const { now, later } = ahead
  const all = recipientsOf(ahead)
  if (all === 0) return ['Nobody gets it: no subscriber is due now or later on its day.']
  const [first] = later
  const sentences = [`${people(all)} ${all === 1 ? 'gets' : 'get'} it.`]
  if (later.length === 0) sentences.push('All of them are due at once.')
  else if (now.subscribers === 0 && first !== undefined)
    sentences.push(`Nobody is due yet. The first ${people(first.subscribers)}: ${clock(first.at, now.at)}.`)
  else sentences.push(`${people(now.subscribers)} at once, the others at their own delivery time.`)
  if (later.length > 0) sentences.push(`Next: ${cohortWords(later, now.at)}.`)
  sentences.push(canaryWords(ahead, rules))
  if (rules.allowance !== null)
    sentences.push(`The warm-up of the sending domain allows ${counted(rules.allowance, 'digest')} today.`)
  return sentences
}

function cohortWords(later: readonly Cohort[], now: Date): string {
  const shown = later.slice(0, FORECAST_COHORTS_SHOWN)
  const rest = later.slice(FORECAST_COHORTS_SHOWN).reduce((sum, { subscribers }) => sum + subscribers, 0)
  const words = shown.map(({ at, subscribers }) => `${people(subscribers)} at ${clock(at, now)}`)
  return [...words, ...(rest === 0 ? [] : [`${people(rest)} after that`])].join(', ')
}

function canaryWords({ now, later }: Ahead, { canary }: ForecastRules): string {
  if (canary === null) return 'There is no canary, so nobody waits for the results of others.'
  const first = now.subscribers > 0 ? now : (later[0] ?? now)
  const until = new Date(first.at.getTime() + canary.minutes * 60_000)
  return `A canary goes first: ${canary.percent} % of those who are due, about ${people(Math.max(1, first.canary))}. The others wait ${canary.minutes} min after that, until about ${clock(until, now.at)}, and get it if bounces are at most ${canary.bouncePercentMax} % and complaints at most ${canary.complaintPercentMax} %.`
}

function people(count: number): string {
  return counted(count, 'subscriber')
}

/** `14:00 UTC`, with the day if it is another one than now. */
function clock(at: Date, now: Date): string {
  const [day, time] = [at.toISOString().slice(0, 10), at.toISOString().slice(11, 16)]
  return day === now.toISOString().slice(0, 10) ? `${time} UTC` : `${day} ${time} UTC`
}
