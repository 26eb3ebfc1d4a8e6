import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type AddressChange, moveAddress, readAddressChange } from '../ledger/addresses.ts'
import { isCrossSite } from './posted.ts'
import type { ReadersParts } from './readers.ts'
import type { Site } from './site.ts'
import { sendCrossSite, sendErased, sendForged, sendPlain } from './token-pages.tsx'

type TokenRequest = FastifyRequest<{ Params: { token: string } }>

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** `/address/:token`, from the mail to a new address. GET shows a button, POST moves the reader, once. */
export function addAddressPages(web: FastifyInstance, site: Site, parts: ReadersParts): void {
  web.get('/address/:token', async ({ params }: TokenRequest, reply) => {
    const id = idOf(params.token, parts)
    if (id === null) return sendForged(reply, site)
    return sendChange(await readAddressChange(parts.db, id, site.clock()), reply, site)
  })
  web.post('/address/:token', async (request: TokenRequest, reply) => {
    if (isCrossSite(request)) return sendCrossSite(reply, site)
    const id = idOf(request.params.token, parts)
    if (id === null) return sendForged(reply, site)
    const moved = await moveAddress(parts.db, id, parts.newId(), site.clock())
    if (moved.kind === 'taken') return sendTaken(reply, site)
    if (moved.kind !== 'moved') return sendChange(moved, reply, site)
    await parts.sendNotices([moved.noticeId])
    return sendChange({ kind: 'done', email: moved.email }, reply, site)
  })
}

function idOf(token: string, { tokens }: ReadersParts): string | null {
  const id = tokens.open('address', token)
  return id !== null && UUID.test(id) ? id : null
}

function sendChange(change: AddressChange, reply: FastifyReply, site: Site) {
  if (change.kind === 'gone') return sendErased(reply, site)
  if (change.kind === 'spent') {
    return sendPlain(
      reply,
      site,
      'This link works no longer',
      <p className="lead">
        It was used, or it is too old. Ask for a new one in your preferences; the link to them is in every digest.
      </p>,
      410,
    )
  }
  if (change.kind === 'done') {
    return sendPlain(
      reply,
      site,
      'Your digest has moved',
      <p className="lead" role="status">
        From now on it goes to <b dir="auto">{change.email}</b>. The old address is told that it has moved, but not
        where to.
      </p>,
    )
  }
  return sendPlain(
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
  return sendPlain(
    reply,
    site,
    'This address cannot be used',
    <p className="lead">It has a subscription of its own already, or asked not to be mailed. Nothing was changed.</p>,
    409,
  )
}
