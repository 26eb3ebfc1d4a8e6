import type { DeliveryState } from '../domain/delivery.ts'
import type { SuppressionReason } from '../domain/suppression.ts'
import type { ReplyBlame } from './reply/blame.ts'

/** A letter of ours: a digest to one reader, or a notice such as a confirmation. */
export interface MessageRef {
  readonly kind: 'delivery' | 'notice'
  readonly id: string
}

/**
 * What a provider or a mail server may report of a letter, weakest first. The strongest that was ever reported is
 * what became of the letter, so the order in which reports come in does not matter.
 */
export const PROVIDER_EVENT_KINDS = [
  'sent',
  'delayed',
  'soft-bounced',
  'delivered',
  'failed',
  'suppressed',
  'bounced',
  'complained',
] as const
export type ProviderEventKind = (typeof PROVIDER_EVENT_KINDS)[number]

export interface ProviderEvent {
  /** Unique over all sources; a repeat has the same. */
  readonly id: string
  readonly source: 'resend' | 'mail'
  readonly kind: ProviderEventKind
  /** By the mark that the letter carried; null when the report shows none. */
  readonly message: MessageRef | null
  /** What the provider calls the letter. */
  readonly providerId: string | null
  /** Whether the report could be of a letter of ours that does not show its mark. */
  readonly mayBeOurs: boolean
  /** In words, without any address. */
  readonly reason: string | null
  /** Of a soft bounce: the party that the words blame. Without it the bounce counts against the address. */
  readonly blame?: ReplyBlame | null
  /** Of a soft bounce: the server that refused the letter, where the report names it. */
  readonly host?: string | null
  readonly occurredAt: Date
}

/** A fault of ours that a report tells of, such as a quota that is used up: the provider must not be called until then. */
export interface ReportedPause {
  readonly transport: string
  readonly kind: 'quota' | 'sender'
  readonly until: Date
  readonly reason: string
}

/** A report from outside, opened: an event, something to be counted or passed over, or nothing that may be believed. */
export type OpenedReport =
  | { readonly kind: 'event'; readonly event: ProviderEvent; readonly pause?: ReportedPause }
  /** Genuine, of a type that nobody knew when this was written. */
  | { readonly kind: 'unknown'; readonly id: string; readonly type: string }
  /** Genuine, of a type that is none of our business: who opened what is not stored. */
  | { readonly kind: 'ignored' }
  | { readonly kind: 'refused'; readonly status: 400 | 401; readonly why: string }

export interface Effect {
  /** The state of the delivery, where the move is legal. */
  readonly state: DeliveryState
  /** Why the address is never mailed again, or null when it may be. */
  readonly suppress: SuppressionReason | null
  /** What it means for the count of letters in a row that came back for now. */
  readonly softBounces: 'add' | 'reset' | null
  /** Whether the record of events says so: troubles do, the ordinary course does not. */
  readonly problem: boolean
}

const quiet = { suppress: null, softBounces: null, problem: false } as const

/**
 * What each report does. A letter that came back for now stays `sent`: some servers say so of an automatic answer,
 * though the letter arrived. One that the provider failed to send, or would not, never reached its reader: `bounced`,
 * with the reason in its own words. Permanent bounces and complaints end mailing at once (Gmail and Yahoo sender
 * guidelines; M3AAWG Sender Best Common Practices §4).
 */
export const EFFECTS: Readonly<Record<ProviderEventKind, Effect>> = {
  sent: { ...quiet, state: 'sent' },
  delayed: { ...quiet, state: 'sent' },
  'soft-bounced': { state: 'sent', suppress: null, softBounces: 'add', problem: true },
  delivered: { ...quiet, state: 'delivered', softBounces: 'reset' },
  failed: { state: 'bounced', suppress: null, softBounces: null, problem: true },
  suppressed: { state: 'bounced', suppress: 'provider', softBounces: null, problem: true },
  bounced: { state: 'bounced', suppress: 'bounced', softBounces: null, problem: true },
  complained: { state: 'complained', suppress: 'complained', softBounces: null, problem: true },
}

export interface ReportedKind {
  readonly id: string
  readonly kind: ProviderEventKind
  readonly reason: string | null
  readonly occurredAt: Date
}

/** What all reports of one letter together say: the strongest kind, and of that kind the earliest. */
export function verdictOf(reports: readonly ReportedKind[]): { state: DeliveryState; reason: string | null } | null {
  const [strongest] = [...reports].sort(
    (a, b) =>
      PROVIDER_EVENT_KINDS.indexOf(b.kind) - PROVIDER_EVENT_KINDS.indexOf(a.kind) ||
      +a.occurredAt - +b.occurredAt ||
      (a.id < b.id ? -1 : 1),
  )
  if (strongest === undefined) return null
  const { state, problem } = EFFECTS[strongest.kind]
  return { state, reason: problem ? strongest.reason : null }
}
