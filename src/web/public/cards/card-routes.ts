import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { CARDS_PER_NETWORK_MINUTE } from '../../../../config/limits-paper.ts'
import { PAGE_CACHE_MAX, PAGE_CACHE_MS } from '../../../../config/limits-web.ts'
import { type Day, parseDay } from '../../../domain/day.ts'
import type { Stores } from '../../../ledger/stores.ts'
import { createLoadingCache } from '../../../platform/cache.ts'
import { paperPath } from '../../../security/signed-links.ts'
import type { Site } from '../../layout/page.ts'
import { limitNetworks } from '../../requests/network-limit.ts'
import { idIn, PAPER_PATHS, type PaperParams } from '../paper/paper-paths.ts'
import { type CardWords, dayCard, paperCard } from './card-words.ts'
import { createSendCard } from './cards.ts'

/** `/paper/ID/card.png` and `/papers/DAY/card.png`: the pictures that other sites show with a link. */
export function addCards(web: FastifyInstance, site: Site, { ledger }: { readonly ledger: Stores }): void {
  const sendCard = createSendCard(site)
  const words = createLoadingCache<CardWords | null>({
    max: PAGE_CACHE_MAX,
    expiry: { ms: PAGE_CACHE_MS, clock: site.clock },
  })
  const ofPaper = async (id: string) => {
    const record = await ledger.editions.readPaper(id)
    return record === null ? null : paperCard(record)
  }
  const ofDay = async (day: Day) => {
    const edition = await ledger.editions.readEdition(day)
    return edition === null || edition.entries.length === 0 ? null : dayCard(edition)
  }
  /** Reads the words once for each path, so that a paper whose id is a date has its own. */
  const send = async (
    request: FastifyRequest,
    reply: FastifyReply,
    path: string,
    load: () => Promise<CardWords | null>,
  ) => {
    const found = await words(path, load)
    return found === null ? reply.callNotFound() : sendCard(request, reply, found)
  }
  web.register(async (scope) => {
    await limitNetworks(scope, CARDS_PER_NETWORK_MINUTE)
    for (const path of PAPER_PATHS)
      scope.get<{ Params: PaperParams }>(`${path}/card.png`, async (request, reply) => {
        const id = idIn(request.params)
        return id === null ? reply.callNotFound() : send(request, reply, paperPath(id), () => ofPaper(id))
      })
    scope.get<{ Params: { date: string } }>('/papers/:date/card.png', async (request, reply) => {
      const day = parseDay(request.params.date)
      return day === null ? reply.callNotFound() : send(request, reply, `/papers/${day}`, () => ofDay(day))
    })
  })
}
