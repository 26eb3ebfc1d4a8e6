import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { UNDO_HOURS } from '../../../config/limits-subscriptions.ts'
import { say } from '../../language/language.ts'
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

/** Reasons to unsubscribe. The page offers these, and no other value is stored. */
export const REASONS = {
  'too-many': 'unsubscribed.reason.tooMany',
  'not-for-me': 'unsubscribed.reason.notForMe',
  'not-asked': 'unsubscribed.reason.notAsked',
  elsewhere: 'unsubscribed.reason.elsewhere',
  other: 'unsubscribed.reason.other',
} as const

/**
 * `/unsubscribe/:token`. GET and HEAD only show a button, because mail scanners open links. POST accepts any body of
 * any type, or none, needs no cookie and no second token, never redirects, and answers 200 to every valid token (RFC
 * 8058 §3.1 and §3.2; Gmail and Yahoo sender guidelines).
 */
export function addUnsubscribePages(web: FastifyInstance, site: Site, deps: SubscriberPagesDeps): void {
  // A separate scope: elsewhere an unreadable body is rejected, but here it is still an unsubscribe request.
  web.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    // Fastify rejects an invalid content type before it looks for a parser. The type does not matter here.
    scope.addHook('onRequest', async ({ headers }) => {
      if (headers['content-type'] !== undefined) headers['content-type'] = 'text/plain'
    })
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
    scope.get('/unsubscribe/:token', (request: TokenRequest, reply) => show(request, reply, site, deps))
    scope.post('/unsubscribe/:token', (request: TokenRequest, reply) => unsubscribe(request, reply, site, deps))
  })
}

async function show({ params }: TokenRequest, reply: FastifyReply, site: Site, deps: SubscriberPagesDeps) {
  const id = subscriberIdOf(deps.tokens.verify('unsubscribe', params.token))
  if (id === null) return sendInvalidToken(reply, site)
  const unsubscribed = await deps.ledger.subscribers.readUnsubscribeRecord(id, site.clock())
  if (unsubscribed === null) return sendNotFound(reply, site, 200)
  if (unsubscribed.state === 'unsubscribed') return sendUnsubscribed(reply, site, unsubscribed)
  if (unsubscribed.state === 'suppressed') return sendSuppressed(reply, site)
  // Somebody to whom a digest was forwarded has this link, so it must not open the preferences.
  const freshLink = unsubscribed.state === 'pending' ? null : freshLinkPath(site, id)
  return sendPlainPage(
    reply,
    site,
    say('unsubscribe.title', { brand: site.brand.name }),
    <UnsubscribeForm freshLink={freshLink} />,
  )
}

async function unsubscribe(request: TokenRequest, reply: FastifyReply, site: Site, deps: SubscriberPagesDeps) {
  const { token } = request.params
  const body = typeof request.body === 'string' ? request.body : ''
  const oneClick = isOneClick(body)
  const at = site.clock()
  const id = subscriberIdOf(deps.tokens.verify('unsubscribe', token))
  if (id === null) return sendInvalidToken(reply, site)
  if (!oneClick && postedField(body, 'undo') === '1') return undo(id, reply, site, deps)
  const result = await unsubscribeOrDefer(token, deps.unsubscribe, oneClick ? 'one-click' : 'page')
  if (result.kind === 'unavailable') return sendErrorPage(reply, site, 503)
  if (oneClick) return sendDone(reply)
  if (result.kind === 'deferred') return sendDeferred(reply, site)
  if (result.kind === 'invalid-token') return sendInvalidToken(reply, site)
  if (result.kind === 'not-found') return sendNotFound(reply, site, 200)
  if (result.kind === 'unchanged' && result.state === 'suppressed') return sendSuppressed(reply, site)
  const reason = postedField(body, 'reason')
  const reasonSaved =
    reason !== null &&
    Object.hasOwn(REASONS, reason) &&
    (await deps.ledger.subscribers.saveUnsubscribeReason(id, reason, at))
  const unsubscribed = await deps.ledger.subscribers.readUnsubscribeRecord(id, at)
  if (unsubscribed === null) return sendNotFound(reply, site, 200)
  return sendUnsubscribed(reply, site, unsubscribed, reasonSaved ? 'reason-saved' : 'unsubscribed')
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
    say('resubscribed.title'),
    <>
      <p className="lead">{say('resubscribed.text')}</p>
      <p>{say('resubscribed.mail')}</p>
      <FreshLinkForm path={freshLinkPath(site, id)} quiet />
    </>,
  )
}

/** Answers a mail program with a short text. */
function sendDone(reply: FastifyReply) {
  return keepPrivate(reply)
    .type('text/plain; charset=utf-8')
    .send(`${say('unsubscribed.oneClick')}\n`)
}

/** For the page's button while the database is down. The request is stored. */
function sendDeferred(reply: FastifyReply, site: Site) {
  return sendPlainPage(
    reply,
    site,
    say('unsubscribed.title'),
    <p className="lead" role="status">
      {say('unsubscribed.deferred')}
    </p>,
  )
}

function sendUnsubscribed(
  reply: FastifyReply,
  site: Site,
  unsubscribed: UnsubscribeRecord,
  words: UnsubscribedWords = 'unsubscribed',
) {
  return sendPlainPage(
    reply,
    site,
    say('unsubscribed.title'),
    <UnsubscribedPage unsubscribed={unsubscribed} words={words} undoHours={UNDO_HOURS} reasons={REASONS} />,
  )
}

function sendSuppressed(reply: FastifyReply, site: Site) {
  return sendPlainPage(reply, site, say('suppressed.title'), <p className="lead">{say('suppressed.text')}</p>)
}
