import type { Clock } from '../platform/clock.ts'

export interface FreshLinks {
  /** Writes the message, unless the subscriber gets none or got one recently. Returns whether it was written. */
  writeFreshLink(options: FreshLinkOptions, at: Date): Promise<boolean>
}

export interface FreshLinkDeps {
  readonly links: FreshLinks
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
  if (await deps.links.writeFreshLink({ transactionalId, subscriberId }, deps.clock()))
    await deps.sendTransactionals([transactionalId])
}

export interface FreshLinkOptions {
  readonly transactionalId: string
  readonly subscriberId: string
}
