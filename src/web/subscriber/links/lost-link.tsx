import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { EMAIL_CHARS_MAX, LOST_LINKS_PER_MINUTE, LOST_LINKS_PER_NETWORK_MINUTE } from '../../../../config/limits.ts'
import { checkAddress } from '../../../domain/subscriber.ts'
import { networkOf } from '../../../security/client-ip.ts'
import { sendFreshLink } from '../../../subscriptions/fresh-link.ts'
import type { Site } from '../../layout/page.ts'
import { firstOf, isCrossSite, readPosted } from '../../requests/posted.ts'
import type { SubscriberPagesDeps } from '../deps.ts'

import { sendOnItsWay } from './fresh-link.tsx'
import { LostLinkForm, sendCrossSite, sendPlainPage } from './token-pages.tsx'

type LostLinkDeps = Pick<SubscriberPagesDeps, 'ledger' | 'sendTransactionals' | 'newId' | 'log'>

/**
 * `/fresh-link` mails a fresh link to the address that somebody types, because theirs was damaged on its way. The
 * answer is the same for every address, and is sent before anything is written, so that its time says nothing either.
 */
export function addLostLinkPages(web: FastifyInstance, site: Site, deps: LostLinkDeps): void {
  const perMinute = { timeWindow: 60_000 }
  web.register(async (scope) => {
    scope.get('/fresh-link', async (_request, reply) => sendForm(reply, site, 200, null))
    scope.register(async (walled) => {
      // Each network meets its own limit first, so that one alone does not use up that of all.
      await walled.register(rateLimit, {
        ...perMinute,
        max: LOST_LINKS_PER_NETWORK_MINUTE,
        keyGenerator: ({ ip }) => networkOf(ip),
      })
      walled.register(async (inner) => {
        await inner.register(rateLimit, { ...perMinute, max: LOST_LINKS_PER_MINUTE, keyGenerator: () => 'all' })
        inner.post('/fresh-link', (request, reply) => answer(request, reply, site, deps))
      })
    })
  })
}

async function answer(request: FastifyRequest, reply: FastifyReply, site: Site, deps: LostLinkDeps) {
  if (isCrossSite(request)) return sendCrossSite(reply, site)
  const typed = (firstOf(readPosted(request), 'email') ?? '').trim()
  const address = checkAddress(typed.slice(0, EMAIL_CHARS_MAX + 1))
  if (!address.ok) return sendForm(reply, site, 422, `${address.reason}.`)
  const subscriber = await deps.ledger.subscribers.findSubscriber(address.key)
  // Not waited for, and nothing of it is seen from outside.
  if (subscriber !== null) void mail(subscriber.id, site, deps)
  return sendOnItsWay(reply, site)
}

async function mail(subscriberId: string, site: Site, deps: LostLinkDeps): Promise<void> {
  await sendFreshLink(subscriberId, {
    write: (order, at) => deps.ledger.links.writeFreshLink(order, at),
    sendTransactionals: deps.sendTransactionals,
    newId: deps.newId,
    clock: site.clock,
  }).catch((error: Error) => deps.log.warn({ reason: error.message }, 'a fresh link could not be mailed'))
}

function sendForm(reply: FastifyReply, site: Site, status: 200 | 422, fault: string | null) {
  return sendPlainPage(reply, site, 'Get a fresh link', <LostLinkForm fault={fault} />, status)
}
