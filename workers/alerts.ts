import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { ALERT_ATTEMPTS_MAX, ALERT_BACKOFF_MS, ALERT_TIMEOUT_MS, ALERTS_EVERY_MS } from '../config/limits.ts'
import { dayIn, hourIn, weekday } from '../src/domain/day.ts'
import { acceptedOf, type DeliveryState, openOf } from '../src/domain/delivery.ts'
import { type SendStatus, unaccountedOf } from '../src/ledger/reports/send-status.ts'
import { type Alert, type AlertsView, checkAlerts } from '../src/pipeline/alerts/alerts.ts'
import type { SendingView } from '../src/pipeline/alerts/sending-alerts.ts'
import type { App } from './app/app.ts'
import { startSchedules } from './app/schedules.ts'
import { sendingRulesOf } from './app/sending-rules.ts'

import type { Running } from './send.ts'

/** Looks at today's round every minute and wakes the operator: a line in the log, and a POST where one is configured. */
export function startAlerts(app: App): Running {
  return startSchedules(
    async () => {
      await checkAlertsOnce(app)
      return ALERTS_EVERY_MS
    },
    (error) => {
      app.log.warn({ reason: error.message }, 'the watch could not look; it looks again')
      return ALERTS_EVERY_MS
    },
  )
}

/** One look. */
export async function checkAlertsOnce(app: App): Promise<void> {
  const { alerts } = app.config
  await checkAlerts({
    view: () => viewOf(app),
    rules: alerts,
    claim: async (alert) => {
      const mine = randomUUID()
      return (await app.ledger.settings.saveSettingOnce(nameOf(alert), mine)) === mine
    },
    tell: async (alert) => {
      app.log.error({ day: alert.day, cause: alert.cause }, alert.text)
      if (alerts.webhookUrl !== null)
        await postAlert(alerts.webhookUrl, alert, { warn: (...words) => app.log.warn(...words), pause })
    },
  })
}

/** One row of the ledger per alarm: whoever writes it first tells it. */
function nameOf({ day, cause, about }: Alert): string {
  return ['alarm', day, cause, ...(about === undefined ? [] : [about])].join(' ')
}

async function viewOf(app: App): Promise<AlertsView> {
  const now = app.clock()
  const { timezone } = app.config.edition
  const day = dayIn(timezone, now)
  const { editions, reports } = app.ledger
  const round = await reports.readSendStatus(day, now)
  const [awaited] = await editions.readAwaited(day, day)
  const answers = (await editions.readEditionHead(day))?.reports ?? []
  return {
    day,
    hour: hourIn(timezone, now),
    weekday: weekday(day),
    edition: round?.state ?? 'none',
    awaited: awaited?.reason ?? null,
    voteless: answers.flatMap(({ source, votesMissing }) => (votesMissing === true ? [source] : [])),
    open: round?.sending === 'running' ? openOf(round.counts) : 0,
    deliveries: round === null ? 0 : Object.values(round.counts).reduce((sum, count) => sum + count, 0),
    waits: round === null ? null : waitOf(round),
    twice: await reports.countTwice(day),
    unaccounted: round === null ? 0 : unaccountedOf(round),
    providerBlocks: await reports.readProviderBlocks(now),
    sending: {
      at: now,
      waiting: await reports.readWaiting({
        ...sendingRulesOf(app),
        day: null,
        at: now,
        transactional: true,
      }),
      answers: answersOf(round),
    },
  }
}

function answersOf(round: SendStatus | null): SendingView['answers'] {
  if (round === null) return { answered: 0, refused: 0, uncertain: 0, refusedFor: null, uncertainFor: null }
  const { refused, uncertain } = round.counts
  const commonest = (of: DeliveryState) => round.reasons.find(({ state }) => state === of)?.reason ?? null
  return {
    answered: acceptedOf(round.counts) + refused + uncertain,
    refused,
    uncertain,
    refusedFor: commonest('refused'),
    uncertainFor: commonest('uncertain'),
  }
}

function waitOf(round: SendStatus): AlertsView['waits'] {
  if (round.state !== 'published' || round.sending === 'cancelled') return null
  if (round.needsApproval && round.approvedAt === null) return 'unapproved'
  return round.canary === 'stopped' && round.sending === 'paused' ? 'canary-stopped' : null
}

/**
 * `{"text": …}` is what Slack, Mattermost and most others take. A redirect is not followed: the operator named the one
 * address that may be told. Never throws: the log has the alarm already.
 */
export async function postAlert(
  url: string,
  { day, cause, text }: Alert,
  { warn, pause }: { warn: (details: object, words: string) => void; pause: (ms: number) => Promise<unknown> },
): Promise<void> {
  for (let tries = 1; tries <= ALERT_ATTEMPTS_MAX; tries += 1) {
    const failure = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text, day, cause }),
      redirect: 'manual',
      signal: AbortSignal.timeout(ALERT_TIMEOUT_MS),
    }).then(
      ({ ok, status, body }) => {
        void body?.cancel().catch(() => undefined) // Its words are of no use, and it may have no end.
        return ok ? null : `status ${status}`
      },
      (error: Error) => error.message,
    )
    if (failure === null) return
    warn({ cause, tries, reason: failure }, 'the alarm could not be posted')
    if (tries < ALERT_ATTEMPTS_MAX) await pause(ALERT_BACKOFF_MS * tries)
  }
}
