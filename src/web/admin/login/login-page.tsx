import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isSameSecret } from '../../../security/same-secret.ts'
import type { Site } from '../../layout/page.ts'
import type { AdminDeps } from '../deps.ts'
import { sendLoginPage } from '../layout/admin-page.tsx'
import { asksFor } from './check-login.ts'
import { createCookieJar, readCookie } from './cookies.ts'
import { field } from './guard.ts'
import { LoginForm } from './login-form.tsx'
import type { LoginAnswer } from './login-gate.ts'
import { PasskeyLoginForm } from './passkey-form.tsx'
import { PASSKEY_SCRIPTS, passkeysOf } from './passkey-place.ts'

const FORM_SECONDS = 3_600
export const EXPIRED_FORM = 'This form has expired. Please try again.'

/** Sends the login page, with the form for passkeys if an operator has one. */
export async function showLogin(
  reply: FastifyReply,
  site: Site,
  deps: AdminDeps,
  status: number,
  fault: string | null,
): Promise<FastifyReply> {
  const jar = createCookieJar(deps.secure)
  const token = deps.tokens.sign('session', `login ${randomBytes(18).toString('base64url')}`)
  reply.header('set-cookie', jar.write(jar.login, token, FORM_SECONDS))
  const asks = await asksFor(deps)
  const place = (await deps.ledger.operators.hasPasskeys()) ? passkeysOf(site) : null
  return sendLoginPage(
    reply,
    site,
    'Log in',
    <>
      <LoginForm name={site.brand.name} token={token} asks={asks} fault={fault} />
      {place === null ? null : <PasskeyLoginForm token={token} place={place} />}
    </>,
    { status, scripts: place === null ? [] : PASSKEY_SCRIPTS },
  )
}

/** Answers a login that was not checked, because there were too many. */
export function showThrottled(
  reply: FastifyReply,
  site: Site,
  deps: AdminDeps,
  answer: Extract<LoginAnswer, { readonly retrySeconds: number }>,
): Promise<FastifyReply> {
  deps.log.warn({ retrySeconds: answer.retrySeconds }, `a login to /admin was rejected: ${answer.kind}`)
  reply.header('retry-after', String(answer.retrySeconds))
  return showLogin(reply, site, deps, 429, messageOf(answer))
}

function messageOf({
  kind,
  retrySeconds,
}: {
  readonly kind: 'locked' | 'busy'
  readonly retrySeconds: number
}): string {
  if (kind === 'busy')
    return `Too many logins are waiting. Your password was not checked. Try again in ${retrySeconds} s.`
  return `Too many failed logins. Try again in ${Math.ceil(retrySeconds / 60)} min.`
}

/** Whether form and cookie hold the same signed token, so that no other site can log an operator in. */
export function hasLoginToken(request: FastifyRequest, deps: AdminDeps): boolean {
  const cookie = loginTokenOf(request, deps)
  const opened = deps.tokens.verify('session', cookie)
  return opened?.startsWith('login ') === true && isSameSecret(field(request, 'csrf'), cookie)
}

/** Returns the login token of the browser’s cookie, unchecked. */
export function loginTokenOf(request: FastifyRequest, deps: AdminDeps): string {
  return readCookie(request.headers.cookie, createCookieJar(deps.secure).login) ?? ''
}
