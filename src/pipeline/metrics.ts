import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Outcome } from '../mail/outcome.ts'
import type { Transport } from '../mail/transport.ts'
import type { Clock } from '../platform/clock.ts'

/** Counts the work of one process for Prometheus. Each process has its own registry. */
export interface Metrics {
  readonly registry: Registry
  /** Wraps a transport to time its calls and count its outcomes. */
  watch(transport: Transport): Transport
  /** Records that a job ended `seconds` after it was due. */
  jobAge(queue: string, seconds: number): void
  /** Records that a provider's event came `seconds` after it happened. */
  webhookLag(seconds: number): void
}

// From a quick answer to the longest possible wait (SEND_TIMEOUT_MS).
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
    help: 'Messages by the answer of the provider; `code` is the word or number in the answer.',
    labelNames: ['transport', 'kind', 'code'],
    registers,
  })
  const ages = new Histogram({
    name: 'paperround_job_age_seconds',
    help: 'Time from when a job was due until it was done.',
    labelNames: ['queue'],
    buckets: AGE_SECONDS,
    registers,
  })
  const lag = new Gauge({
    name: 'paperround_webhook_lag_seconds',
    help: 'Age of the newest webhook event when it came.',
    registers,
  })
  return {
    registry,
    watch: (transport) => ({
      ...transport,
      async send(parcel) {
        const begun = clock().getTime()
        const answer = await transport.send(parcel)
        calls.observe({ transport: transport.name }, Math.max(0, clock().getTime() - begun) / 1_000)
        for (const outcome of answer)
          outcomes.inc({ transport: transport.name, kind: outcome.kind, code: codeOf(outcome) })
        return answer
      },
    }),
    jobAge: (queue, seconds) => ages.observe({ queue }, Math.max(0, seconds)),
    webhookLag: (seconds) => lag.set(Math.max(0, seconds)),
  }
}

/** Returns the provider's code in a reason, such as `rate_limit_exceeded` or `550`, and never an address. */
function codeOf(outcome: Outcome): string {
  if (outcome.kind === 'accepted') return ''
  return REASON_CODE.exec(outcome.reason)?.[1] ?? 'other'
}
