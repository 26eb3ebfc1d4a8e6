import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Day } from '../../domain/day.ts'
import { longDay } from '../../rendering/digest/view-model.ts'
import { isOldLink, readLinkSubject } from '../../security/link-generation.ts'
import type { Site } from '../layout/page.ts'
import { keepPrivate } from '../layout/site.ts'
import { MAIL_SECURITY_POLICY } from '../requests/policy.ts'
import type { SubscriberPagesDeps } from './deps.ts'
import { sendOldLink } from './links/fresh-link.tsx'
import { sendInvalidToken, sendNotFound, sendPlainPage } from './links/token-pages.tsx'

type TokenRequest = FastifyRequest<{ Params: { token: string } }>

/**
 * `/digest/:token`: a digest in the browser, made of the same frozen rows by the same code as the mail, and signed
 * with the same key, so that it is the mail as long as the templates are. When they have changed, it says so. Only the
 * link to the preferences is another: the address of this page is what people pass on.
 */
export function addDigestPage(
  web: FastifyInstance,
  site: Site,
  { tokens, ledger, composer }: SubscriberPagesDeps,
): void {
  web.get('/digest/:token', async ({ params }: TokenRequest, reply) => {
    const link = readLinkSubject(tokens.verify('digest', params.token))
    const sent = link === null ? null : await ledger.deliveries.readSent(link.id)
    if (link === null || sent === null || sent.kind === 'unknown') return sendInvalidToken(reply, site)
    if (sent.kind === 'gone') return sendGone(reply, site)
    if (sent.kind === 'erased') return sendNotFound(reply, site)
    if (isOldLink(link, sent.owner.linkGeneration)) return sendOldLink(reply, site, sent.owner.id)
    if (sent.kind === 'waiting') return sendNothing(reply, site, sent.day, 404)
    const issue = await composer.open(sent.day, sent.member.selection.span === 'week', sent.votesAt)
    const held = new Set(issue.pool.ids)
    if (!sent.member.paperIds.some((id) => held.has(id))) return sendNothing(reply, site, sent.day, 410)
    const preferencesUrl = site.links.subscriber('fresh-link', sent.owner.id)
    const { html } = issue.digest(sent.member, sent.keyId ?? composer.keyId, preferencesUrl)
    return keepPrivate(reply)
      .header('content-security-policy', MAIL_SECURITY_POLICY)
      .type('text/html; charset=utf-8')
      .send(sent.template === null || sent.template === issue.template ? html : noted(html))
  })
}

/** Templates of long ago are not kept: who opens an old mail here is told that its looks are today's. */
function noted(html: string): string {
  const note =
    '<p style="margin:0;padding:12px 16px;font:14px/20px sans-serif;text-align:center;color:#1f2328;background:#fff8c5">' +
    'The layout of our mails has changed since this one was sent. These are its papers, in today’s layout.</p>'
  return html.replace(/<body[^>]*>/i, (body) => body + note)
}

/** A link of ours to a letter that is not there: its month was dropped (RETENTION_MONTHS). */
function sendGone(reply: FastifyReply, site: Site) {
  return sendPlainPage(
    reply,
    site,
    'This digest is not kept any more',
    <>
      <p className="lead">
        It was sent too long ago: who was sent what is kept for a while only. The papers of every day are still here,
        and so is your subscription.
      </p>
      <p>
        <a href="/archive">All days</a>
      </p>
    </>,
    410,
  )
}

/** 404: there is no digest yet, or it was passed over. 410: its edition is not kept any more. */
function sendNothing(reply: FastifyReply, site: Site, day: Day, status: 404 | 410) {
  return sendPlainPage(
    reply,
    site,
    status === 404 ? 'This digest has not gone out' : 'This digest is not kept any more',
    <>
      <p className="lead">
        {status === 404
          ? `Your digest of ${longDay(day)} is still to be put together, or there was nothing new to send you.`
          : `What your digest of ${longDay(day)} was made of is no longer stored.`}
      </p>
      <p>
        <a href={`/papers/${day}`}>All papers of that day</a>
      </p>
    </>,
    status,
  )
}
