import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { KNOWN_DEVICE_DAYS } from '../../../../config/limits-web.ts'
import { isSameSecret } from '../../../security/same-secret.ts'
import type { Site } from '../../layout/page.ts'
import type { AdminDeps } from '../deps.ts'
import { sendLoginPage } from '../layout/admin-page.tsx'
import { asksFor, findEntry, isRight, passwordIn, wrongWords } from './check-login.ts'
import { createCookieJar, readCookie } from './cookies.ts'
import { field, isSameOrigin, sessionOf, startSession } from './guard.ts'
import { LoginForm } from './login-form.tsx'
import { createLoginGate } from './login-gate.ts'

const FORM_SECONDS = 3_600

/** Adds `/admin/login`, which needs no session. */
export function addLogin(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  const { ledger, tokens } = deps
  const gate = createLoginGate({ ledger, hash: tokens.hashAddress, clock: site.clock, sleep: (ms) => setTimeout(ms) })
  admin.get('/login', async (request, reply) => {
    if ((await sessionOf(request, site, deps)) !== null) return reply.redirect('/admin', 303)
    return showForm(reply, site, deps, 200, null)
  })
  admin.post('/login', async (request, reply) => {
    if (!isSameOrigin(request) || !hasLoginToken(request, deps))
      return showForm(reply, site, deps, 403, 'This form has expired. Please try again.')
    const form = { email: field(request, 'email'), password: passwordIn(request), code: field(request, 'code') }
    const entry = await findEntry(form.email, deps)
    if (entry.kind === 'retired') return showForm(reply, site, deps, 403, RETIRED)
    const visitor = { ip: request.ip, device: deviceOf(request, deps) }
    const answer = await gate.enter(visitor, () => isRight(entry, form, deps, site.clock()))
    if (answer.kind === 'locked' || answer.kind === 'busy') {
      deps.log.warn({ retrySeconds: answer.retrySeconds }, `a login to /admin was rejected: ${answer.kind}`)
      reply.header('retry-after', String(answer.retrySeconds))
      return showForm(reply, site, deps, 429, messageOf(answer))
    }
    const at = site.clock()
    if (answer.kind === 'wrong') {
      // The attempt limits also bound these rows, so nobody can fill the audit log from outside.
      await ledger.operators.recordAction({ who: 'nobody', address: request.ip }, { action: 'login.failed' }, at)
      return showForm(reply, site, deps, 403, await wrongWords(deps))
    }
    const operatorId = entry.kind === 'account' ? (entry.credentials?.id ?? null) : null
    const actor = await startSession(request, reply, { site, deps }, operatorId)
    rememberDevice(reply, deps)
    if (operatorId !== null) await ledger.operators.recordLogin(operatorId, at)
    await ledger.operators.recordAction(actor, { action: 'login.done' }, at)
    return reply.redirect('/admin', 303)
  })
}

const RETIRED =
  'ADMIN_PASSWORD no longer opens Admin, because there are accounts of operators. Log in with your email address.'

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

/** Returns the id of a browser in which an operator logged in before, or null. It grants no access, only a shorter wait. */
function deviceOf(request: FastifyRequest, deps: AdminDeps): string | null {
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

/** Whether form and cookie hold the same signed token, so that no other site can log an operator in. */
function hasLoginToken(request: FastifyRequest, deps: AdminDeps): boolean {
  const cookie = readCookie(request.headers.cookie, createCookieJar(deps.secure).login) ?? ''
  const opened = deps.tokens.verify('session', cookie)
  return opened?.startsWith('login ') === true && isSameSecret(field(request, 'csrf'), cookie)
}

async function showForm(reply: FastifyReply, site: Site, deps: AdminDeps, status: number, fault: string | null) {
  const jar = createCookieJar(deps.secure)
  const token = deps.tokens.sign('session', `login ${randomBytes(18).toString('base64url')}`)
  reply.header('set-cookie', jar.write(jar.login, token, FORM_SECONDS))
  const asks = await asksFor(deps)
  return sendLoginPage(
    reply,
    site,
    'Log in',
    <LoginForm name={site.brand.name} token={token} asks={asks} fault={fault} />,
    status,
  )
}
