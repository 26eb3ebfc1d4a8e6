import type { LoginAsks } from './check-login.ts'

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
      <div className="field">
        <label htmlFor="password">Password</label>
        <input id="password" name="password" type="password" autoComplete="current-password" required {...invalid} />
      </div>
      {asks.code === 'no' ? null : <CodeField isRequired={asks.code === 'required'} invalid={invalid} />}
      <button type="submit">Log in</button>
    </form>
  )
}

function CodeField({ isRequired, invalid }: { readonly isRequired: boolean; readonly invalid: object }) {
  return (
    <div className="field">
      <label htmlFor="code">Authenticator code</label>
      <input
        id="code"
        name="code"
        type="text"
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        {...(isRequired ? { inputMode: 'numeric' as const, pattern: '[0-9 ]{6,7}', required: true } : {})}
        {...invalid}
      />
      {isRequired ? null : <p className="hint">Only with two-factor login. A recovery code works, too.</p>}
    </div>
  )
}
