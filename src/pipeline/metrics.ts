import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Outcome } from '../mail/outcome.ts'
import type { Transport } from '../mail/transport.ts'
import type { Clock } from '../platform/clock.ts'

/** What a process counts of its own work, for Prometheus. One registry a process; nothing is shared. */
export interface Metrics {
  readonly registry: Registry
  /** The same transport, with its calls timed and its outcomes counted. */
  watch(transport: Transport): Transport
  /** A job ended `seconds` after it was due. */
  jobAge(queue: string, seconds: number): void
  /** A provider's event was taken in `seconds` after it happened. */
  webhookLag(seconds: number): void
}

// From a quick answer to the longest that is waited for (SEND_TIMEOUT_MS).
const CALL_SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
const AGE_SECONDS = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600]
const REASON_CODE = /\b([245]\d\d|[a-z]+(?:_[a-z]+){1,5})\b/

export function createMetrics(clock: Clock): Metrics {
  const registry = new Registry()
  // Memory, CPU, garbage collection and `nodejs_eventloop_lag_*`.
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const calls = new Histogram({
    name: 'paperround_provider_call_seconds',
    help: 'Time of one provider call.',
    labelNames: ['transport'],
    buckets: CALL_SECONDS,
    registers,
  })
  const outcomes = new Counter({
    name: 'paperround_outcomes_total',
    help: 'Letters by what the provider answered; `code` is its own word or number.',
    labelNames: ['transport', 'kind', 'code'],
    registers,
  })
  const ages = new Histogram({
    name: 'paperround_job_age_seconds',
    help: 'How long after it was due a job was done.',
    labelNames: ['queue'],
    buckets: AGE_SECONDS,
    registers,
  })
  const lag = new Gauge({
    name: 'paperround_webhook_lag_seconds',
    help: 'How long ago the newest webhook event had happened when it came.',
    registers,
  })
  return {
    registry,
    watch: (transport) => ({
      ...transport,
      async send(parcel) {
        const begun = clock().getTime()
        const answered = await transport.send(parcel)
        calls.observe({ transport: transport.name }, Math.max(0, clock().getTime() - begun) / 1_000)
        for (const outcome of answered)
          outcomes.inc({ transport: transport.name, kind: outcome.kind, code: codeOf(outcome) })
        return answered
      },
    }),
    jobAge: (queue, seconds) => ages.observe({ queue }, Math.max(0, seconds)),
    webhookLag: (seconds) => lag.set(Math.max(0, seconds)),
  }
}

/** The provider's code in a reason: `rate_limit_exceeded`, `550`. Never an address: labels live as long as the process. */
function codeOf(outcome: Outcome): string {
  if (outcome.kind === 'accepted') return ''
  return REASON_CODE.exec(outcome.reason)?.[1] ?? 'other'
}
