import { PUBLIC_NAMES } from '../../../../domain/interests/preferences.ts'
import { DEFAULT_PREFERENCES, type Preferences, type Subscriber } from '../../../../domain/subscriber.ts'
import type { Fields } from '../../../../subscriptions/preferences-form.ts'
import type { FormError } from '../../../layout/controls.tsx'
import { HiddenFields } from '../../layout/admin-page.tsx'
import { FormFaults } from '../../layout/form-faults.tsx'
import { PreferenceFields, TextField } from './preference-fields.tsx'

/** A field that the subscriber and the operator changed at the same time. */
export interface Conflict {
  readonly field: keyof Preferences
  readonly stored: unknown
  readonly entered: unknown
}

export interface Shown {
  readonly subscriber: Subscriber
  readonly preferences: Preferences
  /** The preferences that were stored when the operator opened the form. */
  readonly base: Preferences
  /** The values of a rejected form, or null. */
  readonly typed: Fields | null
  readonly faults: readonly FormError[]
  readonly conflict: readonly Conflict[]
  readonly reason: string
  readonly consent: string
  readonly csrf: string
  readonly now: Date
}

/** The page that edits the preferences, the address and the consent note of a subscriber. */
export function EditPage(shown: Shown) {
  const { subscriber, faults, conflict, csrf } = shown
  return (
    <>
      <h1>Edit {subscriber.email}</h1>
      <p>
        <a href={`/admin/readers/${subscriber.id}`}>Back to the subscriber</a>
      </p>
      <FormFaults faults={faults} outcome="Nothing was saved." />
      {conflict.length === 0 ? null : <Conflicts conflict={conflict} />}
      <form method="post" action={`/admin/readers/${subscriber.id}/edit`} className="stack wishes edit-form">
        <HiddenFields csrf={csrf} fields={{ base: JSON.stringify(preferencesOf(shown.base)) }} />
        <PreferenceFields
          preferences={shown.preferences}
          faults={faults}
          typed={conflict.length > 0 ? null : shown.typed}
          now={shown.now}
        />
        <section className="panel stack">
          <TextField
            name="reason"
            label="Reason"
            value={shown.typed?.get('reason')?.[0] ?? shown.reason}
            faults={faults}
            hint="It is stored in the audit log, with the old and the new values."
          />
        </section>
        <div className="save">
          <button type="submit">Save changes</button>
        </div>
      </form>
      <div className="columns">
        <AddressForm subscriber={subscriber} csrf={csrf} />
        <ConsentForm {...shown} />
      </div>
    </>
  )
}

function preferencesOf(preferences: Preferences): Preferences {
  const names = Object.keys(DEFAULT_PREFERENCES) as (keyof Preferences)[]
  return Object.fromEntries(names.map((name) => [name, preferences[name]])) as unknown as Preferences
}

function Conflicts({ conflict }: { readonly conflict: readonly Conflict[] }) {
  return (
    <>
      <div className="message bad" role="alert">
        <p>
          <b>Nothing was saved.</b> The subscriber or another operator changed the same fields after you opened this
          page. The form below has your values. Save again to keep them, or change them back first.
        </p>
      </div>
      <ul className="conflicts">
        {conflict.map(({ field, stored, entered }) => (
          <li key={field}>
            <b>{PUBLIC_NAMES[field]}</b>
            <p>
              <span className="soft">Stored now:</span> {wordsOf(stored)}
            </p>
            <p>
              <span className="soft">You entered:</span> {wordsOf(entered)}
            </p>
          </li>
        ))}
      </ul>
    </>
  )
}

function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ')
  return value === true ? 'yes' : value === false ? 'no' : String(value)
}

function AddressForm({ subscriber, csrf }: { readonly subscriber: Subscriber; readonly csrf: string }) {
  const { state } = subscriber
  if (state === 'unsubscribed' || state === 'suppressed')
    return (
      <section className="panel">
        <h2>Address</h2>
        <p className="soft">
          The address of {state === 'suppressed' ? 'a suppressed' : 'an unsubscribed'} subscriber cannot be changed. Add
          the new address as a new subscriber, if its owner asked for it.
        </p>
      </section>
    )
  return (
    <form method="post" action={`/admin/readers/${subscriber.id}/address`} className="panel stack" id="address">
      <h2>Address</h2>
      <HiddenFields csrf={csrf} />
      <TextField name="email" label="New address" type="email" faults={[]} />
      <fieldset>
        <legend>How</legend>
        {state === 'pending' ? null : (
          <label className="choice">
            <input type="radio" name="how" value="confirm" defaultChecked />
            <span>The new address gets a mail and has to confirm. Until then nothing changes.</span>
          </label>
        )}
        <label className="choice">
          <input type="radio" name="how" value="now" defaultChecked={state === 'pending'} />
          <span>
            {state === 'pending'
              ? 'The new address gets a confirmation mail. The old one gets no more mail.'
              : 'Now, because the subscriber asked for it. The old address is told, and can undo it for a week.'}
          </span>
        </label>
      </fieldset>
      <div className="field">
        <label htmlFor="address-reason">Who asked for it, and where</label>
        <input id="address-reason" name="reason" type="text" required minLength={3} maxLength={500} />
      </div>
      <div>
        <button type="submit" className="quiet">
          Change address
        </button>
      </div>
    </form>
  )
}

function ConsentForm({ subscriber, consent, csrf }: Shown) {
  return (
    <form method="post" action={`/admin/readers/${subscriber.id}/consent`} className="panel stack">
      <h2>Consent</h2>
      <HiddenFields csrf={csrf} />
      <TextField
        name="note"
        label="Source of consent"
        value={consent}
        faults={[]}
        hint="Where and when this person agreed. The earlier note stays in the audit log."
      />
      <div className="field">
        <label htmlFor="consent-reason">Reason for the change</label>
        <input id="consent-reason" name="reason" type="text" required minLength={3} maxLength={500} />
      </div>
      <div>
        <button type="submit" className="quiet">
          Save consent
        </button>
      </div>
    </form>
  )
}
