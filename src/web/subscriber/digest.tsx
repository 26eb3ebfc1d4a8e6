import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Day } from '../../domain/day.ts'
import { say } from '../../language/language.ts'
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
    const issue = await composer.open(sent.day, sent.member.selection.span === 'week', sent.votesAt, sent.template)
    const editionIds = new Set(issue.pool.ids)
    if (!sent.member.paperIds.some((id) => editionIds.has(id))) return sendUnavailable(reply, site, sent.day, 410)
    const preferencesUrl = site.links.subscriber('fresh-link', sent.owner.id)
    const { html } = issue.digest(sent.member, sent.keyId ?? composer.keyId, { preferencesUrl, pictures: false })
    return sendMailPage(
      reply,
      html,
      sent.template === null || sent.template === issue.template ? null : say('digestPage.layout'),
    )
  })
}

/** Old templates are not stored. */
/** For a valid link to a digest whose month was dropped (RETENTION_MONTHS). */
function sendExpired(reply: FastifyReply, site: Site) {
  return sendPlainPage(
    reply,
    site,
    say('digestPage.gone'),
    <>
      <p className="lead">{say('digestPage.tooOld')}</p>
      <p>
        <a href="/archive">{say('digestPage.allDays')}</a>
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
    status === 404 ? say('digestPage.notSent') : say('digestPage.gone'),
    <>
      <p className="lead">
        {status === 404
          ? say('digestPage.notReady', { day: longDay(day) })
          : say('digestPage.notStored', { day: longDay(day) })}
      </p>
      <p>
        <a href={`/papers/${day}`}>{say('digestPage.thatDay')}</a>
      </p>
    </>,
    status,
  )
}
