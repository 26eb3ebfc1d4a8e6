import type { Clock } from '../platform/clock.ts'

export interface FreshLinkDeps {
  /** Writes the mail, unless the subscriber gets none or was sent one lately. */
  readonly write: (order: FreshLinkOptions, at: Date) => Promise<boolean>
  /** Hands mails that are written to the queue. */
  readonly sendTransactionals: (transactionalIds: readonly string[]) => Promise<void>
  readonly newId: () => string
  readonly clock: Clock
}

/**
 * Mails a fresh link to the preferences to the subscriber's address on file. Answers nothing: a stranger may
 * have asked, and reads the same page whatever happened.
 */
export async function sendFreshLink(subscriberId: string, deps: FreshLinkDeps): Promise<void> {
  const transactionalId = deps.newId()
  if (await deps.write({ transactionalId, subscriberId }, deps.clock()))
    await deps.sendTransactionals([transactionalId])
}

export interface FreshLinkOptions {
  readonly transactionalId: string
  readonly subscriberId: string
}
