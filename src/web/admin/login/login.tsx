import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { KNOWN_DEVICE_DAYS } from '../../../../config/limits-web.ts'
import { isSameSecret } from '../../../security/same-secret.ts'
import { matchTotp } from '../../../security/totp.ts'
import type { Site } from '../../layout/page.ts'
import type { AdminDeps } from '../deps.ts'
import { sendLoginPage } from '../layout/admin-page.tsx'
import { createCookieJar, readCookie } from './cookies.ts'
import { field, isSameOrigin, sessionIdOf, sessionOf, startSession } from './guard.ts'
import { createLoginGate } from './login-gate.ts'

const FORM_SECONDS = 3_600

/** Adds `/admin/login`, the only admin page without a session. */
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
    const visitor = { ip: request.ip, device: deviceOf(request, deps) }
    const answer = await gate.enter(visitor, () => isOperator(request, deps, site.clock()))
    if (answer.kind === 'locked' || answer.kind === 'busy') {
      deps.log.warn({ retrySeconds: answer.retrySeconds }, `a login to /admin was rejected: ${answer.kind}`)
      reply.header('retry-after', String(answer.retrySeconds))
      return showForm(reply, site, deps, 429, messageOf(answer))
    }
    const at = site.clock()
    if (answer.kind === 'wrong') {
      // The attempt limits also bound these rows, so nobody can fill the audit log from outside.
      await deps.ledger.operators.recordAction({ who: 'nobody', address: request.ip }, { action: 'login.failed' }, at)
      const words = deps.totpSecret === null ? 'Wrong password.' : 'Wrong password or code.'
      return showForm(reply, site, deps, 403, words)
    }
    // A login always opens a new session and ends the browser's old one.
    const old = sessionIdOf(request, deps)
    if (old !== null) await deps.ledger.operators.endSession(old)
    const actor = await startSession(request, reply, site, deps)
    rememberDevice(reply, deps)
    await deps.ledger.operators.recordAction(actor, { action: 'login.done' }, at)
    return reply.redirect('/admin', 303)
  })
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

/** Returns the id of a browser in which an operator logged in before, or null. It grants no access, only a shorter wait. */
function deviceOf(request: FastifyRequest, deps: AdminDeps): string | null {
  const cookie = readCookie(request.headers.cookie, createCookieJar(deps.secure).device) ?? ''
  const opened = deps.tokens.verify('session', cookie)
  return opened?.startsWith(DEVICE) === true ? opened.slice(DEVICE.length) : null
}

const DEVICE = 'device '

function rememberDevice(reply: FastifyReply, deps: AdminDeps): void {
  const jar = createCookieJar(deps.secure)
  const token = deps.tokens.sign('session', `${DEVICE}${randomBytes(18).toString('base64url')}`)
  reply.header('set-cookie', jar.write(jar.device, token, KNOWN_DEVICE_DAYS * 24 * 3_600))
}

/** Always checks both password and code, so that the response does not reveal which was wrong. */
async function isOperator(request: FastifyRequest, deps: AdminDeps, at: Date): Promise<boolean> {
  const right = await deps.checkPassword(passwordOf(request))
  if (deps.totpSecret === null) return right
  const step = matchTotp(deps.totpSecret, field(request, 'code'), at)
  return right && step !== null && (await deps.ledger.operators.consumeTotpStep(step, at))
}

/** Returns the password untrimmed, because spaces may be part of it. */
function passwordOf(request: FastifyRequest): string {
  const value = (request.body as Record<string, unknown> | null | undefined)?.password
  return typeof value === 'string' ? value : ''
}

/** Whether form and cookie hold the same signed token, so that no other site can log an operator in. */
function hasLoginToken(request: FastifyRequest, deps: AdminDeps): boolean {
  const cookie = readCookie(request.headers.cookie, createCookieJar(deps.secure).login) ?? ''
  const opened = deps.tokens.verify('session', cookie)
  return opened?.startsWith('login ') === true && isSameSecret(field(request, 'csrf'), cookie)
}

function showForm(reply: FastifyReply, site: Site, deps: AdminDeps, status: number, fault: string | null) {
  const jar = createCookieJar(deps.secure)
  const token = deps.tokens.sign('session', `login ${randomBytes(18).toString('base64url')}`)
  reply.header('set-cookie', jar.write(jar.login, token, FORM_SECONDS))
  return sendLoginPage(
    reply,
    site,
    'Log in',
    <LoginForm name={site.brand.name} token={token} withCode={deps.totpSecret !== null} fault={fault} />,
    status,
  )
}

function LoginForm(props: {
  readonly name: string
  readonly token: string
  readonly withCode: boolean
  readonly fault: string | null
}) {
  const invalid = props.fault === null ? {} : ({ 'aria-invalid': true, 'aria-describedby': 'fault' } as const)
  return (
    <form method="post" action="/admin/login" className="panel stack">
      <h1>
        <span dir="auto">{props.name}</span> Admin
      </h1>
      {props.fault === null ? null : (
        <p className="error" id="fault" role="alert">
          {props.fault}
        </p>
      )}
      <input type="hidden" name="csrf" value={props.token} />
      <div className="field">
        <label htmlFor="password">Password</label>
        <input id="password" name="password" type="password" autoComplete="current-password" required {...invalid} />
      </div>
      {props.withCode ? (
        <div className="field">
          <label htmlFor="code">Authenticator code</label>
          <input
            id="code"
            name="code"
            type="text"
            inputMode="numeric"
            autoComplete="one-time-code"
            pattern="[0-9 ]{6,7}"
            required
            {...invalid}
          />
        </div>
      ) : null}
      <button type="submit">Log in</button>
    </form>
  )
}
