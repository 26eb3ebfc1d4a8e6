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
