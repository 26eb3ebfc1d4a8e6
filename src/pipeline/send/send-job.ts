import type { ClaimedSend } from '../../domain/parcel.ts'
import type { PauseKind } from '../../mail/outcome.ts'
import type { Message } from '../../mail/transport.ts'
import type { Settlement } from './settlement.ts'

/** When and for whom a claim is made. Every ledger query of a claim takes these. */
export interface ClaimTimes {
  readonly worker: string
  readonly at: Date
  /**
   * Claims of workers not seen since then, and claims older than `staleBefore`, may be repeated; and so may this
   * worker's own, because it asks only for what it is not at work on.
   */
  readonly silentBefore: Date
  readonly staleBefore: Date
  /** Binds what was never called; what was called stays with its own transport. */
  readonly transport: string
  /** How many messages one call of this transport carries. */
  readonly membersMax: number
}

export type SendClaim<C> =
  | {
      readonly kind: 'claimed'
      readonly claimed: C
      /** Makes the messages of all members, in order. */
      readonly compose: () => Promise<readonly Message[]>
      /** Parcels that the claim split off because its transport carries fewer messages in one call. */
      readonly spare: readonly string[]
    }
  | { readonly kind: 'settled' }
  | { readonly kind: 'wait'; readonly at: Date; readonly why: string }

/** How one kind of mail is claimed, composed and settled: digests and transactional mails differ in this alone. */
export interface SendJob<C extends ClaimedSend, V extends SendView> {
  /** The idempotency key of its provider calls. */
  readonly key: string
  /** null when it is settled. */
  readonly peek: () => Promise<V | null>
  /** Asks for `times` right before it claims, because the time between claim and call is bounded. */
  readonly claim: (view: V, times: () => ClaimTimes) => Promise<SendClaim<C>>
  readonly settle: (
    claimed: C,
    settlements: readonly Settlement[],
    at: Date,
  ) => Promise<{ readonly retry: readonly Retry[] }>
}

export interface SendView {
  /** The transport of a call that may have been made. */
  readonly boundTo: string | null
}

/** A parcel or a transactional mail that needs a job at `at`. */
export interface Retry {
  readonly id: string
  readonly at: Date
}

export type SendResult =
  | { readonly kind: 'settled' }
  /** It cannot be sent now; come back at `at`. */
  | { readonly kind: 'wait'; readonly at: Date; readonly why: string }
  /** These, the same one or new ones split from it, each need a job. */
  | { readonly kind: 'retry'; readonly retry: readonly Retry[]; readonly why: string }

/** A transport that must not be called until `until`, or one whose pause is over and that has not sent since. */
export interface TransportPause {
  readonly transport: string
  readonly until: Date
  readonly reason: string
  readonly kind: PauseKind
  /** When it began to fail. Pauses that follow each other closely are one failure. */
  readonly since: Date
  /** How many pauses came before this one without a success between them. */
  readonly repeats: number
}

export type PauseOptions = Pick<TransportPause, 'transport' | 'kind' | 'until' | 'reason'> & { readonly at: Date }
