import { PROVIDER_BLOCK_ALERT_SHARE } from '../../../config/limits.ts'
import type { Day } from '../../domain/day.ts'

import { findSendingAlerts, reasonsOf, type SendingCause, type SendingView } from './sending-alerts.ts'

/** What an operator wants to be woken for. */
export interface Alert {
  /** Names the cause; one alarm goes out per cause and day. */
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
  /** Tells causes of one day apart, such as two transports or two providers; not for people. */
  readonly about?: string
  readonly text: string
}

export interface AlertsView {
  readonly day: Day
  /** Hour of EDITION_TIMEZONE, 0–23. */
  readonly hour: number
  /** ISO weekday. */
  readonly weekday: number
  readonly edition: 'none' | 'published' | 'empty' | 'failed'
  /** Why its list is still to come, in the sources' words; null: nobody has asked, or it came. */
  readonly awaited: string | null
  /** Names of the sources whose votes could not be read. */
  readonly voteless: readonly string[]
  readonly open: number
  /** Deliveries of the day, whatever became of them. */
  readonly deliveries: number
  /** Whether it waits for an operator: for the first word, or since its canary stopped it. */
  readonly waits: 'unapproved' | 'canary-stopped' | null
  readonly twice: number
  /** Deliveries that dispatch counted less those that are there: 0, at every moment. */
  readonly unaccounted: number
  readonly sending: SendingView
  /** The providers that send back what many of their subscribers should get. */
  readonly providerBlocks: readonly ProviderBlock[]
}

export interface AlertRules {
  /** null: not asked for. */
  readonly publishedByHour: number | null
  readonly finishedByHour: number | null
}

const FRIDAY = 5 // The lists are made on working days.

/** What is wrong with today's round by now. Pure. */
export function findAlerts(view: AlertsView, rules: AlertRules): Alert[] {
  const { day, hour, edition } = view
  const alerts: Alert[] = []
  const missing = edition === 'none' || edition === 'failed'
  if (missing && rules.publishedByHour !== null && hour >= rules.publishedByHour && view.weekday <= FRIDAY)
    alerts.push({
      cause: 'not-published',
      day,
      text:
        view.awaited === null
          ? `The edition of ${day} is not published at ${hour}:00, and no source was asked. Look at \`paperround status\` and the log of the publish worker.`
          : `The edition of ${day} is ${edition === 'failed' ? 'failed' : 'not published'} at ${hour}:00: ${view.awaited}. The sources are asked every 10 minutes. Look at \`paperround status\`.`,
    })
  if (view.voteless.length > 0)
    alerts.push({
      cause: 'votes-missing',
      day,
      text: `The votes of ${view.voteless.join(' and ')} could not be read for the edition of ${day}, where the last list had some: its order says nothing. Look at \`paperround edition --date ${day}\` and at what the source answers now.`,
    })
  if (view.open > 0 && rules.finishedByHour !== null && hour >= rules.finishedByHour)
    alerts.push({
      cause: 'not-finished',
      day,
      text: `${view.open} deliveries of ${day} are still open at ${hour}:00. Look at \`paperround status --date ${day}\`.${reasonsOf(view.sending, 'digest')}`,
    })
  if (view.waits === 'unapproved' && rules.finishedByHour !== null && hour >= rules.finishedByHour)
    alerts.push({
      cause: 'unapproved',
      day,
      text: `The edition of ${day} still waits for approval at ${hour}:00. Approve it at /admin or with \`paperround approve --date ${day}\`.`,
    })
  if (view.waits === 'canary-stopped')
    alerts.push({
      cause: 'canary-stopped',
      day,
      text: `The edition of ${day} has stopped after its canary: too many bounces or complaints. Look at /admin; \`paperround resume --date ${day}\` sends to the others all the same.`,
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
  /** True for the first to raise this alarm; it is remembered for all processes. */
  readonly claim: (alert: Alert) => Promise<boolean>
  readonly tell: (alert: Alert) => Promise<void>
}

/** One round of the watch: each alarm is told once, whoever sees it first. */
export async function checkAlerts(deps: AlertsDeps): Promise<readonly Alert[]> {
  const told: Alert[] = []
  for (const alert of findAlerts(await deps.view(), deps.rules)) {
    if (!(await deps.claim(alert))) continue
    await deps.tell(alert)
    told.push(alert)
  }
  return told
}

/** One provider that sent the letters of many subscribers back within a day. */
export interface ProviderBlock {
  /** Names the provider without saying who it is: a keyed hash. */
  readonly key: string
  /** The receiving domain of one of the letters; null when its subscriber was erased. */
  readonly domain: string | null
  readonly subscribers: number
  readonly since: Date
  /** The words that the provider used most often. */
  readonly words: string
}
