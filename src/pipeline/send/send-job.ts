import type { ClaimedSend } from '../../domain/parcel.ts'
import type { PauseKind } from '../../mail/outcome.ts'
import type { Message } from '../../mail/transport.ts'
import type { Settlement } from './settlement.ts'

/** The worker, the times and the transport of a claim. */
export interface ClaimTimes {
  readonly worker: string
  readonly at: Date
  /**
   * Claims of workers that were not seen since then, and claims older than `staleBefore`, may be repeated. So may the
   * worker's own claims, because it never asks for a message that it is working on.
   */
  readonly silentBefore: Date
  readonly staleBefore: Date
  /** The transport for messages that had no call yet. Other messages stay with their own transport. */
  readonly transport: string
  /** How many messages fit into one call of this transport. */
  readonly membersMax: number
  /**
   * Whether its messages are claimed before a connection is free. Then the claim does not count as a call yet; `begin`
   * records the call.
   */
  readonly ahead: boolean
}

export type SendClaim<C> =
  | {
      readonly kind: 'claimed'
      readonly claimed: C
      /** Composes the messages of all members, in order. */
      readonly compose: () => Promise<readonly Message[]>
      /** Parcels that the claim split off because fewer messages fit into one call of its transport. */
      readonly spare: readonly string[]
    }
  | { readonly kind: 'settled' }
  | { readonly kind: 'wait'; readonly at: Date; readonly why: string }

/** How one kind of message is claimed, composed and settled. Digests and transactional emails differ only in this. */
export interface SendJob<C extends ClaimedSend, V extends SendView> {
  /** The idempotency key of its provider calls. */
  readonly key: string
  /** Returns null if it is settled. */
  readonly find: () => Promise<V | null>
  /** Calls `times` right before it claims, because the time between claim and call is limited. */
  readonly claim: (view: V, times: () => ClaimTimes) => Promise<SendClaim<C>>
  /**
   * Records that the call of a message that was claimed ahead begins now. Returns false if it must not begin: the claim is
   * lost, the transport or the edition is paused, or the subscriber has left or changed since. Without it, messages are claimed
   * when a connection is free.
   */
  readonly begin?: (claimed: C, at: Date) => Promise<boolean>
  readonly settle: (
    claimed: C,
    settlements: readonly Settlement[],
    at: Date,
  ) => Promise<{ readonly retry: readonly Retry[] }>
}

export interface SendView {
  /** The transport of an earlier call, if there may have been one. */
  readonly boundTo: string | null
}

/** A parcel or a transactional email that needs a job at `at`. */
export interface Retry {
  readonly id: string
  readonly at: Date
}

export type SendResult =
  | { readonly kind: 'settled' }
  /** It cannot be sent now. Try again at `at`. */
  | { readonly kind: 'wait'; readonly at: Date; readonly why: string }
  /** Each of these needs a job: the same one, or new ones that were split from it. */
  | { readonly kind: 'retry'; readonly retry: readonly Retry[]; readonly why: string }

/** The pause of a transport. It is stored after its end, until the transport sends again. */
export interface TransportPause {
  readonly transport: string
  readonly until: Date
  readonly reason: string
  readonly kind: PauseKind
  /** When the transport began to fail. Pauses in close succession are one failure. */
  readonly since: Date
  /** How many pauses came before this one without a success in between. */
  readonly repeats: number
}

export type PauseOptions = Pick<TransportPause, 'transport' | 'kind' | 'until' | 'reason'> & { readonly at: Date }
