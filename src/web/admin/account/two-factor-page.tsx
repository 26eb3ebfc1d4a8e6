import { encode } from 'uqr'
import { RECOVERY_CODES } from '../../../../config/limits-web.ts'
import { ActionForm, HiddenFields } from '../layout/admin-page.tsx'
import { CodeField, PasswordField } from '../login/password-fields.tsx'

export function TwoFactorOff({ csrf }: { readonly csrf: string }) {
  return (
    <>
      <h1>Two-factor login</h1>
      <p className="lead">It is off. With it, a login needs your password and a code of an authenticator app.</p>
      <div className="actions">
        <ActionForm to="/admin/account/two-factor/start" csrf={csrf} label="Set up two-factor login" look="plain" />
        <Back />
      </div>
    </>
  )
}

/** Shows the secret as a QR code and as text, and asks for the first code. */
export function Enrolment({
  csrf,
  secret,
  uri,
}: {
  readonly csrf: string
  readonly secret: string
  readonly uri: string
}) {
  return (
    <>
      <h1>Two-factor login</h1>
      <p className="lead">Scan this code with an authenticator app. Then type the six digits that the app shows.</p>
      <div className="columns">
        <section className="panel stack">
          <h2>1. Scan</h2>
          <QrCode text={uri} />
          <p>
            Without a camera, type this key: <code>{(secret.match(/.{1,4}/g) ?? []).join(' ')}</code>
          </p>
        </section>
        <form method="post" action="/admin/account/two-factor/confirm" className="panel stack">
          <h2>2. Confirm</h2>
          <CheckFields csrf={csrf} id="confirm" codeLabel="Six digits" digits />
          <button type="submit">Turn on</button>
        </form>
      </div>
      <div className="actions">
        <ActionForm to="/admin/account/two-factor/start" csrf={csrf} label="Begin anew" />
        <Back />
      </div>
    </>
  )
}

export function TwoFactorOn({ csrf, recoveryCodes }: { readonly csrf: string; readonly recoveryCodes: number }) {
  return (
    <>
      <h1>Two-factor login</h1>
      <p className="lead">
        It is on. {recoveryCodes} of {RECOVERY_CODES} recovery codes are left.
      </p>
      <div className="columns">
        <form method="post" action="/admin/account/two-factor/codes" className="panel stack">
          <h2>New recovery codes</h2>
          <p>The old ones stop working.</p>
          <CheckFields csrf={csrf} id="codes" codeLabel="Authenticator or recovery code" />
          <button type="submit" className="quiet">
            Make new codes
          </button>
        </form>
        <form method="post" action="/admin/account/two-factor/off" className="panel stack">
          <h2>Turn off</h2>
          <p>From then on, the password alone opens your account.</p>
          <CheckFields csrf={csrf} id="off" codeLabel="Authenticator or recovery code" />
          <button type="submit" className="danger">
            Turn off
          </button>
        </form>
      </div>
      <div className="actions">
        <Back />
      </div>
    </>
  )
}

/** Shows new recovery codes, once. The ledger has only their hashes. */
export function RecoveryCodes({
  codes,
  name,
  isNew,
}: {
  readonly codes: readonly string[]
  readonly name: string
  readonly isNew: boolean
}) {
  const file = [`${name} Admin: recovery codes. Each works once.`, '', ...codes, ''].join('\r\n')
  return (
    <>
      <h1>Recovery codes</h1>
      <p className="lead">
        {isNew ? 'Two-factor login is on. ' : ''}Each code replaces one code of your app, once. Store them where you
        find them without your phone. They are not shown again.
      </p>
      <ul className="recovery-codes panel">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className="actions">
        <a
          className="button"
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(file)}`}
          download="recovery-codes.txt"
        >
          Download
        </a>
        <Back />
      </div>
    </>
  )
}

function CheckFields(props: {
  readonly csrf: string
  readonly id: string
  readonly codeLabel: string
  readonly digits?: boolean
}) {
  return (
    <>
      <HiddenFields csrf={props.csrf} />
      <PasswordField id={`${props.id}-current`} name="current" label="Password" />
      <CodeField id={`${props.id}-code`} label={props.codeLabel} digits={props.digits === true} />
    </>
  )
}

function Back() {
  return (
    <a className="button quiet" href="/admin/account">
      Back to your account
    </a>
  )
}

/** A QR code as one path, dark on white in every theme, because scanners expect it. */
function QrCode({ text }: { readonly text: string }) {
  const { data, size } = encode(text, { border: QUIET_MODULES })
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
  return (
    <svg
      className="qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label="QR code of the key"
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}

const QUIET_MODULES = 4 // The quiet zone of ISO/IEC 18004 §6.3.8.
