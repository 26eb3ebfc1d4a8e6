import {
  ALERT_REASONS_MAX,
  REFUSED_ALERT_MIN,
  REFUSED_ALERT_PERCENT,
  TRANSACTIONAL_LATE_ALERT_MINUTES,
  TRANSPORT_DOWN_ALERT_MINUTES,
  UNCERTAIN_ALERT_MIN,
} from '../../../config/limits-processes.ts'
import type { Day } from '../../domain/day.ts'
import { describeWaiting, timeOf, type Waiting } from './waiting.ts'

/** The state of today's send, and all messages that wait. */
export interface SendingView {
  readonly at: Date
  /** The waiting messages of all days, including transactional emails. */
  readonly waiting: readonly Waiting[]
  /** The answers to today's digests. */
  readonly answers: {
    /** Digests that a provider accepted, refused, or may have accepted. */
    readonly answered: number
    readonly refused: number
    readonly uncertain: number
    /** The most frequent reasons. */
    readonly refusedFor: string | null
    readonly uncertainFor: string | null
  }
}

export type SendingCause =
  | 'sender-rejected'
  | 'quota-used-up'
  | 'transport-down'
  | 'transactional-late'
  | 'many-refused'
  | 'many-uncertain'

interface SendingAlert {
  readonly cause: SendingCause
  /** The transport that the alert is about, if any. Each transport has its own alert. */
  readonly about?: string
  readonly day: Day
  readonly text: string
}

/** Returns the alerts about how messages are sent. */
export function findSendingAlerts(day: Day, { at, waiting, answers }: SendingView): SendingAlert[] {
  return [
    ...waiting.filter((each) => isTrouble(each, at)).map((each) => pauseAlert(day, each, at)),
    ...transactionalAlert(day, waiting, at),
    ...refusedAlert(day, answers),
    ...uncertainAlert(day, answers),
  ]
}

/** Returns the first reasons why messages wait, for the text of an alert. */
export function reasonsOf({ waiting, at }: Pick<SendingView, 'waiting' | 'at'>, of: Waiting['mail']): string {
  const shown = waiting.filter(({ mail, count }) => mail === of && count > 0).slice(0, ALERT_REASONS_MAX)
  return shown.map((each) => ` ${describeWaiting(each, at)}`).join('')
}

function isTrouble({ why, mail, kind, since }: Waiting, at: Date): boolean {
  if (why !== 'transport-paused' || mail !== 'digest') return false
  return (
    kind === 'sender' || kind === 'quota' || (kind === 'down' && minutesFrom(since, at) >= TRANSPORT_DOWN_ALERT_MINUTES)
  )
}

function pauseAlert(day: Day, waiting: Waiting, at: Date): SendingAlert {
  const cause =
    waiting.kind === 'sender' ? 'sender-rejected' : waiting.kind === 'quota' ? 'quota-used-up' : 'transport-down'
  return { cause, about: waiting.transport ?? '', day, text: describeWaiting(waiting, at) }
}

/** Somebody is waiting for each transactional email, so lateness is an alert. */
function transactionalAlert(day: Day, waiting: readonly Waiting[], at: Date): SendingAlert[] {
  const late = waiting.filter(
    ({ mail, since }) => mail === 'transactional' && minutesFrom(since, at) >= TRANSACTIONAL_LATE_ALERT_MINUTES,
  )
  const [first] = late
  if (first === undefined) return []
  const count = late.reduce((sum, each) => sum + each.count, 0)
  const since = timeOf(new Date(Math.min(...late.map((each) => each.since.getTime()))), at)
  return [
    {
      cause: 'transactional-late',
      day,
      text: `${count === 1 ? '1 transactional email, such as a confirmation, is' : `${count} transactional emails, such as confirmations, are`} late, the oldest since ${since}.${reasonsOf({ waiting: late, at }, 'transactional')}`,
    },
  ]
}

function refusedAlert(day: Day, { answered, refused, refusedFor }: SendingView['answers']): SendingAlert[] {
  const percent = (refused / Math.max(1, answered)) * 100
  if (refused < REFUSED_ALERT_MIN || percent < REFUSED_ALERT_PERCENT) return []
  const most = refusedFor === null ? '' : ` Most often: ${refusedFor}.`
  return [
    {
      cause: 'many-refused',
      day,
      text: `${refused} of ${answered} digests of ${day} were refused (${percent.toFixed(1)} %).${most} If many have the same reason, the fault is with the sender: see \`paperround status --date ${day}\` and \`paperround doctor\`.`,
    },
  ]
}

function uncertainAlert(day: Day, { uncertain, uncertainFor }: SendingView['answers']): SendingAlert[] {
  if (uncertain <= UNCERTAIN_ALERT_MIN) return []
  const most = uncertainFor === null ? '' : ` Most often: ${uncertainFor}.`
  return [
    {
      cause: 'many-uncertain',
      day,
      text: `${uncertain} digests of ${day} are uncertain: they may have come or not.${most} They are not resent automatically. Decide at /admin what to do with them.`,
    },
  ]
}

function minutesFrom(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 60_000
}
