import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { KNOWN_DEVICE_DAYS } from '../../../../config/limits-web.ts'
import type { AdminAction } from '../../../ledger/operators/audit.ts'
import type { Site } from '../../layout/page.ts'
import type { AdminDeps } from '../deps.ts'
import { createCookieJar, readCookie } from './cookies.ts'
import { startSession } from './guard.ts'

/**
 * Opens a session for somebody who has proved who they are, marks the browser as known, and records the login.
 * @param operatorId null for a login with ADMIN_PASSWORD.
 */
export async function completeLogin(
  request: FastifyRequest,
  reply: FastifyReply,
  { site, deps }: { readonly site: Site; readonly deps: AdminDeps },
  operatorId: string | null,
  action: AdminAction = { action: 'login.done' },
): Promise<void> {
  const { operators } = deps.ledger
  const at = site.clock()
  const actor = await startSession(request, reply, { site, deps }, operatorId)
  rememberDevice(reply, deps)
  if (operatorId !== null) await operators.recordLogin(operatorId, at)
  await operators.recordAction(actor, action, at)
}

/** Returns the id of a browser in which an operator logged in before, or null. It grants no access, only a shorter wait. */
export function deviceOf(request: FastifyRequest, deps: AdminDeps): string | null {
  const cookie = readCookie(request.headers.cookie, createCookieJar(deps.secure).device) ?? ''
  const opened = deps.tokens.verify('session', cookie)
  return opened?.startsWith(DEVICE) === true ? opened.slice(DEVICE.length) : null
}

const DEVICE = 'device '

/** Marks the browser as one in which an operator logged in. */
export function rememberDevice(reply: FastifyReply, deps: AdminDeps): void {
  const jar = createCookieJar(deps.secure)
  const token = deps.tokens.sign('session', `${DEVICE}${randomBytes(18).toString('base64url')}`)
  reply.header('set-cookie', jar.write(jar.device, token, KNOWN_DEVICE_DAYS * 24 * 3_600))
}
