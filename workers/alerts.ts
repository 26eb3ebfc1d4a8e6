import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { ALERT_ATTEMPTS_MAX, ALERT_BACKOFF_MS, ALERT_TIMEOUT_MS, ALERTS_EVERY_MS } from '../config/limits-processes.ts'
import { dayIn, hourIn, weekday } from '../src/domain/day.ts'
import { acceptedOf, type DeliveryState, openOf } from '../src/domain/delivery.ts'
import { type SendStatus, unaccountedOf } from '../src/ledger/reports/send-status.ts'
import { type Alert, type AlertsView, checkAlerts } from '../src/pipeline/alerts/alerts.ts'
import type { SendingView } from '../src/pipeline/alerts/sending-alerts.ts'
import type { App } from './app/app.ts'
import { startSchedules } from './app/schedules.ts'
import { sendingRulesOf } from './app/sending-rules.ts'
import type { Running } from './send.ts'

/** Checks today's send every minute. Alerts go to the log and, if one is configured, to a webhook. */
export function startAlerts(app: App): Running {
  return startSchedules(
    async () => {
      await checkAlertsOnce(app)
      return ALERTS_EVERY_MS
    },
    (error) => {
      app.log.warn({ reason: error.message }, 'could not check for alerts; trying again soon')
      return ALERTS_EVERY_MS
    },
  )
}

/** Runs one check. */
export async function checkAlertsOnce(app: App): Promise<void> {
  const { alerts } = app.config
  await checkAlerts({
    view: () => viewOf(app),
    rules: alerts,
    claim: async (alert) => {
      const mine = randomUUID()
      return (await app.ledger.settings.saveSettingOnce(nameOf(alert), mine)) === mine
    },
    notify: async (alert) => {
      app.log.error({ day: alert.day, cause: alert.cause }, alert.text)
      if (alerts.webhookUrl !== null)
        await postAlert(alerts.webhookUrl, alert, { warn: (...words) => app.log.warn(...words), pause })
    },
  })
}

/** Returns the name of the alert's row in the ledger. The process that writes the row sends the alert. */
function nameOf({ day, cause, about }: Alert): string {
  return ['alarm', day, cause, ...(about === undefined ? [] : [about])].join(' ')
}

async function viewOf(app: App): Promise<AlertsView> {
  const now = app.clock()
  const { timezone } = app.config.edition
  const day = dayIn(timezone, now)
  const { editions, reports } = app.ledger
  const { state, status: send } = await reports.readSend({ ...sendingRulesOf(app), day, at: now })
  const answers = (await editions.readEditionHead(day))?.reports ?? []
  return {
    day,
    hour: hourIn(timezone, now),
    weekday: weekday(day),
    state,
    voteless: answers.flatMap(({ source, votesMissing }) => (votesMissing === true ? [source] : [])),
    open: send?.sending === 'running' ? openOf(send.counts) : 0,
    deliveries: send === null ? 0 : Object.values(send.counts).reduce((sum, count) => sum + count, 0),
    twice: await reports.countTwice(day),
    unaccounted: send === null ? 0 : unaccountedOf(send),
    providerBlocks: await reports.readProviderBlocks(now),
    sending: {
      at: now,
      waiting: await reports.readWaiting({
        ...sendingRulesOf(app),
        day: null,
        at: now,
        transactional: true,
      }),
      answers: answersOf(send),
    },
  }
}

function answersOf(send: SendStatus | null): SendingView['answers'] {
  if (send === null) return { answered: 0, refused: 0, uncertain: 0, refusedFor: null, uncertainFor: null }
  const { refused, uncertain } = send.counts
  const commonest = (of: DeliveryState) => send.reasons.find(({ state }) => state === of)?.reason ?? null
  return {
    answered: acceptedOf(send.counts) + refused + uncertain,
    refused,
    uncertain,
    refusedFor: commonest('refused'),
    uncertainFor: commonest('uncertain'),
  }
}

/**
 * Posts an alert as `{"text": …}`, the format of Slack, Mattermost and most others. It does not follow redirects, because the
 * operator chose this one address. It never throws: the log has the alert already.
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
        void body?.cancel().catch(() => undefined) // The body is not needed, and it may be endless.
        return ok ? null : `status ${status}`
      },
      (error: Error) => error.message,
    )
    if (failure === null) return
    warn({ cause, tries, reason: failure }, 'could not post the alert')
    if (tries < ALERT_ATTEMPTS_MAX) await pause(ALERT_BACKOFF_MS * tries)
  }
}
