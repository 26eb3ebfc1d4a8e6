import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AddressChange } from '../../../ledger/links/address-change.ts'
import type { Site } from '../../layout/page.ts'
import { isCrossSite } from '../../requests/posted.ts'
import type { SubscriberPagesDeps } from '../deps.ts'
import { sendCrossSite, sendInvalidToken, sendPlainPage, uuidOf } from '../links/token-pages.tsx'

type TokenRequest = FastifyRequest<{ Params: { token: string } }>

/** `/address/:token`, the link in the message to a new address. GET shows a button, POST changes the address, once. */
export function addAddressPages(web: FastifyInstance, site: Site, deps: SubscriberPagesDeps): void {
  web.get('/address/:token', async ({ params }: TokenRequest, reply) => {
    const id = uuidOf(deps.tokens.verify('address', params.token))
    if (id === null) return sendInvalidToken(reply, site)
    return sendChange(await deps.ledger.links.readAddressChange(id, site.clock()), reply, site)
  })
  web.post('/address/:token', async (request: TokenRequest, reply) => {
    if (isCrossSite(request)) return sendCrossSite(reply, site)
    const id = uuidOf(deps.tokens.verify('address', request.params.token))
    if (id === null) return sendInvalidToken(reply, site)
    const moved = await deps.ledger.links.confirmAddressChange(id, deps.newId(), site.clock())
    if (moved.kind === 'taken') return sendTaken(reply, site)
    if (moved.kind !== 'moved') return sendChange(moved, reply, site)
    await deps.sendTransactionals([moved.transactionalId])
    return sendChange({ kind: 'done', email: moved.email }, reply, site)
  })
}

function sendChange(change: AddressChange, reply: FastifyReply, site: Site) {
  if (change.kind === 'spent') {
    return sendPlainPage(
      reply,
      site,
      'This link no longer works',
      <p className="lead">
        It was already used, it is too old, or old links have been disabled since. Request a new one in your
        preferences; every digest has a link to them.
      </p>,
      410,
    )
  }
  if (change.kind === 'done') {
    return sendPlainPage(
      reply,
      site,
      'Your digest has moved',
      <p className="lead" role="status">
        From now on it goes to <b dir="auto">{change.email}</b>. We tell the old address that your digest has moved, but
        not where to. Older links to your preferences no longer work; your next digest has a new one.
      </p>,
    )
  }
  return sendPlainPage(
    reply,
    site,
    'Use this address?',
    <>
      <p className="lead">
        Your digest will go to <b dir="auto">{change.email}</b>, and no longer to your old address.
      </p>
      <form method="post" className="actions">
        <button type="submit">Use this address</button>
      </form>
    </>,
  )
}

function sendTaken(reply: FastifyReply, site: Site) {
  return sendPlainPage(
    reply,
    site,
    'This address cannot be used',
    <p className="lead">It already has its own subscription, or must not be emailed. Nothing was changed.</p>,
    409,
  )
}
