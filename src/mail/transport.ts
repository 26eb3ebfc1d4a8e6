import type { Fragments } from '../rendering/fragment.ts'
import type { Outcome } from './outcome.ts'

export const TRANSPORT_NAMES = ['outbox', 'smtp', 'resend'] as const
export type TransportName = (typeof TRANSPORT_NAMES)[number]

/** One mail, complete: a pure function of frozen ledger rows, so that a repeat is byte for byte the same. */
export interface Message {
  /** Delivery or mail id; unique in this installation, safe in file names and tags. */
  readonly id: string
  readonly to: string
  readonly from: Mailbox
  readonly replyTo: Mailbox | null
  /** Envelope sender (RFC 5321 §4.4) by which a bounce is known; null: the sender's own address. SMTP only. */
  readonly returnPath: string | null
  readonly subject: string
  readonly html: string
  readonly text: string
  /** The same two parts in pieces, where many letters share them: a transport encodes each piece once. */
  readonly fragments?: { readonly html: Fragments; readonly text: Fragments }
  /** Without angle brackets. */
  readonly messageId: string
  /** When the letter was frozen; the Date header where the transport writes one. */
  readonly date: Date
  /** Further headers, in order: List-Id, List-Unsubscribe, List-Unsubscribe-Post, Feedback-ID, Auto-Submitted … */
  readonly headers: Readonly<Record<string, string>>
  /** Provider tags; names and values are `[A-Za-z0-9_-]`. `message` is the VERP mark that ties a provider’s report to the message. */
  readonly tags: Readonly<Record<string, string>>
}

export interface Mailbox {
  readonly name: string | null
  readonly address: string
}

/** The letters that one provider call carries, and the key under which it may be repeated. */
export interface Parcel {
  readonly key: string
  readonly messages: readonly Message[]
}

/** An adapter for an email provider. */
export interface Transport {
  readonly name: TransportName
  /** How many letters one call should carry; PARCEL_SIZE overrides it. */
  readonly parcelSize: number
  /** How long, in ms, the same key with the same bytes is recognised; 0 when it never is. */
  readonly keyLifeMs: number
  /** What a key stands for: the whole parcel, so that other members under it are turned away, or each letter. */
  readonly keyCovers: 'parcel' | 'message'
  /**
   * Resolves when one more call can begin without waiting for others, and returns the function that ends its turn. Absent
   * where calls never wait for each other. `send` may be called without it.
   */
  readonly enter?: () => Promise<() => void>
  /**
   * Sends, and answers with one outcome per letter, in order. Never throws for what the
   * provider or the network does; stops by itself after SEND_TIMEOUT_MS.
   */
  send(parcel: Parcel): Promise<readonly Outcome[]>
  /** A harmless call that shows whether the provider is there and the credentials hold. */
  check(): Promise<TransportCheck>
  close(): Promise<void>
}

export type TransportCheck =
  | { readonly ok: true; readonly note: string }
  | { readonly ok: false; readonly remedy: string }
