import { PASSKEY_NAME_CHARS_MAX } from '../../../../config/limits-web.ts'
import type { Account } from '../../../ledger/operators/accounts.ts'
import type { ListedPasskey } from '../../../ledger/operators/passkeys.ts'
import type { PasskeyPlace } from '../../../security/passkeys.ts'
import { Table } from '../../layout/table.tsx'
import { HiddenFields, Moment } from '../layout/admin-page.tsx'
import { PasskeyForm } from '../login/passkey-form.tsx'
import { CodeField, PasswordField } from '../login/password-fields.tsx'

/** `passkey.js` sends these fields with the request for a challenge, and not again with the form. */
const ONCE = { 'data-once': true }

interface PasskeysProps {
  readonly account: Pick<Account, 'email' | 'hasTotp'>
  readonly passkeys: readonly ListedPasskey[]
  readonly csrf: string
}

/** The passkeys of the account page: the list, and the forms to add and remove one. */
export function PasskeysSection(
  props: PasskeysProps & {
    /** Null if PUBLIC_URL allows no passkeys. */
    readonly place: PasskeyPlace | null
    readonly publicUrl: string
  },
) {
  const { passkeys, place } = props
  return (
    <>
      <h2 id="passkeys">Your passkeys</h2>
      <p>
        A passkey opens your account by fingerprint, face or PIN, without a password and a code. It stays on your device
        or in your password manager.
      </p>
      {passkeys.length === 0 ? <p>You have none.</p> : <Passkeys passkeys={passkeys} />}
      {place === null ? (
        <p className="message bad">
          Browsers allow passkeys only at an https address with a host name, or at localhost. PUBLIC_URL is{' '}
          {props.publicUrl}, so no passkey works here.
        </p>
      ) : (
        <p className="soft" data-no-passkey>
          To add one, open Admin at {place.origin}, in a browser that has passkeys and runs JavaScript.
        </p>
      )}
      <div className="columns">
        {place === null ? null : <AddForm {...props} place={place} />}
        {passkeys.length === 0 ? null : <RemoveForm {...props} />}
      </div>
    </>
  )
}

function Passkeys({ passkeys }: { readonly passkeys: readonly ListedPasskey[] }) {
  return (
    <Table name="Your passkeys" columns={['Name', 'Added', 'Last used']}>
      {passkeys.map((passkey) => (
        <tr key={passkey.id}>
          <td dir="auto">{passkey.name}</td>
          <td>
            <Moment at={passkey.createdAt} />
          </td>
          <td>
            <Moment at={passkey.lastUsedAt} />
          </td>
        </tr>
      ))}
    </Table>
  )
}

function AddForm({ csrf, account, place }: PasskeysProps & { readonly place: PasskeyPlace }) {
  return (
    <PasskeyForm kind="add" to="/admin/account/passkeys" csrf={csrf} place={place}>
      <h2>Add a passkey</h2>
      <div className="field">
        <label htmlFor="passkey-name">Name of the passkey</label>
        <input
          id="passkey-name"
          name="name"
          type="text"
          required
          maxLength={PASSKEY_NAME_CHARS_MAX}
          autoComplete="off"
          placeholder="Laptop"
        />
      </div>
      <CheckFields id="add-passkey" account={account} />
      <button type="submit">Add a passkey</button>
    </PasskeyForm>
  )
}

function RemoveForm({ csrf, account, passkeys }: PasskeysProps) {
  return (
    <form method="post" action="/admin/account/passkeys/remove" className="panel stack">
      <h2>Remove a passkey</h2>
      <HiddenFields csrf={csrf} />
      <div className="field">
        <label htmlFor="remove-passkey">Passkey</label>
        <select id="remove-passkey" name="passkey">
          {passkeys.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <CheckFields id="remove-passkey" account={account} />
      <button type="submit" className="danger">
        Remove passkey
      </button>
    </form>
  )
}

/** The password, and a code with two-factor login: whoever adds a passkey can log in with it alone. */
function CheckFields({ id, account }: { readonly id: string; readonly account: PasskeysProps['account'] }) {
  return (
    <>
      <input type="hidden" name="username" autoComplete="username" value={account.email} />
      <PasswordField id={`${id}-current`} name="current" label="Password" attributes={ONCE} />
      {account.hasTotp ? (
        <CodeField id={`${id}-code`} label="Authenticator or recovery code" attributes={ONCE} />
      ) : null}
    </>
  )
}
