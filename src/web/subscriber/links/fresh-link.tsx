import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { FRESH_LINK_MINUTES_MIN, FRESH_LINKS_PER_NETWORK_MINUTE } from '../../../../config/limits-subscriptions.ts'
import { say } from '../../../language/language.ts'
import { sayWith } from '../../../language/markup.ts'
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
      return sendPlainPage(reply, site, say('freshLink.title'), <FreshLinkForm path={freshLinkPath(site, id)} />)
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
    say('link.void'),
    <>
      <p className="lead">{say('freshLink.old')}</p>
      <FreshLinkForm path={freshLinkPath(site, subscriberId)} />
    </>,
    410,
  )
}

/** The button that requests a new link. `quiet` makes it a secondary button. */
export function FreshLinkForm({ path, quiet = false }: { readonly path: string; readonly quiet?: boolean }) {
  return (
    <>
      <p>{say('freshLink.offer')}</p>
      <form method="post" action={path} className="actions">
        <button type="submit" className={quiet ? 'quiet' : undefined}>
          {say('freshLink.button')}
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
    say('page.checkInbox'),
    <>
      <p className="lead" role="status">
        {say('freshLink.onItsWay')}
      </p>
      <p>
        {sayWith(
          'freshLink.limits',
          { a: (text) => <a href="/subscribe">{text}</a> },
          { minutes: FRESH_LINK_MINUTES_MIN },
        )}
      </p>
    </>,
    202,
  )
}
