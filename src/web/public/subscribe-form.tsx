import { INTERESTS_MAX } from '../../../config/limits.ts'
import { SIGN_UP_WORK_PARTS } from '../../../config/limits-subscriptions.ts'
import { CONSENT_TEXT } from '../../domain/consent.ts'
import { DEFAULT_PREFERENCES, FREQUENCIES } from '../../domain/subscriber.ts'
import { say } from '../../language/language.ts'
import { sayWith } from '../../language/markup.ts'
import { EMPTY_SIGN_UP, type SignUpFaults, type SignUpFields } from '../../subscriptions/sign-up.ts'
import { assetUrl } from '../layout/assets.ts'
import { zoneLabel } from '../layout/zones.ts'
import { COMMON_ZONES, isListedZone } from './zones.ts'

interface SubscribeFormProps {
  readonly values?: SignUpFields
  readonly faults?: SignUpFaults
  /** From `sealForm`. A post without a token meets stricter limits. */
  readonly formToken?: string
  /** Shows only the address and the button; the other fields are folded. */
  readonly compact?: boolean
  /** The proof of work that subscribe.js must compute, and whether the form can be sent without it. Null for none. */
  readonly work?: { readonly bits: number; readonly slowWayIsOpen: boolean } | null
  /** Whether the visitor has confirmed the spelling of the address. */
  readonly spellingChecked?: boolean
  /** Shows the current offset of each time zone; left out on pages that are cached for long. */
  readonly now?: Date | undefined
}

/**
 * The subscribe form (`POST /subscribe`). It works without JavaScript. A page that shows it includes `subscribe.js`,
 * which fills in the time zone, previews matching papers and computes the proof of work.
 */
export function SubscribeForm(props: SubscribeFormProps) {
  const { values = EMPTY_SIGN_UP, faults = {}, formToken = '', compact = false, work = null } = props
  const preferences = <PreferenceFields values={values} faults={faults} now={props.now} />
  const sample = (
    <button type="submit" formAction="/sample" formMethod="post" formNoValidate className="quiet sample">
      {say('subscribe.sample')}
    </button>
  )
  const actions = (
    <div className="actions">
      <button type="submit">{say('subscribe.button')}</button>
      {compact ? null : sample}
      {work?.slowWayIsOpen === true ? (
        <button type="submit" name="slow" value="1" className="quiet">
          {say('subscribe.slow')}
        </button>
      ) : null}
    </div>
  )
  return (
    <form
      className="stack subscribe"
      method="post"
      action="/subscribe"
      {...(work === null ? {} : proofOfWorkData(work.bits))}
    >
      <EmailField value={values.email} fault={faults.email} />
      {compact ? actions : null}
      {compact ? (
        <details className="wishes">
          <summary>{say('subscribe.more')}</summary>
          <div className="stack">{preferences}</div>
        </details>
      ) : (
        preferences
      )}
      {compact ? sample : null}
      <div className="trap" aria-hidden="true">
        <label htmlFor="subscribe-website">{say('subscribe.trap')}</label>
        <input id="subscribe-website" name="website" type="text" tabIndex={-1} autoComplete="off" />
      </div>
      <input type="hidden" name="form" value={formToken} />
      <input type="hidden" name="proof" value="" />
      {props.spellingChecked === true ? <input type="hidden" name="spelling" value="checked" /> : null}
      <p className="hint">{say(`consent.${CONSENT_TEXT}`)}</p>
      <p className="hint" role="status" data-progress="" />
      {work === null ? null : (
        <progress hidden max={SIGN_UP_WORK_PARTS} value={0} aria-label={say('subscribe.progress')} />
      )}
      {compact ? null : actions}
    </form>
  )
}

function proofOfWorkData(bits: number) {
  return {
    'data-words': JSON.stringify({
      running: say('work.running'),
      failed: say('work.failed'),
      again: say('work.again'),
    }),
    'data-work': bits,
    'data-parts': SIGN_UP_WORK_PARTS,
    'data-script': assetUrl('proof-of-work.js'),
  }
}

function EmailField({ value, fault }: { readonly value: string; readonly fault: string | undefined }) {
  return (
    <div className="field">
      <label htmlFor="subscribe-email">{say('subscribe.email')}</label>
      <input
        id="subscribe-email"
        name="email"
        type="email"
        autoComplete="email"
        required
        maxLength={254}
        defaultValue={value}
        placeholder="name@example.org"
        {...described('email', fault)}
      />
      <FieldError id="email" fault={fault} />
    </div>
  )
}

interface PreferenceFieldsProps {
  readonly values: SignUpFields
  readonly faults: SignUpFaults
  readonly now: Date | undefined
}

