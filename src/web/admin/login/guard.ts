import { createHash, randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { SESSION_HOURS_MAX } from '../../../../config/limits-web.ts'
import type { Actor } from '../../../domain/actor.ts'
import { passwordSessionName, type Session } from '../../../ledger/operators/sessions.ts'
import type { OperatorNote } from '../../../ledger/schema/operator-tables.ts'
import { isSameSecret } from '../../../security/same-secret.ts'
import { sendErrorPage } from '../../layout/errors.tsx'
import type { Site } from '../../layout/page.ts'
import { keepPrivate } from '../../layout/site.ts'
import { firstOf, readPosted } from '../../requests/posted.ts'
import type { AdminDeps } from '../deps.ts'
import { createCookieJar, readCookie } from './cookies.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The session of the logged-in operator. `guardPages` sets it before any handler runs. */
    operator: Session | null
  }
}

/**
 * Requires an open session for every request, and the session's CSRF token for every POST (OWASP: synchroniser token).
 * Responses are private.
 */
export function guardPages(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  admin.decorateRequest('operator', null)
  admin.addHook('onRequest', async (request, reply) => {
    keepPrivate(reply)
    request.operator = await sessionOf(request, site, deps)
    if (request.operator !== null) return
    if (request.method === 'GET') return reply.redirect('/admin/login', 303)
    return sendErrorPage(reply, site, 401, 'You are no longer logged in. Log in and try again.')
  })
  admin.addHook('preHandler', async (request, reply) => {
    if (request.method === 'GET') return
    if (isSameOrigin(request) && isSameSecret(field(request, 'csrf'), operatorOf(request).csrf)) return
    return sendErrorPage(reply, site, 403, 'This form belongs to another session. Open the page again and retry.')
  })
}

/** Returns the session of a request behind the guard. */
export function operatorOf(request: FastifyRequest): Session {
  if (request.operator === null) throw new Error('a page behind the guard was requested without a session')
  return request.operator
}

/** Returns the operator of a request for the audit log. */
export function actorOf(request: FastifyRequest): Actor {
  const { name, operatorId } = operatorOf(request)
  return { who: name, address: request.ip, operatorId }
}

/** Redirects to a page that shows the note once. */
export async function redirectWithNote(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: AdminDeps,
  to: string,
  note: OperatorNote,
): Promise<FastifyReply> {
  await deps.ledger.operators.setFlash(operatorOf(request).id, note)
  return reply.redirect(to, 303)
}

/** Returns the open session of the request's cookie, or null. */
export async function sessionOf(request: FastifyRequest, site: Site, deps: AdminDeps): Promise<Session | null> {
  const id = sessionIdOf(request, deps)
  return id === null ? null : deps.ledger.operators.touchSession(id, site.clock())
}

export function sessionIdOf(request: FastifyRequest, deps: AdminDeps): string | null {
  const cookie = readCookie(request.headers.cookie, createCookieJar(deps.secure).session)
  // The signature is checked first, so a guessed cookie costs no query.
  const token = cookie === null ? null : deps.tokens.verify('session', cookie)
  return token === null ? null : idOf(token)
}

/**
 * Opens a session with a new token, sets its cookie, and ends the browser’s old session.
 * @param operatorId null for a login with ADMIN_PASSWORD.
 */
export async function startSession(
  request: FastifyRequest,
  reply: FastifyReply,
  { site, deps }: { readonly site: Site; readonly deps: AdminDeps },
  operatorId: string | null,
): Promise<Actor> {
  const old = sessionIdOf(request, deps)
  if (old !== null) await deps.ledger.operators.endSession(old)
  const token = randomBytes(32).toString('base64url')
  const id = idOf(token)
  const label = id.slice(0, 6)
  const csrf = randomBytes(24).toString('base64url')
  await deps.ledger.operators.openSession({ id, label, csrf, address: request.ip, operatorId }, site.clock())
  const jar = createCookieJar(deps.secure)
  reply.header('set-cookie', jar.write(jar.session, deps.tokens.sign('session', token), SESSION_HOURS_MAX * 3_600))
  const account = operatorId === null ? null : await deps.ledger.operators.readAccount(operatorId)
  return { who: account?.name ?? passwordSessionName(label), address: request.ip, operatorId }
}

/** Whether a form comes from our own site (Fetch Metadata). Without the header, only the token protects it. */
export function isSameOrigin(request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site']
  return site === undefined || site === 'same-origin' || site === 'none'
}

/** Returns a text field of a posted form, trimmed, or an empty string. */
export function field(request: FastifyRequest, name: string): string {
  return (firstOf(readPosted(request), name) ?? '').trim()
}

function idOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
