import { LRUCache } from 'lru-cache'
import { QUERY_BUDGET_MS, QUERY_BUDGET_MS_PER_SECOND, QUERY_BUDGET_NETWORKS_MAX } from '../../../../config/limits.ts'
import type { Clock } from '../../../platform/clock.ts'

/**
 * How much processor time a network may still cost us, in milliseconds that are reckoned from the work done, not measured: so the
 * same searches are refused on every machine. A network that is forgotten has its whole budget again.
 */
export interface QueryBudget {
  /** Takes the cost of a request, or says after how many seconds it may be asked again. */
  take(network: string, cost: number): { readonly ok: true } | { readonly ok: false; readonly retrySeconds: number }
  /** Takes what a request cost beyond what was taken before; the budget may fall below nothing. */
  charge(network: string, cost: number): void
  /** Returns the cost that is not yet given back. */
  spent(network: string): number
}

export function createQueryBudget(clock: Clock): QueryBudget {
  const accounts = new LRUCache<string, { readonly spent: number; readonly at: number }>({
    max: QUERY_BUDGET_NETWORKS_MAX,
  })
  const spentOf = (network: string, now: number) => {
    const account = accounts.get(network)
    if (account === undefined) return 0
    return Math.max(0, account.spent - (Math.max(0, now - account.at) / 1_000) * QUERY_BUDGET_MS_PER_SECOND)
  }
  const charge = (network: string, cost: number) => {
    const now = clock().getTime()
    accounts.set(network, { spent: spentOf(network, now) + cost, at: now })
  }
  return {
    spent: (network) => spentOf(network, clock().getTime()),
    charge,
    take(network, cost) {
      const over = spentOf(network, clock().getTime()) + cost - QUERY_BUDGET_MS
      if (over > 0) return { ok: false, retrySeconds: Math.ceil(over / QUERY_BUDGET_MS_PER_SECOND) }
      charge(network, cost)
      return { ok: true }
    },
  }
}
