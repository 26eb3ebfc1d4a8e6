import type { LoginAsks } from './check-login.ts'
import { CodeField, PasswordField } from './password-fields.tsx'

/** The form of `/admin/login`. */
export function LoginForm(props: {
  readonly name: string
  readonly token: string
  readonly asks: LoginAsks
  readonly fault: string | null
}) {
  const { asks } = props
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
      {asks.email === 'no' ? null : (
        <div className="field">
          <label htmlFor="email">Email address</label>
          <input
            id="email"
            name="email"
            type="email"
            autoComplete="username"
            required={asks.email === 'required'}
            {...invalid}
          />
          {asks.email === 'optional' ? (
            <p className="hint">Without an account, leave it empty and use ADMIN_PASSWORD.</p>
          ) : null}
        </div>
      )}
      <PasswordField id="password" name="password" label="Password" attributes={invalid} />
      {asks.code === 'no' ? null : (
        <CodeField
          id="code"
          label="Authenticator code"
          attributes={invalid}
          {...(asks.code === 'required'
            ? { digits: true }
            : { required: false, hint: 'Only with two-factor login. A recovery code works, too.' })}
        />
      )}
      <button type="submit">Log in</button>
    </form>
  )
}
