import { PROVIDER_BLOCK_ALERT_SHARE } from '../../../config/limits-inbound.ts'
import type { Day } from '../../domain/day.ts'
import type { SendState } from '../state/send-state.ts'
import { wordsOf } from '../state/state-words.ts'
import { findSendingAlerts, reasonsOf, type SendingCause, type SendingView } from './sending-alerts.ts'

/** A problem that an operator should know about at once. */
export interface Alert {
  /** Each cause raises one alert a day. */
  readonly cause:
    | 'not-published'
    | 'votes-missing'
    | 'not-finished'
    | 'unapproved'
    | 'canary-stopped'
    | 'twice'
    | 'miscounted'
    | SendingCause
    | 'provider-blocks'
  readonly day: Day
  /** Distinguishes alerts of the same cause, such as two transports. It is not shown. */
  readonly about?: string
  readonly text: string
}

export interface AlertsView {
  readonly day: Day
  /** Hour of EDITION_TIMEZONE, 0–23. */
  readonly hour: number
  /** ISO weekday. */
  readonly weekday: number
  /** The state of today's edition, as \`status\` and the admin pages show it. */
  readonly state: SendState
  /** Names of sources whose votes could not be read. */
  readonly voteless: readonly string[]
  readonly open: number
  /** All deliveries of the day, in any state. */
  readonly deliveries: number
  readonly twice: number
  /** Deliveries that dispatch counted minus those that exist. Anything but 0 is an error. */
  readonly unaccounted: number
  readonly sending: SendingView
  /** Mailbox providers that send back the mails of many subscribers. */
  readonly providerBlocks: readonly ProviderBlock[]
}

export interface AlertRules {
  /** null: no such alert. */
  readonly publishedByHour: number | null
  readonly finishedByHour: number | null
}

const FRIDAY = 5 // Lists are published on working days.

/** Returns the alerts for today's send. */
export function findAlerts(view: AlertsView, rules: AlertRules): Alert[] {
  const { day, hour, state } = view
  const { kind } = state
  const alerts: Alert[] = []
  const missing = kind === 'not-published' || kind === 'collecting'
  const { text: words } = wordsOf(state, view.sending.at)
  if (missing && rules.publishedByHour !== null && hour >= rules.publishedByHour && view.weekday <= FRIDAY)
    alerts.push({
      cause: 'not-published',
      day,
      text:
        kind === 'not-published'
          ? `Nothing is published at ${hour}:00. ${words} Look at the log of the publish worker.`
          : `Nothing is published at ${hour}:00. ${words}`,
    })
  if (view.voteless.length > 0)
    alerts.push({
      cause: 'votes-missing',
      day,
      text: `The votes of ${view.voteless.join(' and ')} could not be read for the edition of ${day}, although the last list had votes, so its ranking is meaningless. Look at \`paperround edition --date ${day}\` and at what the source answers now.`,
    })
  if (view.open > 0 && rules.finishedByHour !== null && hour >= rules.finishedByHour)
    alerts.push({
      cause: 'not-finished',
      day,
      text: `${view.open} deliveries of ${day} are still open at ${hour}:00. Look at \`paperround status --date ${day}\`.${reasonsOf(view.sending, 'digest')}`,
    })
  if (kind === 'waits-for-approval' && rules.finishedByHour !== null && hour >= rules.finishedByHour)
    alerts.push({
      cause: 'unapproved',
      day,
      text: `The edition of ${day} still waits for approval at ${hour}:00. ${words}`,
    })
  if (kind === 'paused' && state.reason === 'canary')
    alerts.push({
      cause: 'canary-stopped',
      day,
      text: `The edition of ${day} is paused. ${words}`,
    })
  if (view.twice > 0)
    alerts.push({
      cause: 'twice',
      day,
      text: `${view.twice} addresses have more than one delivery of ${day}. Pause it: \`paperround pause --date ${day}\`.`,
    })
  if (view.unaccounted !== 0)
    alerts.push({
      cause: 'miscounted',
      day,
      text: `The counts of ${day} do not add up: ${Math.abs(view.unaccounted)} deliveries ${view.unaccounted > 0 ? 'are missing' : 'are too many'}. Pause it, \`paperround pause --date ${day}\`, and look at the backup and at who else writes to the database.`,
    })
  return [...alerts, ...findSendingAlerts(day, view.sending), ...findBlockAlerts(view)]
}

function findBlockAlerts({ day, providerBlocks, deliveries }: AlertsView): Alert[] {
  return providerBlocks
    .filter(({ subscribers }) => subscribers >= deliveries * PROVIDER_BLOCK_ALERT_SHARE)
    .map((block) => blockAlert(day, block))
}

function blockAlert(day: Day, { key, domain, subscribers, words }: ProviderBlock): Alert {
  return {
    cause: 'provider-blocks',
    day,
    about: key,
    text: `${domain ?? 'A provider'} sends our mails back: those of ${subscribers} subscribers within a day. It says “${words}”. No subscriber is suppressed for it. See “A provider blocks us” in docs/runbook/bounces.md.`,
  }
}

export interface AlertsDeps {
  readonly view: () => Promise<AlertsView>
  readonly rules: AlertRules
  /** Returns true for the process that is the first to raise this alert. */
  readonly claim: (alert: Alert) => Promise<boolean>
  readonly notify: (alert: Alert) => Promise<void>
}

/** Checks once and raises new alerts. Of many processes, the first that sees an alert raises it. */
export async function checkAlerts(deps: AlertsDeps): Promise<readonly Alert[]> {
  const raised: Alert[] = []
  for (const alert of findAlerts(await deps.view(), deps.rules)) {
    if (!(await deps.claim(alert))) continue
    await deps.notify(alert)
    raised.push(alert)
  }
  return raised
}

/** A mailbox provider that sent back the mails of many subscribers within a day. */
export interface ProviderBlock {
  /** A keyed hash that identifies the provider without naming it. */
  readonly key: string
  /** The receiving domain of one of the mails; null if its subscriber was erased. */
  readonly domain: string | null
  readonly subscribers: number
  readonly since: Date
  /** The provider's most frequent reason. */
  readonly words: string
}
