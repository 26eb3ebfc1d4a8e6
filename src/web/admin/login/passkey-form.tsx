import type { ReactNode } from 'react'
import type { PasskeyPlace } from '../../../security/passkeys.ts'
import { HiddenFields } from '../layout/admin-page.tsx'

/**
 * A form that is posted with the answer of a passkey. passkey.js shows it, gets the request from `ACTION/options`, and says what
 * went wrong in the words of the attributes. Without JavaScript the form stays hidden.
 */
export function PasskeyForm(props: {
  readonly kind: 'add' | 'use'
  readonly to: string
  readonly csrf: string
  readonly place: PasskeyPlace
  readonly children: ReactNode
}) {
  return (
    <form
      method="post"
      action={props.to}
      className="panel stack"
      hidden
      data-passkey={props.kind}
      data-cancelled="Nothing happened: the passkey was not used, or it took too long. Try again."
      data-known="This device has a passkey for your account already."
      data-elsewhere={`A passkey works only at ${props.place.origin}. Open Admin there.`}
      data-failed="That did not work. Load the page again and retry."
    >
      <HiddenFields csrf={props.csrf} fields={{ credential: '' }} />
      {props.children}
      <p className="error" role="alert" data-note hidden />
    </form>
  )
}

/** The button of the login page, below the form for the password. */
export function PasskeyLoginForm({ token, place }: { readonly token: string; readonly place: PasskeyPlace }) {
  return (
    <PasskeyForm kind="use" to="/admin/login/passkey" csrf={token} place={place}>
      <button type="submit" className="quiet">
        Log in with a passkey
      </button>
    </PasskeyForm>
  )
}
