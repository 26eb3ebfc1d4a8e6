import type { FastifyInstance, FastifyReply } from 'fastify'
import { OPERATOR_NAME_CHARS_MAX } from '../../../../config/limits-web.ts'
import { parseName, ROLE_WORDS } from '../../../domain/operator.ts'
import type { AccountLink } from '../../../ledger/operators/account-links.ts'
import { hashPassword, newPasswordFault } from '../../../security/password.ts'
import type { Site } from '../../layout/page.ts'
import { keepPrivate } from '../../layout/site.ts'
import type { AdminDeps } from '../deps.ts'
import { sendLoginPage } from '../layout/admin-page.tsx'
import { passwordIn } from '../login/check-login.ts'
import { completeLogin } from '../login/complete-login.ts'
import { field, isSameOrigin } from '../login/guard.ts'
import { NewPasswordField } from '../login/password-fields.tsx'

type TokenRequest = { Params: { token: string } }

/** Adds `/admin/invitation/:token`, where an operator uses a one-time link to set a password. It needs no session. */
export function addInvitation(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  const { operators } = deps.ledger
  const find = async (token: string) => {
    const id = deps.tokens.verify('operator', token)
    const link = id === null ? null : await operators.readLink(id, site.clock())
    return id === null || link === null ? null : { id, link }
  }
  const gone = (reply: FastifyReply) => sendLoginPage(reply, site, 'Link not valid', <Gone />, { status: 404 })
  admin.get<TokenRequest>('/invitation/:token', async (request, reply) => {
    keepPrivate(reply)
    const found = await find(request.params.token)
    if (found === null) return gone(reply)
    const form = <InvitationForm {...found.link} token={request.params.token} fault={null} />
    return sendLoginPage(reply, site, titleOf(found.link), form)
  })
  admin.post<TokenRequest>('/invitation/:token', async (request, reply) => {
    const found = isSameOrigin(request) ? await find(request.params.token) : null
    if (found === null) return gone(reply)
    const name = parseName(field(request, 'name'), OPERATOR_NAME_CHARS_MAX)
    const password = passwordIn(request)
    const fault = name === null ? 'Please enter a name without an email address.' : newPasswordFault(password)
    if (name === null || fault !== null) {
      const form = <InvitationForm {...found.link} token={request.params.token} fault={fault} />
      return sendLoginPage(reply, site, titleOf(found.link), form, { status: 422 })
    }
    const at = site.clock()
    const set = { name, passwordHash: await hashPassword(password) }
    const used = await operators.consumeLink(found.id, set, { address: request.ip, at })
    if (used === null) return gone(reply)
    // A new password must not replace the second factor, so the operator logs in with both.
    if (used.hasPassword) return sendLoginPage(reply, site, 'Password set', <PasswordSet />)
    await completeLogin(request, reply, { site, deps }, used.operatorId)
    return reply.redirect(field(request, 'next') === 'two-factor' ? '/admin/account/two-factor' : '/admin', 303)
  })
}

function titleOf({ hasPassword }: AccountLink): string {
  return hasPassword ? 'Set a new password' : 'Open your account'
}

function InvitationForm(props: AccountLink & { readonly token: string; readonly fault: string | null }) {
  const invalid = props.fault === null ? {} : ({ 'aria-invalid': true, 'aria-describedby': 'fault' } as const)
  return (
    <form method="post" action={`/admin/invitation/${props.token}`} className="panel stack">
      <h1>{titleOf(props)}</h1>
      {props.hasPassword ? null : (
        <p>
          You are invited as {props.role}. {ROLE_WORDS[props.role]} You log in as {props.email}.
        </p>
      )}
      {props.fault === null ? null : (
        <p className="error" id="fault" role="alert">
          {props.fault}
        </p>
      )}
      <input type="hidden" name="username" autoComplete="username" value={props.email} />
      <div className="field">
        <label htmlFor="name">Name</label>
        <input
          id="name"
          name="name"
          type="text"
          autoComplete="name"
          required
          maxLength={OPERATOR_NAME_CHARS_MAX}
          defaultValue={props.name}
        />
        <p className="hint">The audit log shows it.</p>
      </div>
      <NewPasswordField id="password" name="password" label="New password" invalid={invalid} />
      {props.hasPassword ? null : (
        <label className="choice">
          <input type="checkbox" name="next" value="two-factor" />
          <span>Then set up two-factor login</span>
        </label>
      )}
      <button type="submit">{props.hasPassword ? 'Set password' : 'Open account'}</button>
    </form>
  )
}

function Gone() {
  return (
    <div className="panel stack">
      <h1>Link not valid</h1>
      <p>It was used, it has expired, or a newer one has replaced it. Ask an owner for a new link.</p>
      <p>
        <a href="/admin/login">Log in</a>
      </p>
    </div>
  )
}

function PasswordSet() {
  return (
    <div className="panel stack">
      <h1>Password set</h1>
      <p>Your other sessions have ended.</p>
      <p>
        <a className="button" href="/admin/login">
          Log in
        </a>
      </p>
    </div>
  )
}
