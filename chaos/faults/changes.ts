/** A text in the built program and its replacement in the harness’s processes. */
export interface ChaosChange {
  readonly file: string
  readonly from: string
  readonly to: string
}

export type Mutation = 'no-key' | 'settle-first' | 'unguarded' | 'late-key'

/** Broken protocols. The harness must report them; a harness that cannot fail proves nothing. */
export const MUTATIONS: Readonly<Record<Mutation, readonly ChaosChange[]>> = {
  'no-key': [
    {
      file: '/src/mail/resend/transport.js',
      from: 'idempotencyKey: key',
      to: 'idempotencyKey: globalThis.crypto.randomUUID()',
    },
  ],
  'settle-first': [
    {
      file: '/src/pipeline/send/attempt.js',
      from: 'const outcomes = canCall',
      to: `await job.settle(claimed, claimed.members.map(
        ({ deliveryId }) => ({ kind: 'sent', deliveryId, providerId: null })), deps.clock());
      const outcomes = canCall`,
    },
  ],
  // Every claim succeeds, and treats the parcel as not started.
  unguarded: [
    { file: '/src/ledger/deliveries/claim/claim.js', from: "row.state === 'sending' && row.alive", to: 'false' },
    { file: '/src/ledger/deliveries/claim/reclaim.js', from: 'repeat: true', to: 'repeat: false' },
  ],
  // A key never expires. Only a run in which a day passes shows it.
  'late-key': [
    {
      file: '/src/pipeline/send/settle-outcome.js',
      from: 'now.getTime() - firstCallAt.getTime() < transport.keyLifeMs',
      to: '0 < transport.keyLifeMs',
    },
  ],
}

const limit = (name: string, from: string, to: number | string): ChaosChange => ({
  file: '/config/limits.js',
  from: `${name} = ${from};`,
  to: `${name} = ${to};`,
})

/** The retry schedule is this many times as fast with `--hurry`. */
export const HURRIED_MINUTES = 200

/** Shorter waits, so that a short run has as many events as a long one. */
export const HURRY: readonly ChaosChange[] = [
  limit('WORKER_HEARTBEAT_MS', '3_000', 500),
  limit('WORKER_SILENT_MS', '20_000', 4_000),
  limit('SEND_CALL_TIMEOUT_MS', '10_000', 2_000),
  limit('JOB_LOCK_MS', '20_000', 4_000),
  limit('JOB_STALLED_CHECK_MS', '10_000', 2_000),
  limit('JOB_BACKOFF_MS_MAX', '30_000', 2_000),
  limit('RECONCILE_EVERY_MS', '60_000', 2_000),
  limit('SEND_TIMEOUT_MS', '60_000', 4_000),
  limit('SEND_BACKOFF_MS', '2_000', 300),
  limit('SEND_BACKOFF_MS_MAX', '15 * 60_000', 2_000),
  limit('DEFERRED_RETRY_MINUTES', '[1, 6, 15, 30, 60]', '[0.005, 0.03, 0.075, 0.15, 0.3]'),
  limit('TRANSPORT_PAUSE_DOWN_MS', '60_000', 2_000),
  limit('TRANSPORT_PAUSE_LOST_MS', '5_000', 500),
  limit('TRANSPORT_PAUSE_DOWN_MS_MAX', '16 * 60_000', 8_000),
  limit('SETTLE_RETRY_MS', '1_000', 200),
  limit('SMTP_GROWTH_INTERVAL_MS', '30_000', 2_000),
  limit('SMTP_IDLE_REDUCED_MS', '2_000', 500),
  limit('SMTP_CONNECT_RETRY_MS_MAX', '5_000', 500),
  limit('SMTP_NO_CONNECTION_RETRY_MS', '30_000', 500),
]