function PreferenceFields({ values, faults, now }: PreferenceFieldsProps) {
  return (
    <>
      <div className="field">
        <label htmlFor="subscribe-interests">{say('topics.interests')}</label>
        <textarea
          id="subscribe-interests"
          name="interests"
          rows={3}
          defaultValue={values.interests}
          {...described('interests', faults.interests, 'subscribe-interests-hint')}
        />
        <p className="hint" id="subscribe-interests-hint">
          {sayWith(
            'subscribe.interestsHint',
            { i: (text) => <i>{text}</i>, a: (text) => <a href="/interests/papers">{text}</a> },
            { most: INTERESTS_MAX },
          )}
        </p>
        <FieldError id="interests" fault={faults.interests} />
        <div
          className="matching"
          role="status"
          data-matching=""
          data-live="/interests/matching"
          data-add={say('matching.addInstead')}
          hidden
        />
      </div>
      <FrequencyField value={values.frequency} fault={faults.frequency} />
      <FormatField value={values.format ?? ''} fault={faults.format} />
      <div className="row">
        <HourField value={values.hour} fault={faults.hour} />
        <ZoneField value={values.timezone} fault={faults.timezone} now={now} />
      </div>
    </>
  )
}

function FrequencyField({ value, fault }: { readonly value: string; readonly fault: string | undefined }) {
  const chosen = value || DEFAULT_PREFERENCES.frequency
  return (
    <fieldset>
      <legend>{say('schedule.frequency')}</legend>
      {FREQUENCIES.map((frequency) => (
        <label className="choice" key={frequency}>
          <input type="radio" name="frequency" value={frequency} defaultChecked={chosen === frequency} />
          <span>
            {say('subscribe.frequency', { frequency })}{' '}
            <span className="soft">· {say('subscribe.frequencyHint', { frequency })}</span>
          </span>
        </label>
      ))}
      <FieldError id="frequency" fault={fault} />
    </fieldset>
  )
}

function FormatField({ value, fault }: { readonly value: string; readonly fault: string | undefined }) {
  const chosen = value || DEFAULT_PREFERENCES.format
  const words = { skim: say('subscribe.short'), abstracts: say('subscribe.long') }
  return (
    <fieldset>
      <legend>{say('subscribe.length')}</legend>
      {(['skim', 'abstracts'] as const).map((format) => (
        <label className="choice" key={format}>
          <input type="radio" name="format" value={format} defaultChecked={chosen === format} />
          <span>{words[format]}</span>
        </label>
      ))}
      <FieldError id="format" fault={fault} />
    </fieldset>
  )
}

function HourField({ value, fault }: { readonly value: string; readonly fault: string | undefined }) {
  const hours = Array.from({ length: 24 }, (_, hour) => String(hour))
  const chosen = hours.includes(value) ? value : String(DEFAULT_PREFERENCES.deliveryHour)
  return (
    <div className="field">
      <label htmlFor="subscribe-hour">{say('schedule.hour')}</label>
      <select id="subscribe-hour" name="hour" defaultValue={chosen} {...described('hour', fault)}>
        {hours.map((hour) => (
          <option key={hour} value={hour}>
            {hour.padStart(2, '0')}:00
          </option>
        ))}
      </select>
      <FieldError id="hour" fault={fault} />
    </div>
  )
}

interface ZoneFieldProps {
  readonly value: string
  readonly fault: string | undefined
  readonly now: Date | undefined
}

function ZoneField({ value, fault, now }: ZoneFieldProps) {
  const listed = isListedZone(value)
  return (
    <div className="field">
      <label htmlFor="subscribe-timezone">{say('schedule.timezone')}</label>
      <select
        id="subscribe-timezone"
        name="timezone"
        defaultValue={listed ? value : 'UTC'}
        data-untouched={value === '' ? '' : undefined}
      >
        <option value="UTC">UTC</option>
        {COMMON_ZONES.map(({ area, zones }) => (
          <optgroup key={area} label={say(`zones.${area}`)}>
            {zones.map((zone) => (
              <option key={zone} value={zone}>
                {zoneLabel(zone, now)}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      <details className="other-zone" open={(!listed && value !== '') || fault !== undefined}>
        <summary className="small">{say('subscribe.otherZone')}</summary>
        <label className="hint" htmlFor="subscribe-timezone-typed">
          {say('subscribe.zoneHint')}
        </label>
        <input
          id="subscribe-timezone-typed"
          name="timezone_typed"
          type="text"
          autoComplete="off"
          defaultValue={listed ? '' : value}
          {...described('timezone', fault)}
        />
      </details>
      <FieldError id="timezone" fault={fault} />
    </div>
  )
}

function FieldError({ id, fault }: { readonly id: string; readonly fault: string | undefined }) {
  return fault === undefined ? null : (
    <p className="error" id={`subscribe-${id}-fault`}>
      {fault}
    </p>
  )
}

function described(id: string, fault: string | undefined, hint?: string) {
  const ids = [hint, fault === undefined ? undefined : `subscribe-${id}-fault`].filter((each) => each !== undefined)
  return {
    ...(fault === undefined ? {} : { 'aria-invalid': true as const }),
    ...(ids.length === 0 ? {} : { 'aria-describedby': ids.join(' ') }),
  }
}
