import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import { networkOf } from '../../security/client-ip.ts'

/**
 * Limits the requests of each network to the routes that are added to a scope after it. Without a number, only routes with
 * {@link perMinute} are limited, each by itself.
 */
export async function limitNetworks(scope: FastifyInstance, maxPerMinute?: number): Promise<void> {
  const limit = maxPerMinute === undefined ? { global: false } : { max: maxPerMinute, timeWindow: 60_000 }
  await scope.register(rateLimit, { ...limit, keyGenerator: ({ ip }) => networkOf(ip) })
}

/** The options of a route that each network may request so often. */
export function perMinute(max: number) {
  return { config: { rateLimit: { max, timeWindow: 60_000 } } }
}
