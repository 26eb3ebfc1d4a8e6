import type { Fragments } from '../rendering/fragment.ts'
import type { Outcome } from './outcome.ts'

export const TRANSPORT_NAMES = ['outbox', 'smtp', 'resend'] as const
export type TransportName = (typeof TRANSPORT_NAMES)[number]

/** A complete message. It is a pure function of frozen ledger rows, so that a retry has the same bytes. */
export interface Message {
  /** Unique in this installation, and safe in file names and tags. */
  readonly id: string
  readonly to: string
  readonly from: Mailbox
  readonly replyTo: Mailbox | null
  /** Envelope sender (RFC 5321 §4.4) that identifies a bounce; null for the sender's own address. SMTP only. */
  readonly returnPath: string | null
  readonly subject: string
  readonly html: string
  readonly text: string
  /** The same two parts as shared fragments, which a transport encodes only once. */
  readonly fragments?: { readonly html: Fragments; readonly text: Fragments }
  /** Without angle brackets. */
  readonly messageId: string
  /** The time at which the message was frozen; the Date header where the transport writes one. */
  readonly date: Date
  /** More headers, in order: List-Id, List-Unsubscribe, List-Unsubscribe-Post, Feedback-ID, Auto-Submitted … */
  readonly headers: Readonly<Record<string, string>>
  /** Provider tags; names and values are `[A-Za-z0-9_-]`. `message` is the signed id that identifies the message in a report. */
  readonly tags: Readonly<Record<string, string>>
}

export interface Mailbox {
  readonly name: string | null
  readonly address: string
}

/** The messages of one provider call, and the idempotency key for retries. */
export interface Parcel {
  readonly key: string
  readonly messages: readonly Message[]
}

/** An adapter for an email provider. */
export interface Transport {
  readonly name: TransportName
  /** Default number of messages per call; PARCEL_SIZE overrides it. */
  readonly parcelSize: number
  /** How long the provider recognises a key, in milliseconds; 0 when it has no keys. */
  readonly keyLifeMs: number
  /** Whether a key is valid for exactly one parcel, or for each message alone. */
  readonly keyCovers: 'parcel' | 'message'
  /**
   * Resolves when one more call can start without waiting for a connection. The caller calls the returned function at its
   * end; calling it again does nothing. `first` puts the caller before all that wait. Missing where calls never wait for each
   * other. `send` may be called without it.
   */
  readonly enter?: (options?: { readonly first: boolean }) => Promise<() => void>
  /** Sends a parcel and returns one outcome per message, in order. Never throws for a fault of the provider or the network. */
  send(parcel: Parcel): Promise<readonly Outcome[]>
  /** Checks without sending that the provider answers and accepts the credentials. */
  check(): Promise<TransportCheck>
  close(): Promise<void>
}

export type TransportCheck =
  | { readonly ok: true; readonly note: string }
  /** \`passing\`: the provider or the network is down, so that a second try may succeed. */
  | { readonly ok: false; readonly remedy: string; readonly passing?: boolean }
