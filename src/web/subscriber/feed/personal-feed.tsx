import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  PERSONAL_FEED_CACHE_MS,
  PERSONAL_FEED_DIGESTS_MAX,
  PERSONAL_FEED_PAPERS_MAX,
  PERSONAL_FEEDS_CACHED_MAX,
} from '../../../../config/limits-web.ts'
import { say } from '../../../language/language.ts'
import type { ReceivedDigest } from '../../../ledger/deliveries/received-digests.ts'
import { explaining } from '../../../pipeline/compose/explain-selection.ts'
import { createLoadingCache } from '../../../platform/cache.ts'
import type { Site } from '../../layout/page.ts'
import { type FeedItem, feedDocument } from '../../public/feed/document.ts'
import { type FeedFormat, sendPrivateFeed, writeFeed } from '../../public/feed/format.ts'
import type { SubscriberPagesDeps } from '../deps.ts'
import { openSubscriberLink, sendClosedLink } from '../links/preferences-link.ts'
import { sendPlainPage } from '../links/token-pages.tsx'

type TokenRequest = FastifyRequest<{ Params: { token: string } }>

/**
 * `GET /feed/:token` (Atom) and `/feed/:token/json` (JSON Feed): the featured papers of a subscriber's own digests, newest
 * first, with the reason of each. The link expires with the generation. The feed contains no address and no other link that
 * needs a token. While the subscriber is unsubscribed it answers 404, because that can be undone; readers drop a feed at 410.
 */
export function addPersonalFeed(web: FastifyInstance, site: Site, deps: SubscriberPagesDeps): void {
  const feeds = createLoadingCache<{ readonly text: string; readonly updated: Date }>({
    max: PERSONAL_FEEDS_CACHED_MAX,
    expiry: { ms: PERSONAL_FEED_CACHE_MS, clock: site.clock },
  })
  const answer = async (request: TokenRequest, reply: FastifyReply, format: FeedFormat) => {
    const found = await openSubscriberLink('feed', request.params.token, deps)
    if (found.kind !== 'open') return sendClosedLink(found, reply, site)
    const { id, linkGeneration, state } = found.subscriber
    if (state !== 'active' && state !== 'paused') return sendEnded(reply, site)
    const feed = await feeds(`${id} ${linkGeneration} ${format}`, async () => {
      const digests = await deps.ledger.deliveries.readReceivedDigests(id, PERSONAL_FEED_DIGESTS_MAX)
      const url = site.links.feed({ id, linkGeneration })
      const head = {
        title: say('feed.yours', { brand: site.brand.name }),
        self: format === 'atom' ? url : `${url}/json`,
        page: `${site.brand.publicUrl}/`,
      }
      const document = feedDocument(head, itemsOf(digests), site)
      return { text: writeFeed(document, format), updated: document.updated }
    })
    return sendPrivateFeed(request, reply, format, feed)
  }
  web.get('/feed/:token', (request: TokenRequest, reply) => answer(request, reply, 'atom'))
  web.get('/feed/:token/json', (request: TokenRequest, reply) => answer(request, reply, 'json'))
}

function sendEnded(reply: FastifyReply, site: Site) {
  return sendPlainPage(
    reply,
    site,
    say('feed.ended'),
    <p className="lead">
      {say('feed.endedText')} <a href="/#subscribe">{say('link.subscribeAgain')}</a>
    </p>,
    404,
  )
}

/** Returns the papers of some digests, in the order of the digests. Each follows the one before it by a millisecond. */
function itemsOf(digests: readonly ReceivedDigest[]): FeedItem[] {
  return digests
    .flatMap(({ sentAt, selection, entries }) => {
      const explain = explaining(selection, new Map())
      return entries.map((entry, index) => {
        const at = new Date(sentAt.getTime() - index)
        return { paper: entry.paper, published: at, updated: at, summary: explain(entry).why }
      })
    })
    .slice(0, PERSONAL_FEED_PAPERS_MAX)
}
