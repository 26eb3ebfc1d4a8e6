import type { Actor } from '../domain/actor.ts'

/** An operator's erasure, as it is written into the audit log. */
export interface ErasureAction {
  readonly actor: Actor
  readonly reason: string | null
  readonly at: Date
}

export interface EraseDeps {
  readonly eraseSubscriber: (id: string, at: Date) => Promise<Erased | null>
  readonly removeMessages: (messageIds: readonly string[]) => Promise<void>
  /** Writes the erasure into the audit log. */
  readonly record: (id: string, action: ErasureAction) => Promise<void>
}

/**
 * Erases a subscriber from the ledger and from the outbox. False: they were erased already. `deed`: of an operator, for the
 * audit log; null when the subscriber did it.
 */
export async function erase(id: string, at: Date, action: ErasureAction | null, deps: EraseDeps): Promise<boolean> {
  const erased = await deps.eraseSubscriber(id, at)
  if (erased === null) return false
  await deps.removeMessages(erased.messageIds)
  if (action !== null) await deps.record(id, action)
  return true
}

/** The part of an erasure that is still to be done outside the ledger. */
export interface Erased {
  /** Ids of the letters that were written to the subscriber: the outbox keeps each as a file. */
  readonly messageIds: readonly string[]
}
