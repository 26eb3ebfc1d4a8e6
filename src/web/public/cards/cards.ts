import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { CARD_CACHE_MAX, CARD_WAITING_MAX } from '../../../../config/limits-paper.ts'
import { say } from '../../../language/language.ts'
import { createLoadingCache } from '../../../platform/cache.ts'
import { createLane } from '../../../platform/lane.ts'
import { sendErrorPage } from '../../layout/errors.tsx'
import type { Site } from '../../layout/page.ts'
import { fitted } from './card.ts'
import type { CardWords } from './card-words.ts'
import { cardLookOf, type DrawCard, openDrawCard } from './draw-card.ts'

/** Sends the picture of a page, or 503 when too many pictures wait. */
export type SendCard = (request: FastifyRequest, reply: FastifyReply, words: CardWords) => Promise<FastifyReply>

/** Draws pictures one at a time, and keeps the newest by their words. */
export function createSendCard(site: Site): SendCard {
  const lane = createLane({ concurrency: 1, waitingMax: CARD_WAITING_MAX })
  const pictures = createLoadingCache<Buffer | undefined>({ max: CARD_CACHE_MAX })
  let opened: Promise<DrawCard> | null = null
  return async (request, reply, { plainTitle, kicker, title, lines }) => {
    const card = fitted({ name: site.brand.name, kicker, title, lines })
    const fallback = fitted({ ...card, title: plainTitle, lines: [] })
    const key = createHash('sha256')
      .update(JSON.stringify([card, fallback]))
      .digest('base64url')
    const picture = await pictures(key, async () => {
      const drawn = await lane.run(0, async () => {
        opened ??= openDrawCard(cardLookOf(site))
        return (await opened)(card, fallback)
      })
      return drawn.kind === 'full' ? undefined : drawn.value
    })
    if (picture === undefined) return sendErrorPage(reply, site, 503, say('card.busy'))
    const etag = `"${key.slice(0, 22)}"`
    reply.header('cache-control', 'public, max-age=3600').header('etag', etag)
    // Other sites show the picture in a preview of a link.
    reply.header('cross-origin-resource-policy', 'cross-origin')
    if (request.headers['if-none-match'] === etag) return reply.status(304).send()
    return reply.type('image/png').send(picture)
  }
}
