import type { DispatchDeps } from '../../../src/pipeline/dispatch.ts'

/** Returns the stores and services of a dispatch, with an empty ledger and without a queue. */
export function aDispatch(over: Partial<DispatchDeps> = {}): DispatchDeps {
  return {
    dispatches: {
      allocateQuota: async () => ({ share: { kind: 'all' }, leftOut: 0 }),
      writePage: async () => ({ kind: 'page', parcelIds: [], subscribers: 0, after: '0', more: false }),
      countOpen: async () => ({ due: 0, deferred: 0 }),
    },
    subscribers: { resumeDueSubscribers: async () => 0 },
    queues: { add: async () => {} },
    refreshVotes: async () => {},
    warmUp: null,
    parcelSize: 100,
    newParcelId: () => 'p',
    clock: () => new Date('2026-11-24T06:00:00Z'),
    pause: async () => {},
    waitForWindow: false,
    ...over,
  }
}
