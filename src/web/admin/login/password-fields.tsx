import { PASSWORD_CHARS_MIN } from '../../../../config/limits-web.ts'

/** A field for a password that an operator chooses. `invalid` marks it after a rejected form. */
export function NewPasswordField({
  id,
  name,
  label,
  invalid = {},
}: {
  readonly id: string
  readonly name: string
  readonly label: string
  readonly invalid?: { readonly 'aria-invalid'?: true; readonly 'aria-describedby'?: string }
}) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        name={name}
        type="password"
        autoComplete="new-password"
        minLength={PASSWORD_CHARS_MIN}
        required
        {...invalid}
      />
      <p className="hint">At least {PASSWORD_CHARS_MIN} characters.</p>
    </div>
  )
}

/** Attributes that only some forms add, such as those that mark a field after a rejected form. */
type MoreAttributes = Readonly<Record<string, string | boolean>>

/** A field for the password that an operator has. */
export function PasswordField({
  id,
  name,
  label,
  attributes = {},
}: {
  readonly id: string
  readonly name: string
  readonly label: string
  readonly attributes?: MoreAttributes
}) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} name={name} type="password" autoComplete="current-password" required {...attributes} />
    </div>
  )
}

/** A field for a code of an authenticator app, or for a recovery code. `digits`: only the app's six digits. */
export function CodeField({
  id,
  label,
  digits = false,
  required = true,
  hint,
  attributes = {},
}: {
  readonly id: string
  readonly label: string
  readonly digits?: boolean
  readonly required?: boolean
  readonly hint?: string
  readonly attributes?: MoreAttributes
}) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        name="code"
        type="text"
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        required={required}
        {...(digits ? { inputMode: 'numeric' as const, pattern: '[0-9 ]{6,7}' } : {})}
        {...attributes}
      />
      {hint === undefined ? null : <p className="hint">{hint}</p>}
    </div>
  )
}
