import { OPERATOR_NAME_CHARS_MAX } from '../../../../config/limits-web.ts'
import { ROLE_WORDS, ROLES } from '../../../domain/operator.ts'
import type { Account } from '../../../ledger/operators/accounts.ts'
import { Table } from '../../layout/table.tsx'
import { ActionForm, HiddenFields, Moment, Note } from '../layout/admin-page.tsx'
import { NewPasswordField } from '../login/password-fields.tsx'

/** A one-time link that was just made. */
export interface ShownLink {
  readonly url: string
  readonly name: string
  readonly email: string
  readonly hasPassword: boolean
  readonly hours: number
}

interface OperatorsPageProps {
  readonly accounts: readonly Account[]
  /** The account of the person who sees the page, or null after a login with ADMIN_PASSWORD. */
  readonly own: string | null
  readonly csrf: string
  readonly at: Date
  readonly fault?: string
  readonly link?: ShownLink
}

export function OperatorsPage({ accounts, own, csrf, at, fault, link }: OperatorsPageProps) {
  return (
    <>
      <h1>Operators</h1>
      <p className="lead">The people who may log in here. The audit log names them.</p>
      {fault === undefined ? null : <Note note={{ kind: 'bad', words: fault }} />}
      {link === undefined ? null : <NewLink link={link} />}
      {own === null ? <FirstOwnerForm csrf={csrf} /> : null}
      {accounts.length === 0 ? null : <Accounts accounts={accounts} own={own} csrf={csrf} at={at} />}
      <div className="columns">
        <InviteForm csrf={csrf} />
        <section className="panel stack">
          <h2>Roles</h2>
          {ROLES.map((role) => (
            <p key={role}>{ROLE_WORDS[role]}</p>
          ))}
          <p>
            <a href="/admin/sessions">All open sessions</a>
          </p>
        </section>
      </div>
    </>
  )
}

function NewLink({ link }: { readonly link: ShownLink }) {
  return (
    <section className="panel stack" aria-labelledby="new-link">
      <h2 id="new-link" className="first">
        Link for <span dir="auto">{link.name}</span>
      </h2>
      <p>
        {link.hasPassword ? 'It sets a new password' : 'It opens the account'}, once, within {link.hours} hours. Send it
        to {link.email}. Anyone who has it can use it.
      </p>
      <div className="field">
        <label htmlFor="link">One-time link</label>
        <input id="link" type="text" readOnly value={link.url} />
      </div>
    </section>
  )
}

function FirstOwnerForm({ csrf }: { readonly csrf: string }) {
  return (
    <form method="post" action="/admin/operators/first" className="panel stack">
      <h2 className="first">Create your account</h2>
      <p>You become the first owner. From then on, ADMIN_PASSWORD is refused, and you can remove it.</p>
      <HiddenFields csrf={csrf} />
      <PersonFields id="own" />
      <NewPasswordField id="own-password" name="password" label="Password" />
      <button type="submit">Create account</button>
    </form>
  )
}

function InviteForm({ csrf }: { readonly csrf: string }) {
  return (
    <form method="post" action="/admin/operators" className="panel stack">
      <h2>Invite an operator</h2>
      <HiddenFields csrf={csrf} />
      <PersonFields id="new" />
      <div className="field">
        <label htmlFor="new-role">Role</label>
        <RoleSelect id="new-role" chosen="editor" />
      </div>
      <button type="submit">Make invitation</button>
    </form>
  )
}

function PersonFields({ id }: { readonly id: string }) {
  return (
    <>
      <div className="field">
        <label htmlFor={`${id}-name`}>Name</label>
        <input
          id={`${id}-name`}
          name="name"
          type="text"
          required
          maxLength={OPERATOR_NAME_CHARS_MAX}
          autoComplete={id === 'own' ? 'name' : 'off'}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-email`}>Email address</label>
        <input id={`${id}-email`} name="email" type="email" required autoComplete={id === 'own' ? 'username' : 'off'} />
      </div>
    </>
  )
}

function RoleSelect({ id, chosen, label }: { readonly id?: string; readonly chosen: string; readonly label?: string }) {
  return (
    <select id={id} name="role" defaultValue={chosen} aria-label={label}>
      {ROLES.map((role) => (
        <option key={role}>{role}</option>
      ))}
    </select>
  )
}

function Accounts({ accounts, own, csrf, at }: Pick<OperatorsPageProps, 'accounts' | 'own' | 'csrf' | 'at'>) {
  return (
    <Table name="Operators" columns={['Name', 'State', 'Role', 'Last login', 'Change']}>
      {accounts.map((account) => (
        <tr key={account.id}>
          <td>
            <span dir="auto">{account.name}</span> {account.id === own ? <span className="tag">you</span> : null}
            <div className="soft small">{account.email}</div>
          </td>
          <td>
            <State account={account} at={at} />
          </td>
          <td>
            {account.disabledAt === null ? (
              <form method="post" action={`/admin/operators/${account.id}/role`} className="actions">
                <HiddenFields csrf={csrf} fields={{ seen: account.role }} />
                <RoleSelect chosen={account.role} label={`Role of ${account.name}`} />
                <button type="submit" className="quiet">
                  Set role
                </button>
              </form>
            ) : (
              account.role
            )}
          </td>
          <td>
            <Moment at={account.lastLoginAt} />
          </td>
          <td>
            <Changes account={account} csrf={csrf} />
          </td>
        </tr>
      ))}
    </Table>
  )
}

function State({ account, at }: { readonly account: Account; readonly at: Date }) {
  const { disabledAt, hasPassword, hasTotp, passkeys, linkExpiresAt } = account
  if (disabledAt !== null) return <span className="tag bad">disabled</span>
  const isLinkOpen = linkExpiresAt !== null && linkExpiresAt > at
  const tag = hasPassword ? (
    <span className="tag good">active</span>
  ) : (
    <span className="tag warn">{isLinkOpen ? 'invited' : 'invitation expired'}</span>
  )
  return (
    <>
      {tag}
      <div className="soft small">{hasPassword ? (hasTotp ? 'two-factor on' : 'two-factor off') : null}</div>
      {passkeys === 0 ? null : (
        <div className="soft small">{passkeys === 1 ? '1 passkey' : `${passkeys} passkeys`}</div>
      )}
      {isLinkOpen ? (
        <div className="soft small">
          link until <Moment at={linkExpiresAt} />
        </div>
      ) : null}
    </>
  )
}

function Changes({ account, csrf }: { readonly account: Account; readonly csrf: string }) {
  const to = (name: string) => `/admin/operators/${account.id}/${name}`
  if (account.disabledAt !== null) return <ActionForm to={to('enable')} csrf={csrf} label="Enable" />
  return (
    <div className="actions">
      <ActionForm to={to('link')} csrf={csrf} label={account.hasPassword ? 'Reset password' : 'New link'} />
      {account.hasTotp || account.passkeys > 0 ? (
        <ActionForm to={to('link')} csrf={csrf} label="Reset both factors" fields={{ totp: 'off' }} />
      ) : null}
      {account.hasPassword ? (
        <ActionForm to={to('disable')} csrf={csrf} label="Disable" look="danger" />
      ) : (
        <ActionForm to={to('withdraw')} csrf={csrf} label="Withdraw" look="danger" />
      )}
    </div>
  )
}
