import type { Actor } from '../domain/actor.ts'

/** An operator's erasure, for the audit log. */
export interface ErasureAction {
  readonly actor: Actor
  readonly reason: string | null
  readonly at: Date
}

export interface EraseDeps {
  readonly eraseSubscriber: (id: string, at: Date) => Promise<Erased | null>
  readonly removeMessages: (messageIds: readonly string[]) => Promise<void>
  /** Writes the erasure to the audit log. */
  readonly record: (id: string, action: ErasureAction) => Promise<void>
}

/**
 * Erases a subscriber from the ledger and the outbox. Returns false when they were already erased. `action` is null
 * when the subscriber requested it; an operator's is written to the audit log.
 */
export async function erase(id: string, at: Date, action: ErasureAction | null, deps: EraseDeps): Promise<boolean> {
  const erased = await deps.eraseSubscriber(id, at)
  if (erased === null) return false
  await deps.removeMessages(erased.messageIds)
  if (action !== null) await deps.record(id, action)
  return true
}

/** Data that must still be deleted outside the ledger. */
export interface Erased {
  /** Ids of the subscriber's messages: the outbox stores each as a file. */
  readonly messageIds: readonly string[]
}
