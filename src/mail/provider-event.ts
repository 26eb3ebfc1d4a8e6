import type { DeliveryState } from '../domain/delivery.ts'
import type { SuppressionReason } from '../domain/suppression.ts'
import type { ReplyBlame } from './reply/blame.ts'

/** A message that this installation sent: a digest, or a transactional email such as a confirmation. */
export interface MessageRef {
  readonly kind: 'delivery' | 'transactional'
  readonly id: string
}

/**
 * The events that a provider or a mail server reports about a message, weakest first. The strongest event decides the
 * state of the message, so the order in which reports arrive does not matter.
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
  /** Unique over all sources; a repeated report has the same id. */
  readonly id: string
  readonly source: 'resend' | 'mail'
  readonly kind: ProviderEventKind
  /** The message named by a signed id in the report; null when there is none. */
  readonly message: MessageRef | null
  /** The provider's own id of the message. */
  readonly providerId: string | null
  /** Whether a report without a signed id may still be about one of our messages. */
  readonly mayBeOurs: boolean
  /** Text without addresses. */
  readonly reason: string | null
  /** For a soft bounce, the party at fault. Without it the bounce counts against the address. */
  readonly blame?: ReplyBlame | null
  /** For a soft bounce, the server that refused the message, where the report names it. */
  readonly host?: string | null
  readonly occurredAt: Date
}

/** A pause because of our own fault, such as a used-up quota. The provider must not be called before `until`. */
export interface ReportedPause {
  readonly transport: string
  readonly kind: 'quota' | 'sender'
  readonly until: Date
  readonly reason: string
}

/** The result of verifying and parsing a report. */
export type OpenedReport =
  | { readonly kind: 'event'; readonly event: ProviderEvent; readonly pause?: ReportedPause }
  /** A genuine report of a type that this version does not know. */
  | { readonly kind: 'unknown'; readonly id: string; readonly type: string }
  /** A genuine report of a type that is not stored, such as an opened mail. */
  | { readonly kind: 'ignored' }
  | { readonly kind: 'refused'; readonly status: 400 | 401; readonly why: string }

export interface Effect {
  /** The state of the delivery, where the move is legal. */
  readonly state: DeliveryState
  /** The reason to suppress the address, or null. */
  readonly suppress: SuppressionReason | null
  /** The change to the number of soft bounces in a row. */
  readonly softBounces: 'add' | 'reset' | null
  /** Whether the event is a problem, whose reason is recorded. */
  readonly problem: boolean
}

const quiet = { suppress: null, softBounces: null, problem: false } as const

/**
 * The effect of each event. A soft-bounced message stays `sent`, because some servers report a soft bounce for a message
 * that arrived. A message that the provider could not or would not send is `bounced`. Permanent bounces and complaints
 * suppress the address at once (Gmail and Yahoo sender guidelines; M3AAWG Sender Best Common Practices §4).
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

/** Returns the state that all reports of one message add up to: the strongest kind, and its earliest report. */
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
