import type { ReactNode } from 'react'

/** An error in one field of a form. */
export interface FormError {
  readonly field: string
  readonly words: string
}

interface ShownError {
  readonly id: string
  readonly words: string | null
  readonly attributes: { readonly 'aria-invalid'?: true; readonly 'aria-errormessage'?: string }
}

/** Returns a field's error and the ARIA attributes that link the field to it. */
export function shownError(faults: readonly FormError[], field: string): ShownError {
  const words = faults.find((fault) => fault.field === field)?.words ?? null
  const id = `${field}-error`
  return { id, words, attributes: words === null ? {} : { 'aria-invalid': true, 'aria-errormessage': id } }
}

export function ErrorLine({ error }: { readonly error: ShownError }) {
  return error.words === null ? null : (
    <p className="error" id={error.id}>
      {error.words}
    </p>
  )
}

/** Lists faults with links to their fields. */
export function FaultLinks({ faults }: { readonly faults: readonly FormError[] }) {
  return (
    <ul>
      {faults.map(({ field, words }) => (
        <li key={`${field} ${words}`}>
          <a href={`#${field}`}>{words}</a>
        </li>
      ))}
    </ul>
  )
}

interface GroupProps {
  readonly heading: string
  /** The target of links to the group. */
  readonly id?: string
  readonly children: ReactNode
}

/** A group of fields under a heading. */
export function Group({ heading, id, children }: GroupProps) {
  return (
    <section className="panel stack" id={id}>
      <h2 className="first">{heading}</h2>
      {children}
    </section>
  )
}

interface RadioProps {
  readonly name: string
  readonly value: string
  readonly chosen: string
  readonly label: string
}

export function Radio({ name, value, chosen, label }: RadioProps) {
  return (
    <label className="choice">
      <input type="radio" name={name} value={value} defaultChecked={chosen === value} />
      <span>{label}</span>
    </label>
  )
}

interface SelectProps {
  readonly name: string
  readonly label: string
  readonly chosen: string
  readonly className?: string
  readonly faults: readonly FormError[]
  readonly children: ReactNode
}

export function Select({ name, label, chosen, className = '', faults, children }: SelectProps) {
  const error = shownError(faults, name)
  return (
    <div className={`field ${className}`}>
      <label htmlFor={name}>{label}</label>
      <select id={name} name={name} defaultValue={chosen} {...error.attributes}>
        {children}
      </select>
      <ErrorLine error={error} />
    </div>
  )
}
