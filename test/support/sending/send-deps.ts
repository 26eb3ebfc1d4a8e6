import type { Transport } from '../../../src/mail/transport.ts'
import { createBreaker } from '../../../src/pipeline/send/breaker.ts'
import type { SendDeps } from '../../../src/pipeline/send/send-deps.ts'

/** The services of one worker without a ledger: no transport is paused, and nothing is stored. */
export function aSender(transports: readonly Transport[], now: () => Date, over: Partial<SendDeps> = {}): SendDeps {
  return {
    worker: 'w',
    keysInProgress: new Set(),
    transports,
    pauses: { readPauses: async () => [], pauseTransport: async () => {}, forgetPause: async () => {} },
    deliveries: { requeueRefused: async () => {} },
    breaker: createBreaker(),
    lostAnswer: 'park',
    parcelSize: null,
    giveUpHours: 22,
    newParcelId: () => 'q',
    isStopping: () => false,
    clock: now,
    random: () => 0,
    sleep: async () => {},
    ...over,
  }
}
