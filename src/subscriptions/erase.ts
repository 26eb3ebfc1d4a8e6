import type { Actor } from '../domain/actor.ts'
import { deleteOutboxMessages } from '../mail/outbox-removal.ts'

/** An operator's erasure, for the audit log. */
export interface ErasureAction {
  readonly actor: Actor
  readonly reason: string | null
  readonly at: Date
}

export interface EraseDeps {
  readonly subscribers: SubscriberErasure
  readonly operators: ErasureLog
  /** Messages are also deleted here, even if another transport is configured now. */
  readonly outboxDir: string
}

export interface SubscriberErasure {
  /** Erases a subscriber from the ledger. Returns null if they were already erased. */
  eraseSubscriber(id: string, at: Date): Promise<Erased | null>
}

export interface ErasureLog {
  /** Writes an action to the audit log. */
  recordAction(
    actor: Actor,
    action: { readonly action: 'subscriber.erased'; readonly subscriberId: string; readonly reason: string | null },
    at: Date,
  ): Promise<void>
}

/**
 * Erases a subscriber from the ledger and the outbox. Returns false when they were already erased. `action` is null
 * when the subscriber requested it; an operator's is written to the audit log.
 */
export async function erase(id: string, at: Date, action: ErasureAction | null, deps: EraseDeps): Promise<boolean> {
  const erased = await deps.subscribers.eraseSubscriber(id, at)
  if (erased === null) return false
  await deleteOutboxMessages(deps.outboxDir, erased.messageIds)
  if (action === null) return true
  const { actor, reason } = action
  await deps.operators.recordAction(actor, { action: 'subscriber.erased', subscriberId: id, reason }, action.at)
  return true
}

/** Data that must still be deleted outside the ledger. */
export interface Erased {
  /** Ids of the subscriber's messages: the outbox stores each as a file. */
  readonly messageIds: readonly string[]
}
