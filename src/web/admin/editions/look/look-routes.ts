import type { FastifyInstance, FastifyReply } from 'fastify'
import { type Day, parseDay } from '../../../../domain/day.ts'
import { buildMime } from '../../../../mail/mime.ts'
import { TRANSPORT_NAMES } from '../../../../mail/transport.ts'
import type { ViewedDigest } from '../../../../pipeline/look/compose-view.ts'
import { intoHead, mailPolicy, sandboxed } from '../../../../preview/sandbox.ts'
import { sendErrorPage } from '../../../layout/errors.tsx'
import type { Site } from '../../../layout/page.ts'
import type { AdminDeps } from '../../deps.ts'
import { actorOf, field, redirectWithNote } from '../../login/guard.ts'
import { type LookQuery, lookPath, readerOf, readLookQuery } from './look-query.ts'

type LookRequest = { Params: { day: string }; Querystring: Record<string, unknown> }

/**
 * Adds what the edition’s page shows of a digest: its HTML for the frame, and the whole message to download. Both have links that
 * change nothing. `POST …/test-send` sends it to one address as a test.
 */
export function addLookRoutes(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  const find = async (request: { params: { day: string }; query: Record<string, unknown> }) => {
    const day = parseDay(request.params.day)
    const query = readLookQuery(request.query)
    const reader = day === null ? null : await readerOf(query, day, deps)
    const view = day === null || reader === null ? null : await deps.look.compose(day, reader)
    return { query, view }
  }
  admin.get<LookRequest>('/editions/:day/look/mail', async (request, reply) => {
    const { query, view } = await find(request)
    return view?.kind === 'digest' ? sendFrame(reply, view, query) : sendErrorPage(reply, site, 404)
  })
  admin.get<LookRequest>('/editions/:day/look/mail.eml', async (request, reply) => {
    const { view } = await find(request)
    if (view?.kind !== 'digest') return sendErrorPage(reply, site, 404)
    return reply
      .header('content-disposition', `attachment; filename="${view.message.id}.eml"`)
      .type('message/rfc822')
      .send(buildMime(view.message))
  })
  admin.post<LookRequest>('/editions/:day/test-send', async (request, reply) => {
    const day = parseDay(request.params.day)
    if (day === null) return sendErrorPage(reply, site, 404)
    const query = readLookQuery({ as: field(request, 'as'), interests: field(request, 'interests') })
    const reader = await readerOf(query, day, deps)
    if (reader === null) return sendErrorPage(reply, site, 404)
    const transport = TRANSPORT_NAMES.find((name) => name === field(request, 'transport'))
    const { kind, words } = await deps.look.testSend({
      to: field(request, 'to'),
      day,
      reader,
      actor: actorOf(request),
      ...(transport === undefined ? {} : { transport }),
    })
    const note = { kind: kind === 'accepted' ? 'good' : 'bad', words } as const
    return redirectWithNote(request, reply, deps, `${lookPath(day, query)}`, note)
  })
}

/** Sends a mail for the frame of the edition’s page. No script of the mail can run, and its links open in a new tab. */
function sendFrame(reply: FastifyReply, { message }: ViewedDigest & { kind: 'digest' }, { view }: LookQuery) {
  const html = sandboxed(message.html, { tone: view === 'dark' ? 'dark' : 'light' })
  return reply
    .header('content-security-policy', mailPolicy('on'))
    .header('x-frame-options', 'SAMEORIGIN')
    .type('text/html; charset=utf-8')
    .send(intoHead(html, '<base target="_blank">'))
}

/** Returns the address of the frame’s mail. */
export function framePath(day: Day, query: LookQuery): string {
  return lookPath(day, query, {}, '/look/mail')
}
