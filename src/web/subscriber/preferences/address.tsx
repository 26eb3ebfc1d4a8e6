import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { say } from '../../../language/language.ts'
import { sayWith } from '../../../language/markup.ts'
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
    return sendPlainPage(reply, site, say('link.void'), <p className="lead">{say('address.spent')}</p>, 410)
  }
  if (change.kind === 'done') {
    return sendPlainPage(
      reply,
      site,
      say('address.movedTitle'),
      <p className="lead" role="status">
        {sayWith('address.moved', { b: (text) => <b dir="auto">{text}</b> }, { email: change.email })}
      </p>,
    )
  }
  return sendPlainPage(
    reply,
    site,
    say('address.useTitle'),
    <>
      <p className="lead">
        {sayWith('address.use', { b: (text) => <b dir="auto">{text}</b> }, { email: change.email })}
      </p>
      <form method="post" className="actions">
        <button type="submit">{say('address.useButton')}</button>
      </form>
    </>,
  )
}

function sendTaken(reply: FastifyReply, site: Site) {
  return sendPlainPage(reply, site, say('address.taken'), <p className="lead">{say('address.takenText')}</p>, 409)
}
