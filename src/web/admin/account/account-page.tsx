import type { ReactNode } from 'react'
import { SESSION_HOURS_MAX } from '../../../../config/limits-web.ts'
import { ROLE_WORDS } from '../../../domain/operator.ts'
import type { Account } from '../../../ledger/operators/accounts.ts'
import type { ListedSession } from '../../../ledger/operators/sessions.ts'
import { Table } from '../../layout/table.tsx'
import { ActionForm, HiddenFields, Moment } from '../layout/admin-page.tsx'
import { NewPasswordField, PasswordField } from '../login/password-fields.tsx'

export function AccountPage({
  account,
  sessions,
  own,
  csrf,
  passkeys,
}: {
  readonly account: Account
  readonly sessions: readonly ListedSession[]
  /** The session that shows the page. */
  readonly own: string
  readonly csrf: string
  /** The part of the page about passkeys. */
  readonly passkeys: ReactNode
}) {
  return (
    <>
      <h1>Your account</h1>
      <p className="lead">
        <span dir="auto">{account.name}</span>, {account.email}. Your role is {account.role}. {ROLE_WORDS[account.role]}
      </p>
      <div className="columns">
        <PasswordForm csrf={csrf} email={account.email} />
        <section className="panel stack">
          <h2>Two-factor login</h2>
          <p>
            {account.hasTotp
              ? 'It is on: a login needs a code of your authenticator app.'
              : 'It is off. With it, a stolen password alone opens nothing.'}
          </p>
          <p>
            <a className="button quiet" href="/admin/account/two-factor">
              {account.hasTotp ? 'Manage two-factor login' : 'Set up two-factor login'}
            </a>
          </p>
        </section>
      </div>
      {passkeys}
      <h2>Your sessions</h2>
      <p>
        A session ends after one hour without use, and after {SESSION_HOURS_MAX} hours in any case. End those that you
        do not know, and change your password.
      </p>
      <Table name="Your sessions" columns={['Session', 'IP address', 'Since', 'Last used', 'Change']}>
        {sessions.map((session) => (
          <tr key={session.id}>
            <td>
              <code>{session.label}</code>
            </td>
            <td>{session.address}</td>
            <td>
              <Moment at={session.createdAt} />
            </td>
            <td>
              <Moment at={session.seenAt} />
            </td>
            <td>
              {session.id === own ? (
                <span className="tag">this session</span>
              ) : (
                <ActionForm
                  to="/admin/account/sessions/end"
                  csrf={csrf}
                  label="End session"
                  fields={{ label: session.label }}
                />
              )}
            </td>
          </tr>
        ))}
      </Table>
      {sessions.length > 1 ? (
        <div className="actions">
          <ActionForm
            to="/admin/account/sessions/end-others"
            csrf={csrf}
            label="End all other sessions"
            look="danger"
          />
        </div>
      ) : null}
    </>
  )
}

function PasswordForm({ csrf, email }: { readonly csrf: string; readonly email: string }) {
  return (
    <form method="post" action="/admin/account/password" className="panel stack">
      <h2>Password</h2>
      <HiddenFields csrf={csrf} />
      <input type="hidden" name="username" autoComplete="username" value={email} />
      <PasswordField id="current" name="current" label="Current password" />
      <NewPasswordField id="new" name="new" label="New password" />
      <button type="submit">Change password</button>
    </form>
  )
}
