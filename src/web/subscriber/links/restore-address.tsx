import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ADDRESS_UNDO_DAYS } from '../../../../config/limits-subscriptions.ts'
import type { AddressRestored, FoundAddress } from '../../../ledger/links/former-addresses.ts'
import type { Site } from '../../layout/page.ts'
import { isCrossSite } from '../../requests/posted.ts'
import type { SubscriberPagesDeps } from '../deps.ts'
import { FreshLinkForm, freshLinkPath } from './fresh-link.tsx'
import { sendCrossSite, sendInvalidToken, sendPlainPage, uuidOf } from './token-pages.tsx'

type TokenRequest = FastifyRequest<{ Params: { token: string } }>

/**
 * `/restore-address/:token`, “This was not me” in the message to a former address. GET shows a button, POST restores
 * the address. Neither shows the address that the subscription moved to.
 */
export function addRestoreAddressPages(web: FastifyInstance, site: Site, deps: SubscriberPagesDeps): void {
  web.get('/restore-address/:token', async ({ params }: TokenRequest, reply) => {
    const id = uuidOf(deps.tokens.verify('restore-address', params.token))
    if (id === null) return sendInvalidToken(reply, site)
    return send(await deps.ledger.links.readFormerAddress(id, site.clock()), reply, site)
  })
  web.post('/restore-address/:token', async (request: TokenRequest, reply) => {
    if (isCrossSite(request)) return sendCrossSite(reply, site)
    const id = uuidOf(deps.tokens.verify('restore-address', request.params.token))
    if (id === null) return sendInvalidToken(reply, site)
    return send(await deps.ledger.links.restoreAddress(id, site.clock()), reply, site)
  })
}

function send(found: AddressRestored, reply: FastifyReply, site: Site) {
  switch (found.kind) {
    case 'open':
      return sendPlainPage(
        reply,
        site,
        'Restore your address?',
        <>
          <p className="lead">
            Your digest will go to <b dir="auto">{found.email}</b> again, and no longer to the address that it was moved
            to.
          </p>
          <p>All older links to your preferences stop working, so whoever changed the address cannot do it again.</p>
          <form method="post" className="actions">
            <button type="submit">This was not me: restore my address</button>
          </form>
        </>,
      )
    case 'restored':
      return sendPlainPage(reply, site, 'Your address is restored', <Restored site={site} found={found} />)
    case 'taken':
      return sendPlainPage(
        reply,
        site,
        'This address cannot be restored',
        <p className="lead">
          It has its own subscription by now, or must not be emailed. Nothing was changed. To end the other
          subscription, reply to the email that contained this link.
        </p>,
        409,
      )
    case 'spent':
      return sendPlainPage(
        reply,
        site,
        'This link no longer works',
        <p className="lead">
          An address can be restored for {ADDRESS_UNDO_DAYS} days, while its subscription exists. If your digest was
          moved without your consent, reply to the email that contained this link, and the operator will look into it.
        </p>,
        410,
      )
  }
}

function Restored({ site, found }: { readonly site: Site; readonly found: FoundAddress }) {
  const email = <b dir="auto">{found.email}</b>
  if (found.state === 'unsubscribed')
    return (
      <p className="lead" role="status">
        The subscription belongs to {email} again, and older links to it no longer work. It is unsubscribed, so no
        digests are sent. <a href="/#subscribe">Subscribe again</a>
      </p>
    )
  return (
    <>
      <p className="lead" role="status">
        Your digest goes to {email} again. The other address receives no more email, and older links to your preferences
        no longer work.
      </p>
      <p>Please check your preferences: whoever changed the address may have changed them too.</p>
      <FreshLinkForm path={freshLinkPath(site, found.subscriberId)} />
    </>
  )
}
