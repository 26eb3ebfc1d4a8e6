import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { EMAIL_CHARS_MAX } from '../../../../config/limits.ts'
import { LOST_LINKS_PER_MINUTE, LOST_LINKS_PER_NETWORK_MINUTE } from '../../../../config/limits-subscriptions.ts'
import { checkAddress } from '../../../domain/subscriber.ts'
import { say } from '../../../language/language.ts'
import { sendFreshLink } from '../../../subscriptions/fresh-link.ts'
import type { Site } from '../../layout/page.ts'
import { limitNetworks } from '../../requests/network-limit.ts'
import { firstOf, isCrossSite, readPosted } from '../../requests/posted.ts'
import type { SubscriberPagesDeps } from '../deps.ts'
import { sendOnItsWay } from './fresh-link.tsx'
import { LostLinkForm, sendCrossSite, sendPlainPage } from './token-pages.tsx'

type LostLinkDeps = Pick<SubscriberPagesDeps, 'ledger' | 'sendTransactionals' | 'newId' | 'log'>

/**
 * `/fresh-link` emails a new link to an address that a visitor types, for example because their link was damaged. The
 * answer is the same for every address and is sent before anything is written, so its timing reveals nothing either.
 */
export function addLostLinkPages(web: FastifyInstance, site: Site, deps: LostLinkDeps): void {
  web.register(async (scope) => {
    scope.get('/fresh-link', async (_request, reply) => sendForm(reply, site, 200, null))
    scope.register(async (perNetwork) => {
      // The limit per network comes first, so that one network alone cannot use up the global limit.
      await limitNetworks(perNetwork, LOST_LINKS_PER_NETWORK_MINUTE)
      perNetwork.register(async (overall) => {
        await overall.register(rateLimit, { timeWindow: 60_000, max: LOST_LINKS_PER_MINUTE, keyGenerator: () => 'all' })
        overall.post('/fresh-link', (request, reply) => answer(request, reply, site, deps))
      })
    })
  })
}

async function answer(request: FastifyRequest, reply: FastifyReply, site: Site, deps: LostLinkDeps) {
  if (isCrossSite(request)) return sendCrossSite(reply, site)
  const typed = (firstOf(readPosted(request), 'email') ?? '').trim()
  const address = checkAddress(typed.slice(0, EMAIL_CHARS_MAX + 1))
  if (!address.ok) return sendForm(reply, site, 422, say('address.fault', { reason: address.reason }))
  const subscriber = await deps.ledger.subscribers.findSubscriber(address.key)
  // Not awaited, so that the answer takes the same time.
  if (subscriber !== null) void mail(subscriber.id, site, deps)
  return sendOnItsWay(reply, site)
}

async function mail(subscriberId: string, site: Site, deps: LostLinkDeps): Promise<void> {
  await sendFreshLink(subscriberId, {
    links: deps.ledger.links,
    sendTransactionals: deps.sendTransactionals,
    newId: deps.newId,
    clock: site.clock,
  }).catch((error: Error) => deps.log.warn({ reason: error.message }, 'a new link could not be emailed'))
}

function sendForm(reply: FastifyReply, site: Site, status: 200 | 422, fault: string | null) {
  return sendPlainPage(reply, site, say('link.new'), <LostLinkForm fault={fault} />, status)
}
