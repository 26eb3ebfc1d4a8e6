import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { FRESH_LINK_MINUTES_MIN, FRESH_LINKS_PER_NETWORK_MINUTE } from '../../../../config/limits.ts'
import { networkOf } from '../../../security/client-ip.ts'
import { sendFreshLink } from '../../../subscriptions/fresh-link.ts'
import { subscriberIdOf } from '../../../subscriptions/unsubscribe.ts'
import type { Site } from '../../layout/page.ts'
import { ownPath } from '../../layout/site.ts'
import { isCrossSite } from '../../requests/posted.ts'
import type { SubscriberPagesDeps } from '../deps.ts'

import { sendCrossSite, sendInvalidToken, sendPlainPage } from './token-pages.tsx'

type TokenRequest = FastifyRequest<{ Params: { token: string } }>

/**
 * `/fresh-link/:token` mails a link to the preferences to the address on file. Pages that somebody else may hold the
 * link of, such as those of a forwarded digest, lead here and not to the preferences. GET shows a button, POST sends;
 * what is answered says nothing of the subscriber.
 */
export function addFreshLinkPages(web: FastifyInstance, site: Site, deps: SubscriberPagesDeps): void {
  const idOf = (request: TokenRequest) => subscriberIdOf(deps.tokens.verify('fresh-link', request.params.token))
  web.register(async (scope) => {
    await scope.register(rateLimit, { global: false, keyGenerator: ({ ip }) => networkOf(ip) })
    const limit = { config: { rateLimit: { max: FRESH_LINKS_PER_NETWORK_MINUTE, timeWindow: 60_000 } } }
    scope.get('/fresh-link/:token', async (request: TokenRequest, reply) => {
      const id = idOf(request)
      if (id === null) return sendInvalidToken(reply, site)
      return sendPlainPage(
        reply,
        site,
        'Get a link to your preferences',
        <FreshLinkForm path={freshLinkPath(site, id)} />,
      )
    })
    scope.post('/fresh-link/:token', limit, async (request: TokenRequest, reply) => {
      if (isCrossSite(request)) return sendCrossSite(reply, site)
      const id = idOf(request)
      if (id === null) return sendInvalidToken(reply, site)
      await sendFreshLink(id, {
        write: (order, at) => deps.ledger.links.writeFreshLink(order, at),
        sendTransactionals: deps.sendTransactionals,
        newId: deps.newId,
        clock: site.clock,
      })
      return sendOnItsWay(reply, site)
    })
  })
}

/** Returns the path of the page that mails this subscriber a link to the preferences. */
export function freshLinkPath(site: Site, subscriberId: string): string {
  return ownPath(site, site.links.subscriber('fresh-link', subscriberId))
}

/** For a link of a generation that has ended. It does not say whose it was, nor what became of them. */
export function sendOldLink(reply: FastifyReply, site: Site, subscriberId: string) {
  return sendPlainPage(
    reply,
    site,
    'This link has ended',
    <>
      <p className="lead">
        It stopped working when the address was changed, or when old links were logged out. Links to unsubscribe keep
        working.
      </p>
      <FreshLinkForm path={freshLinkPath(site, subscriberId)} />
    </>,
    410,
  )
}

/** The button that has a fresh link mailed; `quiet` where it is not what the page is about. */
export function FreshLinkForm({ path, quiet = false }: { readonly path: string; readonly quiet?: boolean }) {
  return (
    <>
      <p>We can mail a fresh link to the preferences, to the address that gets the digest.</p>
      <form method="post" action={path} className="actions">
        <button type="submit" className={quiet ? 'quiet' : undefined}>
          Mail me a fresh link
        </button>
      </form>
    </>
  )
}

/** Says the same whatever happened. */
export function sendOnItsWay(reply: FastifyReply, site: Site) {
  return sendPlainPage(
    reply,
    site,
    'Check your inbox',
    <>
      <p className="lead" role="status">
        If this subscription gets mail, a fresh link is on its way to its address.
      </p>
      <p>
        Such a mail goes out at most once in {FRESH_LINK_MINUTES_MIN} minutes, and a few times a day. If none comes,
        look into your spam folder, or <a href="/subscribe">subscribe again</a>.
      </p>
    </>,
    202,
  )
}
