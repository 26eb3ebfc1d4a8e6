import { WARM_UP_DAYS } from '../../../config/limits.ts'
import type { Day } from '../../domain/day.ts'
import { DELIVERY_STATES } from '../../domain/delivery.ts'
import { allowanceOn, dayOfWarmUp, type WarmUp } from '../../domain/schedule/warmup.ts'
import type { DayFeedback } from '../../ledger/reports/provider-figures.ts'
import type { DayStatus } from '../../ledger/reports/status.ts'
import { describeWaiting, type Waiting } from '../../pipeline/alerts/waiting.ts'
import type { DispatchResult } from '../../pipeline/dispatch.ts'
import type { PublishResult } from '../../pipeline/publish.ts'
import { whyEmpty } from '../../pipeline/state/state-words.ts'
import { counted as countedAs } from '../../text/counted.ts'
import { describeReports } from './source-words.ts'

/** Returns the result of publishing as lines for people. */
export function describePublish(day: Day, result: PublishResult): string[] {
  switch (result.kind) {
    case 'published':
      return [
        `Edition ${day}: ${countedAs(result.papers, 'paper')}${result.revision > 1 ? ` (revision ${result.revision})` : ''}.`,
        ...(result.incomplete === null ? [] : [result.incomplete]),
        ...describeReports(result.reports),
      ]
    case 'kept':
      if (result.reason === null)
        return [`Edition ${day} is not changed, because it was already sent, or an operator has edited or approved it.`]
      return [
        `Edition ${day} is not changed, because no papers were found this time (${whyEmpty(result.reason)}).`,
        ...(result.failed ? ['To try again, run this command when the source is back.'] : []),
      ]
    case 'empty':
      return [
        `No edition on ${day}: ${whyEmpty(result.reason)}. ${result.weekly ? 'Only weekly subscribers who are due get a mail.' : 'No mail is sent.'}`,
      ]
    case 'not-open':
      return [
        `The list of ${day} is not open yet. Try again later, or choose an earlier day with --date.`,
        ...describeReports(result.reports),
      ]
    case 'failed':
      return [
        `No edition on ${day}: ${result.reason}`,
        'Nothing was sent. Run this command again when the source is back.',
      ]
  }
}

/** Returns a day's deliveries by state, the most frequent reasons, and what the open deliveries wait for. */
export function describeStatus(day: Day, status: DayStatus, waiting: readonly Waiting[], now: Date): string[] {
  const states = DELIVERY_STATES.filter((state) => status.counts[state] > 0).map(
    (state) => `${status.counts[state]} ${state}`,
  )
  return [
    `Edition ${day}: ${counted(status.total)}${states.length === 0 ? '' : ` = ${states.join(' + ')}`}.`,
    ...describeDeferred(status.leftOut),
    // `waiting` explains the open deliveries better.
    ...status.reasons
      .filter(({ state }) => state !== 'queued' && state !== 'sending')
      .map(({ state, reason, count }) => `  ${count} ${state}: ${reason}`),
    ...waiting.map((each) => `  ${describeWaiting(each, now)}`),
  ]
}

/** Says what happens to the open deliveries when a command stops waiting. */
export function describeGivenUp(waitMs: number, open: number): string {
  const left = open === 1 ? '1 delivery is left. It stays' : `${open} deliveries are left. They stay`
  return `Gave up waiting after ${duration(waitMs)}: ${left} in the queue, and the workers continue to try.`
}

/** `90 s`, `10 min`, `12 h`: in the largest unit that gives a whole number. */
function duration(ms: number): string {
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000} h`
  return ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1_000} s`
}

export function describeNoWorker(hasWaited: boolean): string {
  return `No worker is running: start one with \`paperround worker\`, or run this command ${hasWaited ? 'again' : 'with --wait'}.`
}

/** Says how many subscribers were postponed because the sending domain is new. */
function describeDeferred(leftOut: number): string[] {
  if (leftOut === 0) return []
  const who = leftOut === 1 ? '1 subscriber was' : `${leftOut} subscribers were`
  return [
    `  ${who} postponed, because the warm-up limit of the sending domain was reached. They come first in the next edition.`,
  ]
}

/** Says how many digests a new sending domain may send on this day. Returns nothing after the warm-up. */
export function describeWarmUp(day: Day, warmUp: WarmUp | null): string[] {
  const allowance = warmUp === null ? null : allowanceOn(day, warmUp)
  return warmUp === null || allowance === null
    ? []
    : [`Warm-up: day ${dayOfWarmUp(day, warmUp)} of ${WARM_UP_DAYS}, at most ${countedAs(allowance, 'digest')}.`]
}

/** Says what a dispatch queued. */
export function describeQueued(result: Extract<DispatchResult, { kind: 'done' | 'more' }>): string {
  const more = result.kind === 'more' ? ', and more follow when these are sent' : ''
  const left =
    result.kind === 'done' && result.leftOut > 0 ? describeDeferred(result.leftOut).map((line) => `\n${line}`) : []
  return `${counted(result.subscribers, 'new ')} ${result.subscribers === 1 ? 'is' : 'are'} queued${more}.${left.join('')}`
}

function counted(deliveries: number, which = ''): string {
  return `${deliveries} ${which}${deliveries === 1 ? 'delivery' : 'deliveries'}`
}

/** Gmail’s sender guidelines: keep complaints below 0.1 %, and always below 0.3 %. */
const COMPLAINTS_GOOD = 0.001
const COMPLAINTS_BAD = 0.003

/** Returns a day's complaints and bounces in one line, and compares them with Gmail's limits. */
export function describeFeedback({ sent, complained, bounced, softBounced, ...rates }: DayFeedback): string {
  const { complaintRate, bounceRate } = rates
  if (sent === 0 || complaintRate === null || bounceRate === null)
    return 'Complaints and bounces: nothing was sent yet.'
  const verdict =
    complaintRate < COMPLAINTS_GOOD
      ? 'within Gmail’s 0.1 %'
      : complaintRate < COMPLAINTS_BAD
        ? 'over Gmail’s 0.1 %, below its limit of 0.3 %'
        : 'over Gmail’s limit of 0.3 %: it may reject our mail'
  return `Complaints: ${complained} of ${sent} (${percent(complaintRate)}, ${verdict}) · hard bounces: ${bounced} (${percent(bounceRate)}) · soft bounces: ${softBounced}`
}

function percent(rate: number): string {
  return `${(rate * 100).toFixed(2)} %`
}
