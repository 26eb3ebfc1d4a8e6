import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Day } from '../../domain/day.ts'
import { longDay } from '../../rendering/digest/view-model.ts'
import { isOldLink, readLinkSubject } from '../../security/link-generation.ts'
import { sendMailPage } from '../layout/mail-page.ts'
import type { Site } from '../layout/page.ts'
import type { SubscriberPagesDeps } from './deps.ts'
import { sendOldLink } from './links/fresh-link.tsx'
import { sendInvalidToken, sendNotFound, sendPlainPage } from './links/token-pages.tsx'

type TokenRequest = FastifyRequest<{ Params: { token: string } }>

/**
 * `GET /digest/:token` shows a digest in the browser. It is rendered from the same frozen rows by the same code as the
 * message and signed with the same key, so it equals the message as long as the templates are unchanged. If they have
 * changed, the page says so. Only the link to the preferences differs, because people share this page.
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
    if (sent.kind === 'gone') return sendExpired(reply, site)
    if (sent.kind === 'erased') return sendNotFound(reply, site)
    if (isOldLink(link, sent.owner.linkGeneration)) return sendOldLink(reply, site, sent.owner.id)
    if (sent.kind === 'waiting') return sendUnavailable(reply, site, sent.day, 404)
    const issue = await composer.open(sent.day, sent.member.selection.span === 'week', sent.votesAt)
    const editionIds = new Set(issue.pool.ids)
    if (!sent.member.paperIds.some((id) => editionIds.has(id))) return sendUnavailable(reply, site, sent.day, 410)
    const preferencesUrl = site.links.subscriber('fresh-link', sent.owner.id)
    const { html } = issue.digest(sent.member, sent.keyId ?? composer.keyId, { preferencesUrl, pictures: false })
    return sendMailPage(reply, html, sent.template === null || sent.template === issue.template ? null : LAYOUT_NOTE)
  })
}

/** Old templates are not stored. */
const LAYOUT_NOTE = 'Our email layout has changed since this digest was sent. It is shown in the current layout.'

/** For a valid link to a digest whose month was dropped (RETENTION_MONTHS). */
function sendExpired(reply: FastifyReply, site: Site) {
  return sendPlainPage(
    reply,
    site,
    'This digest is no longer available',
    <>
      <p className="lead">
        It is too old: we delete our records of sent digests after a while. The papers of every day are still here, and
        your subscription is not affected.
      </p>
      <p>
        <a href="/archive">All days</a>
      </p>
    </>,
    410,
  )
}

/** Answers 404 when the digest is not sent yet or was skipped, and 410 when its edition is no longer stored. */
function sendUnavailable(reply: FastifyReply, site: Site, day: Day, status: 404 | 410) {
  return sendPlainPage(
    reply,
    site,
    status === 404 ? 'This digest has not been sent' : 'This digest is no longer available',
    <>
      <p className="lead">
        {status === 404
          ? `Your digest of ${longDay(day)} is not ready yet, or there was nothing new to send you.`
          : `The papers of your digest of ${longDay(day)} are no longer stored.`}
      </p>
      <p>
        <a href={`/papers/${day}`}>All papers of that day</a>
      </p>
    </>,
    status,
  )
}
