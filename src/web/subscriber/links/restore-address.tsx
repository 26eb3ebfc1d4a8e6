import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ADDRESS_UNDO_DAYS } from '../../../../config/limits.ts'
import type { AddressRestored, FoundAddress } from '../../../ledger/links/former-addresses.ts'
import type { Site } from '../../layout/page.ts'
import { isCrossSite } from '../../requests/posted.ts'
import type { SubscriberPagesDeps } from '../deps.ts'

import { FreshLinkForm, freshLinkPath } from './fresh-link.tsx'
import { sendCrossSite, sendInvalidToken, sendPlainPage, uuidOf } from './token-pages.tsx'

type TokenRequest = FastifyRequest<{ Params: { token: string } }>

/**
 * `/restore-address/:token`, “This was not me” in the mail to a former address. GET shows a button, POST takes the
 * address back. Neither says which address the subscription had meanwhile.
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
        'Take your address back?',
        <>
          <p className="lead">
            Your digest will come to <b dir="auto">{found.email}</b> again, and no longer to the address that it was
            moved to.
          </p>
          <p>All older links to your preferences end, so that whoever changed the address cannot do it again.</p>
          <form method="post" className="actions">
            <button type="submit">This was not me: take it back</button>
          </form>
        </>,
      )
    case 'restored':
      return sendPlainPage(reply, site, 'Your address is back', <Restored site={site} found={found} />)
    case 'taken':
      return sendPlainPage(
        reply,
        site,
        'This address cannot be taken back',
        <p className="lead">
          It has a subscription of its own by now, or asked not to be mailed. Nothing was changed. To have the other
          subscription ended, reply to the mail with this link.
        </p>,
        409,
      )
    case 'spent':
      return sendPlainPage(
        reply,
        site,
        'This link works no longer',
        <p className="lead">
          An address can be taken back for {ADDRESS_UNDO_DAYS} days, and as long as its subscription is stored. If your
          digest was moved without your consent, reply to the mail with this link, and the operator will look into it.
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
        The subscription is that of {email} again, and older links to it have ended. It is unsubscribed: no digest
        comes. <a href="/#subscribe">Subscribe again</a>
      </p>
    )
  return (
    <>
      <p className="lead" role="status">
        Your digest comes to {email} again. No more mail goes to the other address, and older links to your preferences
        have ended.
      </p>
      <p>Look at your preferences: whoever changed the address may have changed them, too.</p>
      <FreshLinkForm path={freshLinkPath(site, found.subscriberId)} />
    </>
  )
}
