import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { UNDO_HOURS } from '../../../config/limits.ts'
import { type Departure, readDeparture, undoLeaving, writeReason } from '../../ledger/subscribers/unsubscribe.ts'
import { leaveOrDefer, subscriberOf } from '../../subscriptions/unsubscribe.ts'
import { sendTrouble } from '../layout/errors.tsx'
import type { Site } from '../layout/page.ts'
import { keepPrivate } from '../layout/site.ts'
import { fieldOf, isOneClick } from '../requests/posted.ts'
import { FreshLinkForm, freshLinkPath } from './links/fresh-link.tsx'
import { sendErased, sendForged, sendPlain } from './links/token-pages.tsx'
import type { SubscribersParts } from './parts.ts'

import { AskToLeave, Left, type LeftWords } from './unsubscribe-page.tsx'

type TokenRequest = FastifyRequest<{ Params: { token: string } }>

/** Why readers leave: what the page offers, and all that is taken for an answer. */
export const REASONS = {
  'too-many': 'Too many mails',
  'not-for-me': 'The papers were not for me',
  'not-asked': 'I never asked for it',
  elsewhere: 'I read the papers elsewhere',
  other: 'Something else',
} as const

/**
 * `/unsubscribe/:token`. GET and HEAD only show a button, since mail scanners open links. POST takes any body, or
 * none, of any type, needs no cookie and no second token, never redirects, and answers 200 to every token of ours
 * (RFC 8058 §3.1 and §3.2; Gmail and Yahoo sender guidelines).
 */
export function addUnsubscribePages(web: FastifyInstance, site: Site, parts: SubscribersParts): void {
  // A scope of its own: elsewhere a body that cannot be read is refused, but here it is still a wish to leave.
  web.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    // Fastify refuses a type that is none before it asks for a parser; here the type says nothing that is needed.
    scope.addHook('onRequest', async ({ headers }) => {
      if (headers['content-type'] !== undefined) headers['content-type'] = 'text/plain'
    })
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
    scope.get('/unsubscribe/:token', (request: TokenRequest, reply) => show(request, reply, site, parts))
    scope.post('/unsubscribe/:token', (request: TokenRequest, reply) => act(request, reply, site, parts))
  })
}

async function show({ params }: TokenRequest, reply: FastifyReply, site: Site, parts: SubscribersParts) {
  const id = subscriberOf(parts.tokens.open('unsubscribe', params.token))
  if (id === null) return sendForged(reply, site)
  const departure = await readDeparture(parts.db, id, site.clock())
  if (departure === null) return sendErased(reply, site, 200)
  if (departure.state === 'unsubscribed') return sendLeft(reply, site, departure)
  if (departure.state === 'suppressed') return sendSuppressed(reply, site)
  // Somebody to whom a digest was forwarded has this link: it must not open the preferences.
  const freshLink = departure.state === 'pending' ? null : freshLinkPath(site, id)
  return sendPlain(reply, site, `Unsubscribe from ${site.brand.name}?`, <AskToLeave freshLink={freshLink} />)
}

async function act(request: TokenRequest, reply: FastifyReply, site: Site, parts: SubscribersParts) {
  const { token } = request.params
  const body = typeof request.body === 'string' ? request.body : ''
  const oneClick = isOneClick(body)
  const at = site.clock()
  const id = subscriberOf(parts.tokens.open('unsubscribe', token))
  if (id === null) return sendForged(reply, site)
  if (!oneClick && fieldOf(body, 'undo') === '1') return undo(id, reply, site, parts)
  const result = await leaveOrDefer(token, parts.leaving, oneClick ? 'one-click' : 'page')
  if (result.kind === 'unavailable') return sendTrouble(reply, site, 503)
  if (oneClick) return sendDone(reply)
  if (result.kind === 'deferred') return sendDeferred(reply, site)
  if (result.kind === 'forged') return sendForged(reply, site)
  if (result.kind === 'gone') return sendErased(reply, site, 200)
  if (result.kind === 'stays' && result.state === 'suppressed') return sendSuppressed(reply, site)
  const reason = fieldOf(body, 'reason')
  const told = reason !== null && Object.hasOwn(REASONS, reason) && (await writeReason(parts.db, id, reason, at))
  const departure = await readDeparture(parts.db, id, at)
  if (departure === null) return sendErased(reply, site, 200)
  return sendLeft(reply, site, departure, told ? 'told' : 'left')
}

async function undo(id: string, reply: FastifyReply, site: Site, parts: SubscribersParts) {
  const at = site.clock()
  const undone = await undoLeaving(parts.db, id, at)
  const departure = await readDeparture(parts.db, id, at)
  if (departure === null) return sendErased(reply, site, 200)
  if (departure.state === 'suppressed') return sendSuppressed(reply, site)
  if (!undone && departure.state !== 'active') return sendLeft(reply, site, departure, 'too-late')
  return sendPlain(
    reply,
    site,
    'You are subscribed again',
    <>
      <p className="lead">The next digest comes as if nothing had happened.</p>
      <FreshLinkForm path={freshLinkPath(site, id)} quiet />
    </>,
  )
}

/** What a mail program gets: nobody reads it, so it is short. */
function sendDone(reply: FastifyReply) {
  return keepPrivate(reply).type('text/plain; charset=utf-8').send('You are unsubscribed. No more digests will come.\n')
}

/** For the page's button while the database does not answer: the wish is stored. */
function sendDeferred(reply: FastifyReply, site: Site) {
  return sendPlain(
    reply,
    site,
    'You are unsubscribed',
    <p className="lead" role="status">
      Your wish is stored and takes effect in a moment. No more digests will come.
    </p>,
  )
}

function sendLeft(reply: FastifyReply, site: Site, departure: Departure, words: LeftWords = 'left') {
  return sendPlain(
    reply,
    site,
    'You are unsubscribed',
    <Left departure={departure} words={words} undoHours={UNDO_HOURS} reasons={REASONS} />,
  )
}

function sendSuppressed(reply: FastifyReply, site: Site) {
  return sendPlain(
    reply,
    site,
    'No mail goes to this address',
    <p className="lead">
      Your address is on the list of those that are never mailed. There is nothing to unsubscribe from.
    </p>,
  )
}
