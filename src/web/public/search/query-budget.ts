import { LRUCache } from 'lru-cache'
import {
  QUERY_BUDGET_MS,
  QUERY_BUDGET_MS_PER_SECOND,
  QUERY_BUDGET_NETWORKS_MAX,
} from '../../../../config/limits-web.ts'
import type { Clock } from '../../../platform/clock.ts'

/**
 * Limits the processor time that each network may use for searches. Costs are milliseconds that are estimated from the
 * work done and not measured, so every machine rejects the same searches. A network that is evicted gets its whole
 * budget back.
 */
export interface QueryBudget {
  /** Charges the cost of a request if the budget allows it. Otherwise returns when to try again. */
  take(network: string, cost: number): { readonly ok: true } | { readonly ok: false; readonly retrySeconds: number }
  /** Charges further cost of a request. The budget may become negative. */
  charge(network: string, cost: number): void
  /** Returns the cost that has not been refilled yet. */
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
