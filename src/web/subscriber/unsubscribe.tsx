import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { UNDO_HOURS } from '../../../config/limits.ts'
import type { UnsubscribeRecord } from '../../ledger/subscribers/unsubscribe.ts'
import { subscriberIdOf, unsubscribeOrDefer } from '../../subscriptions/unsubscribe.ts'
import { sendErrorPage } from '../layout/errors.tsx'
import type { Site } from '../layout/page.ts'
import { keepPrivate } from '../layout/site.ts'
import { isOneClick, postedField } from '../requests/posted.ts'
import type { SubscriberPagesDeps } from './deps.ts'
import { FreshLinkForm, freshLinkPath } from './links/fresh-link.tsx'
import { sendInvalidToken, sendNotFound, sendPlainPage } from './links/token-pages.tsx'

import { UnsubscribedPage, type UnsubscribedWords, UnsubscribeForm } from './unsubscribe-page.tsx'

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
export function addUnsubscribePages(web: FastifyInstance, site: Site, deps: SubscriberPagesDeps): void {
  // A scope of its own: elsewhere a body that cannot be read is refused, but here it is still a wish to leave.
  web.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    // Fastify refuses a type that is none before it asks for a parser; here the type says nothing that is needed.
    scope.addHook('onRequest', async ({ headers }) => {
      if (headers['content-type'] !== undefined) headers['content-type'] = 'text/plain'
    })
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
    scope.get('/unsubscribe/:token', (request: TokenRequest, reply) => show(request, reply, site, deps))
    scope.post('/unsubscribe/:token', (request: TokenRequest, reply) => act(request, reply, site, deps))
  })
}

async function show({ params }: TokenRequest, reply: FastifyReply, site: Site, deps: SubscriberPagesDeps) {
  const id = subscriberIdOf(deps.tokens.verify('unsubscribe', params.token))
  if (id === null) return sendInvalidToken(reply, site)
  const unsubscribed = await deps.ledger.subscribers.readUnsubscribeRecord(id, site.clock())
  if (unsubscribed === null) return sendNotFound(reply, site, 200)
  if (unsubscribed.state === 'unsubscribed') return sendUnsubscribed(reply, site, unsubscribed)
  if (unsubscribed.state === 'suppressed') return sendSuppressed(reply, site)
  // Somebody to whom a digest was forwarded has this link: it must not open the preferences.
  const freshLink = unsubscribed.state === 'pending' ? null : freshLinkPath(site, id)
  return sendPlainPage(reply, site, `Unsubscribe from ${site.brand.name}?`, <UnsubscribeForm freshLink={freshLink} />)
}

async function act(request: TokenRequest, reply: FastifyReply, site: Site, deps: SubscriberPagesDeps) {
  const { token } = request.params
  const body = typeof request.body === 'string' ? request.body : ''
  const oneClick = isOneClick(body)
  const at = site.clock()
  const id = subscriberIdOf(deps.tokens.verify('unsubscribe', token))
  if (id === null) return sendInvalidToken(reply, site)
  if (!oneClick && postedField(body, 'undo') === '1') return undo(id, reply, site, deps)
  const result = await unsubscribeOrDefer(token, deps.leaving, oneClick ? 'one-click' : 'page')
  if (result.kind === 'unavailable') return sendErrorPage(reply, site, 503)
  if (oneClick) return sendDone(reply)
  if (result.kind === 'deferred') return sendDeferred(reply, site)
  if (result.kind === 'invalid-token') return sendInvalidToken(reply, site)
  if (result.kind === 'not-found') return sendNotFound(reply, site, 200)
  if (result.kind === 'unchanged' && result.state === 'suppressed') return sendSuppressed(reply, site)
  const reason = postedField(body, 'reason')
  const told =
    reason !== null &&
    Object.hasOwn(REASONS, reason) &&
    (await deps.ledger.subscribers.saveUnsubscribeReason(id, reason, at))
  const unsubscribed = await deps.ledger.subscribers.readUnsubscribeRecord(id, at)
  if (unsubscribed === null) return sendNotFound(reply, site, 200)
  return sendUnsubscribed(reply, site, unsubscribed, told ? 'told' : 'left')
}

async function undo(id: string, reply: FastifyReply, site: Site, deps: SubscriberPagesDeps) {
  const at = site.clock()
  const undone = await deps.ledger.subscribers.undoUnsubscribe(id, at)
  const unsubscribed = await deps.ledger.subscribers.readUnsubscribeRecord(id, at)
  if (unsubscribed === null) return sendNotFound(reply, site, 200)
  if (unsubscribed.state === 'suppressed') return sendSuppressed(reply, site)
  if (!undone && unsubscribed.state !== 'active') return sendUnsubscribed(reply, site, unsubscribed, 'too-late')
  return sendPlainPage(
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
  return sendPlainPage(
    reply,
    site,
    'You are unsubscribed',
    <p className="lead" role="status">
      Your wish is stored and takes effect in a moment. No more digests will come.
    </p>,
  )
}

function sendUnsubscribed(
  reply: FastifyReply,
  site: Site,
  unsubscribed: UnsubscribeRecord,
  words: UnsubscribedWords = 'left',
) {
  return sendPlainPage(
    reply,
    site,
    'You are unsubscribed',
    <UnsubscribedPage unsubscribed={unsubscribed} words={words} undoHours={UNDO_HOURS} reasons={REASONS} />,
  )
}

function sendSuppressed(reply: FastifyReply, site: Site) {
  return sendPlainPage(
    reply,
    site,
    'No mail goes to this address',
    <p className="lead">
      Your address is on the list of those that are never mailed. There is nothing to unsubscribe from.
    </p>,
  )
}
