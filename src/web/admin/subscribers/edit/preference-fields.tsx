import type { Preferences } from '../../../../domain/subscriber.ts'
import {
  type Fields,
  PREFERENCE_SECTIONS,
  type PreferenceSection,
  versionField,
  versionOf,
} from '../../../../subscriptions/preferences-form.ts'
import { ErrorLine, type FormError, shownError } from '../../../layout/controls.tsx'
import { FormatFields } from '../../../subscriber/preferences/preferences-form.tsx'
import { ScheduleFields } from '../../../subscriber/preferences/schedule-fields.tsx'
import { TopicFields } from '../../../subscriber/preferences/topic-fields.tsx'

/** The fields of the subscriber's own page, for an operator's form. */
export function PreferenceFields({
  preferences,
  faults,
  typed,
  now,
}: {
  readonly preferences: Preferences
  readonly faults: readonly FormError[]
  /** The values of a rejected form, or null. */
  readonly typed: Fields | null
  readonly now: Date
}) {
  const props = { subscriber: preferences, faults, typed, now }
  return (
    <>
      {(Object.keys(PREFERENCE_SECTIONS) as PreferenceSection[]).map((part) => (
        // Its presence says that an unticked box was shown.
        <input key={part} type="hidden" name={versionField(part)} value={versionOf(part, preferences)} />
      ))}
      <TopicFields {...props} preview={null} ownPapersPath={null} />
      <ScheduleFields {...props} />
      <FormatFields {...props} />
    </>
  )
}

/** A text field with its error. */
export function TextField({
  name,
  label,
  faults,
  value = '',
  type = 'text',
  hint,
  required = true,
}: {
  readonly name: string
  readonly label: string
  readonly faults: readonly FormError[]
  readonly value?: string
  readonly type?: 'text' | 'email'
  readonly hint?: string
  readonly required?: boolean
}) {
  const error = shownError(faults, name)
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      <input
        id={name}
        name={name}
        type={type}
        defaultValue={value}
        required={required}
        autoComplete="off"
        {...error.attributes}
      />
      <ErrorLine error={error} />
      {hint === undefined ? null : <p className="hint">{hint}</p>}
    </div>
  )
}
