import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Gauge, Registry } from 'prom-client'
import type { SendProgress } from '../ledger/reports/progress.ts'
import { WAITING_REASONS, type Waiting } from '../pipeline/alerts/waiting.ts'
import { SEND_STATES, type SendState } from '../pipeline/state/send-state.ts'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/log/log.ts'
import { isSameSecret } from '../security/same-secret.ts'

/** State of the installation for `/readyz` and `/metrics`. */
export interface Readiness {
  /** Empty if everything works. */
  readonly faults: readonly string[]
  /** Null when the ledger does not answer. */
  readonly progress: SendProgress | null
  /** The state of the current edition; null when the ledger does not answer. */
  readonly state: SendState['kind'] | null
  /** Reasons why deliveries wait, over all days. */
  readonly waiting: readonly Waiting[]
  /** Reports of providers and mail servers in the last two days, and suppressed addresses. */
  readonly reports: readonly { readonly kind: string; readonly count: number }[]
  /** Bounce messages of the last two days that no parser understood. */
  readonly notUnderstood: number
  /** When stars were last read from GitHub, or null. */
  readonly starsReadAt: Date | null
  readonly suppressions: readonly { readonly reason: string; readonly count: number }[]
  readonly queues: readonly {
    readonly name: string
    readonly waiting: number
    readonly active: number
    readonly delayed: number
  }[]
}

export interface HealthDeps {
  readonly readiness: () => Promise<Readiness>
  /** Metrics that this process counts itself. */
  readonly registry: Registry
  /** Null: `/metrics` is not served. */
  readonly metricsToken: string | null
  readonly clock: Clock
  readonly log: Logger
}

/**
 * `/healthz` (the process runs), `/readyz` (ledger and queue answer, sending makes progress) and `/metrics` (behind a
 * token). `/readyz` answers only yes or no, and names the faults to callers with the token of `/metrics`.
 */
export function addHealth(web: FastifyInstance, deps: HealthDeps): void {
  const { readiness, metricsToken } = deps
  const isOperator = ({ headers }: FastifyRequest) =>
    metricsToken !== null && isSameSecret(headers.authorization ?? '', `Bearer ${metricsToken}`)
  const logFaults = createFaultLog(deps.log)
  web.get('/healthz', async () => ({ ok: true }))
  web.get('/readyz', async (request, reply) => {
    const { faults } = await readiness().catch((error: Error) => ({ faults: [`readiness: ${error.message}`] }))
    logFaults(faults)
    const ok = faults.length === 0
    // Faults contain host names and driver messages, which are not for the public.
    return reply
      .status(ok ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(isOperator(request) ? { ok, faults } : { ok })
  })
  web.get('/metrics', async (request, reply) => {
    if (!isOperator(request)) {
      const status = metricsToken === null ? 404 : 401
      return reply.status(status).type('text/plain').send('This page needs a bearer token.\n')
    }
    const own = await deps.registry.metrics()
    return reply.type('text/plain; version=0.0.4').send(own + (await sharedMetrics(await readiness(), deps.clock())))
  })
}

/** Logs faults only when the list of broken parts changes, so that frequent probes do not fill the disk. */
function createFaultLog(log: Logger): (faults: readonly string[]) => void {
  let last = ''
  return (faults) => {
    const names = faults.map((fault) => fault.split(':')[0]).join()
    if (names !== last && names !== '') log.warn({ faults }, 'not ready')
    last = names
  }
}

/** Metrics from the ledger and the queue. They are the same for every process, so they are read and not counted. */
async function sharedMetrics(
  { faults, progress, state, waiting, reports, notUnderstood, starsReadAt, suppressions, queues }: Readiness,
  now: Date,
): Promise<string> {
  const registry = new Registry()
  const gauge: MakeGauge = (name, help, labelNames = []) => new Gauge({ name, help, labelNames, registers: [registry] })
  gauge('paperround_up', 'Whether ledger and queue answer and sending makes progress.').set(faults.length === 0 ? 1 : 0)
  const states = gauge('paperround_deliveries', 'Deliveries of the last two days by state.', ['state'])
  for (const { state, count } of progress?.deliveries ?? []) states.set({ state }, count)
  gauge(
    'paperround_deliveries_unaccounted',
    'Deliveries of the last two days that are unaccounted for; 0 when all is well.',
  ).set(progress?.unaccounted ?? 0)
  const age = (at: Date | null | undefined) =>
    at === null || at === undefined ? 0 : (now.getTime() - at.getTime()) / 1_000
  gauge('paperround_oldest_open_seconds', 'Age of the oldest delivery that may be sent; 0 when none is open.').set(
    age(progress?.oldestOpenAt),
  )
  gauge('paperround_edition_age_seconds', 'How long ago the newest edition was published.').set(
    age(progress?.newestEditionAt),
  )
  const editionState = gauge('paperround_edition_state', '1 for the state of the current edition, 0 for all others.', [
    'state',
  ])
  for (const kind of SEND_STATES) editionState.set({ state: kind }, kind === state ? 1 : 0)
  gauge('paperround_holds', 'Transports that are paused for rate, quota or an outage.').set(
    progress?.pausedTransports ?? 0,
  )
  addWaiting(gauge, waiting)
  const providerReports = gauge('paperround_provider_reports', 'Reports on messages of the last two days by kind.', [
    'kind',
  ])
  for (const { kind, count } of reports) providerReports.set({ kind }, count)
  gauge(
    'paperround_returned_mails_not_understood',
    'Bounce messages of the last two days that were not understood.',
  ).set(notUnderstood)
  gauge('paperround_stars_age_seconds', 'How long ago stars were last read from GitHub; 0 if never.').set(
    age(starsReadAt),
  )
  const suppressed = gauge('paperround_suppressions', 'Addresses that are never emailed, by reason.', ['reason'])
  for (const { reason, count } of suppressions) suppressed.set({ reason: reason.split(':')[0] ?? '' }, count)
  const jobs = gauge('paperround_jobs', 'Jobs in the queue.', ['queue', 'state'])
  for (const { name, waiting, active, delayed } of queues) {
    jobs.set({ queue: name, state: 'waiting' }, waiting)
    jobs.set({ queue: name, state: 'active' }, active)
    jobs.set({ queue: name, state: 'delayed' }, delayed)
  }
  return registry.metrics()
}

type MakeGauge = (name: string, help: string, labelNames?: string[]) => Gauge

/** Reasons why deliveries wait; 0 for each reason that does not apply. */
function addWaiting(gauge: MakeGauge, waiting: readonly Waiting[]): void {
  const paused = gauge('paperround_transport_paused', '1 while a transport is paused, by cause.', ['transport', 'kind'])
  const digests = gauge('paperround_deliveries_waiting', 'Digests that wait, by reason.', ['why'])
  const notices = gauge('paperround_notices_waiting', 'Transactional emails that wait, by reason.', ['why'])
  for (const why of WAITING_REASONS) {
    digests.set({ why }, 0)
    notices.set({ why }, 0)
  }
  for (const { why, mail, count, transport, kind } of waiting) {
    if (mail === 'transactional') notices.inc({ why }, count)
    else digests.inc({ why }, count)
    if (transport !== null && kind !== null) paused.set({ transport, kind }, 1)
  }
}
