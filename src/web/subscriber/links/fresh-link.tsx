import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { FRESH_LINK_MINUTES_MIN, FRESH_LINKS_PER_NETWORK_MINUTE } from '../../../../config/limits-subscriptions.ts'
import { sendFreshLink } from '../../../subscriptions/fresh-link.ts'
import { subscriberIdOf } from '../../../subscriptions/unsubscribe.ts'
import type { Site } from '../../layout/page.ts'
import { ownPath } from '../../layout/site.ts'
import { limitNetworks, perMinute } from '../../requests/network-limit.ts'
import { isCrossSite } from '../../requests/posted.ts'
import type { SubscriberPagesDeps } from '../deps.ts'
import { sendCrossSite, sendInvalidToken, sendPlainPage } from './token-pages.tsx'

type TokenRequest = FastifyRequest<{ Params: { token: string } }>

/**
 * `/fresh-link/:token` emails a link to the preferences to the address on file. Pages whose link somebody else may
 * hold, such as those of a forwarded digest, link here and not to the preferences. GET shows a button, POST sends. The
 * answer reveals nothing about the subscriber.
 */
export function addFreshLinkPages(web: FastifyInstance, site: Site, deps: SubscriberPagesDeps): void {
  const idOf = (request: TokenRequest) => subscriberIdOf(deps.tokens.verify('fresh-link', request.params.token))
  web.register(async (scope) => {
    await limitNetworks(scope)
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
    scope.post(
      '/fresh-link/:token',
      perMinute(FRESH_LINKS_PER_NETWORK_MINUTE),
      async (request: TokenRequest, reply) => {
        if (isCrossSite(request)) return sendCrossSite(reply, site)
        const id = idOf(request)
        if (id === null) return sendInvalidToken(reply, site)
        await sendFreshLink(id, {
          links: deps.ledger.links,
          sendTransactionals: deps.sendTransactionals,
          newId: deps.newId,
          clock: site.clock,
        })
        return sendOnItsWay(reply, site)
      },
    )
  })
}

/** Returns the path of the page that mails this subscriber a link to the preferences. */
export function freshLinkPath(site: Site, subscriberId: string): string {
  return ownPath(site, site.links.subscriber('fresh-link', subscriberId))
}

/** Sends the page for a link of an older generation. It names neither the subscriber nor their state. */
export function sendOldLink(reply: FastifyReply, site: Site, subscriberId: string) {
  return sendPlainPage(
    reply,
    site,
    'This link no longer works',
    <>
      <p className="lead">
        It stopped working when the address was changed or old links were disabled. Unsubscribe links still work.
      </p>
      <FreshLinkForm path={freshLinkPath(site, subscriberId)} />
    </>,
    410,
  )
}

/** The button that requests a new link. `quiet` makes it a secondary button. */
export function FreshLinkForm({ path, quiet = false }: { readonly path: string; readonly quiet?: boolean }) {
  return (
    <>
      <p>We can email a new link to your preferences to the address that receives the digest.</p>
      <form method="post" action={path} className="actions">
        <button type="submit" className={quiet ? 'quiet' : undefined}>
          Email me a new link
        </button>
      </form>
    </>
  )
}

/** Sends the same page whether or not an email was sent. */
export function sendOnItsWay(reply: FastifyReply, site: Site) {
  return sendPlainPage(
    reply,
    site,
    'Check your inbox',
    <>
      <p className="lead" role="status">
        If this subscription receives email, a new link is on its way to its address.
      </p>
      <p>
        We send such an email at most once every {FRESH_LINK_MINUTES_MIN} minutes, and a few times a day. If it does not
        arrive, look in your spam folder, or <a href="/subscribe">subscribe again</a>.
      </p>
    </>,
    202,
  )
}
