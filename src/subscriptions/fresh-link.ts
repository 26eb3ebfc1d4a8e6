import type { Clock } from '../platform/clock.ts'

export interface FreshLinkDeps {
  /** Stores the transactional email. Resolves with false when the subscriber gets no email or was sent one recently. */
  readonly write: (order: FreshLinkOptions, at: Date) => Promise<boolean>
  /** Queues stored transactional emails. */
  readonly sendTransactionals: (transactionalIds: readonly string[]) => Promise<void>
  readonly newId: () => string
  readonly clock: Clock
}

/**
 * Emails a new link to the preferences to the address on file. Returns nothing, so that the page cannot reveal whether
 * an email was sent.
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
