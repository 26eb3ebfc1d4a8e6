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
import { field, isOwnForm, sessionIdOf, sessionOf, startSession } from './guard.ts'
import { createLoginGate } from './login-gate.ts'

const FORM_SECONDS = 3_600

/** `/admin/login`: the only page of the desk that is shown to everybody. */
export function addLogin(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  const { ledger, tokens } = deps
  const gate = createLoginGate({ ledger, hash: tokens.hashAddress, clock: site.clock, sleep: (ms) => setTimeout(ms) })
  admin.get('/login', async (request, reply) => {
    if ((await sessionOf(request, site, deps)) !== null) return reply.redirect('/admin', 303)
    return showForm(reply, site, deps, 200, null)
  })
  admin.post('/login', async (request, reply) => {
    if (!isOwnForm(request) || !isOwnLogin(request, deps))
      return showForm(reply, site, deps, 403, 'This form had expired. Please try again.')
    const visitor = { ip: request.ip, device: deviceOf(request, deps) }
    const answer = await gate.enter(visitor, () => isOperator(request, deps, site.clock()))
    if (answer.kind === 'locked' || answer.kind === 'busy') {
      deps.log.warn({ retrySeconds: answer.retrySeconds }, `a login to /admin was refused: ${answer.kind}`)
      reply.header('retry-after', String(answer.retrySeconds))
      return showForm(reply, site, deps, 429, wordsOf(answer))
    }
    const at = site.clock()
    if (answer.kind === 'wrong') {
      // As many as there are tries: nobody can fill the record from outside.
      await deps.ledger.operators.recordAction({ who: 'nobody', address: request.ip }, { action: 'login.failed' }, at)
      const words = deps.totpSecret === null ? 'That is not the password.' : 'The password or the code is wrong.'
      return showForm(reply, site, deps, 403, words)
    }
    // Whatever session this browser had ends: a login always begins a new one.
    const old = sessionIdOf(request, deps)
    if (old !== null) await deps.ledger.operators.endSession(old)
    const actor = await startSession(request, reply, site, deps)
    rememberDevice(reply, deps)
    await deps.ledger.operators.recordAction(actor, { action: 'login.done' }, at)
    return reply.redirect('/admin', 303)
  })
}

function wordsOf({ kind, retrySeconds }: { readonly kind: 'locked' | 'busy'; readonly retrySeconds: number }): string {
  if (kind === 'busy')
    return `Many logins wait just now. Your password was not looked at: try again in ${retrySeconds} s.`
  return `Too many tries. Please wait ${Math.ceil(retrySeconds / 60)} min.`
}

/** The id of a browser in which an operator logged in before, or null. It opens nothing; it only spares the wait of strangers. */
function deviceOf(request: FastifyRequest, deps: AdminDeps): string | null {
  const cookie = readCookie(request.headers.cookie, createCookieJar(deps.secure).device) ?? ''
  const opened = deps.tokens.verify('session', cookie)
  return opened?.startsWith(DEVICE) === true ? opened.slice(DEVICE.length) : null
}

const DEVICE = 'device '

function rememberDevice(reply: FastifyReply, deps: AdminDeps): void {
  const jar = createCookieJar(deps.secure)
  const word = deps.tokens.sign('session', `${DEVICE}${randomBytes(18).toString('base64url')}`)
  reply.header('set-cookie', jar.write(jar.device, word, KNOWN_DEVICE_DAYS * 24 * 3_600))
}

/** Both are looked at in any case, so that an answer does not say which of them was wrong. */
async function isOperator(request: FastifyRequest, deps: AdminDeps, at: Date): Promise<boolean> {
  const right = await deps.checkPassword(passwordOf(request))
  if (deps.totpSecret === null) return right
  const step = matchTotp(deps.totpSecret, field(request, 'code'), at)
  return right && step !== null && (await deps.ledger.operators.consumeTotpStep(step, at))
}

/** Not trimmed: blanks at the ends may belong to it. */
function passwordOf(request: FastifyRequest): string {
  const value = (request.body as Record<string, unknown> | null | undefined)?.password
  return typeof value === 'string' ? value : ''
}

/** The form and the browser must hold the same signed word, so that no other site can log an operator in. */
function isOwnLogin(request: FastifyRequest, deps: AdminDeps): boolean {
  const cookie = readCookie(request.headers.cookie, createCookieJar(deps.secure).login) ?? ''
  const opened = deps.tokens.verify('session', cookie)
  return opened?.startsWith('login ') === true && isSameSecret(field(request, 'csrf'), cookie)
}

function showForm(reply: FastifyReply, site: Site, deps: AdminDeps, status: number, fault: string | null) {
  const jar = createCookieJar(deps.secure)
  const word = deps.tokens.sign('session', `login ${randomBytes(18).toString('base64url')}`)
  reply.header('set-cookie', jar.write(jar.login, word, FORM_SECONDS))
  return sendLoginPage(
    reply,
    site,
    'Log in',
    <LoginForm name={site.brand.name} word={word} withCode={deps.totpSecret !== null} fault={fault} />,
    status,
  )
}

function LoginForm(props: {
  readonly name: string
  readonly word: string
  readonly withCode: boolean
  readonly fault: string | null
}) {
  const marks = props.fault === null ? {} : ({ 'aria-invalid': true, 'aria-describedby': 'fault' } as const)
  return (
    <form method="post" action="/admin/login" className="panel stack">
      <h1>
        <span dir="auto">{props.name}</span> desk
      </h1>
      {props.fault === null ? null : (
        <p className="error" id="fault" role="alert">
          {props.fault}
        </p>
      )}
      <input type="hidden" name="csrf" value={props.word} />
      <div className="field">
        <label htmlFor="password">Password</label>
        <input id="password" name="password" type="password" autoComplete="current-password" required {...marks} />
      </div>
      {props.withCode ? (
        <div className="field">
          <label htmlFor="code">Code of your authenticator app</label>
          <input
            id="code"
            name="code"
            type="text"
            inputMode="numeric"
            autoComplete="one-time-code"
            pattern="[0-9 ]{6,7}"
            required
            {...marks}
          />
        </div>
      ) : null}
      <button type="submit">Log in</button>
    </form>
  )
}
