import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { CARDS_PER_NETWORK_MINUTE } from '../../../../config/limits-paper.ts'
import { PAGE_CACHE_MAX, PAGE_CACHE_MS } from '../../../../config/limits-web.ts'
import { type Day, parseDay } from '../../../domain/day.ts'
import { canonicalId } from '../../../domain/paper.ts'
import type { Stores } from '../../../ledger/stores.ts'
import { createLoadingCache } from '../../../platform/cache.ts'
import { networkOf } from '../../../security/client-ip.ts'
import type { Site } from '../../layout/page.ts'
import { type CardWords, dayCard, paperCard } from './card-words.ts'
import { createSendCard } from './cards.ts'

/** `/paper/ID/card.png` and `/papers/DAY/card.png`: the pictures that other sites show with a link. */
export function addCards(web: FastifyInstance, site: Site, { ledger }: { readonly ledger: Stores }): void {
  const sendCard = createSendCard(site)
  const words = createLoadingCache<CardWords | undefined>({
    max: PAGE_CACHE_MAX,
    expiry: { ms: PAGE_CACHE_MS, clock: site.clock },
  })
  const ofPaper = async (id: string) => {
    const record = await ledger.editions.readPaper(id)
    return record === null ? undefined : paperCard(record)
  }
  const ofDay = async (day: Day) => {
    const edition = await ledger.editions.readEdition(day)
    return edition === null || edition.entries.length === 0 ? undefined : dayCard(edition)
  }
  const send = async (
    request: FastifyRequest,
    reply: FastifyReply,
    key: string | null,
    load: (key: string) => Promise<CardWords | undefined>,
  ) => {
    const found = key === null ? undefined : await words(key, () => load(key))
    return found === undefined ? reply.callNotFound() : sendCard(request, reply, found)
  }
  web.register(async (scope) => {
    await scope.register(rateLimit, {
      max: CARDS_PER_NETWORK_MINUTE,
      timeWindow: 60_000,
      keyGenerator: ({ ip }) => networkOf(ip),
    })
    scope.get<{ Params: { id: string } }>('/paper/:id/card.png', (request, reply) =>
      send(request, reply, canonicalId(request.params.id), ofPaper),
    )
    // Old arXiv ids contain a slash.
    scope.get<{ Params: { archive: string; id: string } }>('/paper/:archive/:id/card.png', (request, reply) =>
      send(request, reply, canonicalId(`${request.params.archive}/${request.params.id}`), ofPaper),
    )
    scope.get<{ Params: { date: string } }>('/papers/:date/card.png', (request, reply) => {
      const day = parseDay(request.params.date)
      return send(request, reply, day, () => (day === null ? Promise.resolve(undefined) : ofDay(day)))
    })
  })
}
