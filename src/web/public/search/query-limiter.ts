import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  QUERY_COST_MS,
  QUERY_COST_PER_HIT_MS,
  QUERY_COST_PER_RANKED_PAPER_MS,
  QUERY_COST_PER_SCANNED_PAPER_MS,
  QUERY_COST_PER_WORD_MS,
  SEARCH_CONCURRENCY,
  SEARCH_WAITING_MAX,
} from '../../../../config/limits-web.ts'
import { say } from '../../../language/language.ts'
import { isTimeout, type SearchResult } from '../../../ledger/editions/search.ts'
import { createLane } from '../../../platform/lane.ts'
import { networkOf } from '../../../security/client-ip.ts'
import { sendErrorPage } from '../../layout/errors.tsx'
import type { Site } from '../../layout/page.ts'
import { createQueryBudget } from './query-budget.ts'

/** Limits what each network may cost, and runs at most SEARCH_CONCURRENCY searches at a time. */
export interface QueryLimiter {
  /**
   * Answers with what `work` sends, with 429 when the network has used up its budget, or with 503 when too many
   * searches wait. `work` reports its cost, beyond that of the query's words, to `spend`.
   */
  run(
    request: FastifyRequest,
    reply: FastifyReply,
    query: string,
    work: (spend: (cost: number) => void) => Promise<FastifyReply>,
  ): Promise<FastifyReply>
}

export function createQueryLimiter(site: Site): QueryLimiter {
  const budget = createQueryBudget(site.clock)
  const lane = createLane({ concurrency: SEARCH_CONCURRENCY, waitingMax: SEARCH_WAITING_MAX })
  const busy = (reply: FastifyReply) => sendErrorPage(reply, site, 503, say('search.busy'))
  return {
    async run(request, reply, query, work) {
      const network = networkOf(request.ip)
      const words = query.split(' ').length
      const taken = budget.take(network, QUERY_COST_MS + words * QUERY_COST_PER_WORD_MS)
      if (!taken.ok) return sendErrorPage(reply.header('retry-after', String(taken.retrySeconds)), site, 429)
      // Networks with the lowest cost go first, so that a flood from one does not delay the others.
      const result = await lane
        .run(budget.spent(network), () => work((cost) => budget.charge(network, cost)))
        .catch((error: unknown) => {
          if (!isTimeout(error)) throw error
          budget.charge(network, TIMEOUT_COST_MS)
          return { kind: 'full' } as const
        })
      return result.kind === 'full' ? busy(reply) : result.value
    },
  }
}

const TIMEOUT_COST_MS = 500 // Nearly the whole budget: the same search will not be faster a second later.

/** Returns the estimated cost of a search in milliseconds. */
export function costOfSearch({ hits, work }: SearchResult): number {
  return (
    hits.length * QUERY_COST_PER_HIT_MS +
    work.looked * QUERY_COST_PER_SCANNED_PAPER_MS +
    work.ranked * QUERY_COST_PER_RANKED_PAPER_MS
  )
}
