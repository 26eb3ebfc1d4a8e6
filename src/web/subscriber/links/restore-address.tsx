import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ADDRESS_UNDO_DAYS } from '../../../../config/limits-subscriptions.ts'
import { say } from '../../../language/language.ts'
import type { TagElements } from '../../../language/markup.ts'
import { sayWith } from '../../../language/markup.ts'
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
        say('restore.title'),
        <>
          <p className="lead">
            {sayWith('restore.text', { b: (text) => <b dir="auto">{text}</b> }, { email: found.email })}
          </p>
          <p>{say('restore.links')}</p>
          <form method="post" className="actions">
            <button type="submit">{say('restore.button')}</button>
          </form>
        </>,
      )
    case 'restored':
      return sendPlainPage(reply, site, say('restored.title'), <Restored site={site} found={found} />)
    case 'taken':
      return sendPlainPage(reply, site, say('restore.taken'), <p className="lead">{say('restore.takenText')}</p>, 409)
    case 'spent':
      return sendPlainPage(
        reply,
        site,
        say('link.void'),
        <p className="lead">{say('restore.spent', { days: ADDRESS_UNDO_DAYS })}</p>,
        410,
      )
  }
}

function Restored({ site, found }: { readonly site: Site; readonly found: FoundAddress }) {
  const { email } = found
  const tags: TagElements = { b: (text) => <b dir="auto">{text}</b> }
  if (found.state === 'unsubscribed')
    return (
      <p className="lead" role="status">
        {sayWith('restored.unsubscribed', tags, { email })} <a href="/#subscribe">{say('link.subscribeAgain')}</a>
      </p>
    )
  return (
    <>
      <p className="lead" role="status">
        {sayWith('restored.text', tags, { email })}
      </p>
      <p>{say('restored.check')}</p>
      <FreshLinkForm path={freshLinkPath(site, found.subscriberId)} />
    </>
  )
}
