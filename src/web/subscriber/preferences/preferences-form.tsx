import { FEATURED_MAX } from '../../../../config/limits.ts'
import { PREFERENCE_OF } from '../../../domain/preferences.ts'
import type { Preferences } from '../../../domain/subscriber.ts'
import {
  type Fields,
  PREFERENCE_SECTIONS,
  type PreferenceSection,
  versionField,
  versionOf,
} from '../../../subscriptions/preferences-form.ts'
import { ErrorLine, type FormError, Group, Radio, Select, shownError } from '../../layout/controls.tsx'
import { InterestShareSlider } from './interest-share.tsx'

interface FormProps {
  readonly subscriber: Preferences
  readonly faults: readonly FormError[]
  readonly typed: Fields | null
}

/** Topics, rhythm and shape in one form with one button; each part is written only when it was touched. */
export function PreferencesForm(props: FormProps) {
  const { subscriber, typed } = props
  return (
    <form method="post" className="stack wishes">
      {(Object.keys(PREFERENCE_SECTIONS) as PreferenceSection[]).map((part) => (
        <input
          key={part}
          type="hidden"
          name={versionField(part)}
          value={typed?.get(versionField(part))?.[0] ?? versionOf(part, subscriber)}
        />
      ))}
      <Topics {...props} />
      <Rhythm {...props} />
      <Shape {...props} />
      <div className="save">
        <button type="submit">Save preferences</button>
      </div>
    </form>
  )
}

function Topics({ subscriber, faults, typed }: FormProps) {
  const area = (field: 'interests' | 'muted' | 'authors', label: string, hint: string) => {
    const error = shownError(faults, field)
    return (
      <div className="field">
        <label htmlFor={field}>{label}</label>
        <textarea
          id={field}
          name={field}
          rows={Math.min(8, Math.max(3, subscriber[PREFERENCE_OF[field]].length + 1))}
          dir="auto"
          defaultValue={typed?.get(field)?.join('\n') ?? subscriber[PREFERENCE_OF[field]].join('\n')}
          aria-describedby={`${field}-hint`}
          {...error.attributes}
        />
        <ErrorLine error={error} />
        <p className="hint" id={`${field}-hint`}>
          {hint}
        </p>
      </div>
    )
  }
  return (
    <Group heading="What comes first">
      {area(
        'interests',
        'Interests',
        'Words or phrases, one a line: each brings its best paper. "These very words", author:Lovelace, category:cs.CL, code:yes and -not this can be written, too.',
      )}
      <InterestShareSlider mix={typed?.get('mix')?.[0] ?? String(subscriber.interestShare)} faults={faults} />
      {area('authors', 'Authors you follow', 'Full names, one a line. Their papers come before all others.')}
      {area('muted', 'Muted terms', 'Papers that hold one of these never come.')}
    </Group>
  )
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

function Rhythm({ subscriber, faults, typed }: FormProps) {
  const value = (field: 'frequency' | 'timezone' | 'hour' | 'weekday') =>
    typed?.get(field)?.[0] ?? String(subscriber[PREFERENCE_OF[field]])
  const shown = typed?.has(versionField('rhythm')) ?? false
  const ticked = typed?.get('weekdays') ?? (shown ? [] : subscriber.weekdays.map(String))
  const timezone = shownError(faults, 'timezone')
  return (
    <Group heading="When it comes">
      <fieldset id="frequency">
        <legend>How often</legend>
        <div className="row">
          <Radio name="frequency" value="daily" chosen={value('frequency')} label="Daily" />
          <Radio name="frequency" value="weekly" chosen={value('frequency')} label="Weekly, the week’s best" />
        </div>
        <ErrorLine error={shownError(faults, 'frequency')} />
      </fieldset>
      <fieldset className="when-daily" id="weekdays">
        <legend>On these days, if daily</legend>
        <div className="days">
          {WEEKDAYS.map((name, index) => (
            <label className="choice" key={name}>
              <input
                type="checkbox"
                name="weekdays"
                value={index + 1}
                defaultChecked={ticked.includes(String(index + 1))}
              />
              <span>{name}</span>
            </label>
          ))}
        </div>
        <ErrorLine error={shownError(faults, 'weekdays')} />
        <p className="hint">
          Lists are made on working days. On a chosen day without one, the newest list comes, if you have not had it.
        </p>
      </fieldset>
      <Select
        name="weekday"
        label="From this day on, if weekly"
        chosen={value('weekday')}
        className="when-weekly"
        faults={faults}
      >
        {WEEKDAYS.map((name, index) => (
          <option key={name} value={index + 1}>
            {name}
          </option>
        ))}
      </Select>
      <div className="row">
        <Select name="hour" label="Not before" chosen={value('hour')} faults={faults}>
          {HOURS.map((hour) => (
            <option key={hour} value={hour}>
              {String(hour).padStart(2, '0')}:00
            </option>
          ))}
        </Select>
        <div className="field">
          <label htmlFor="timezone">Time zone</label>
          <input
            type="text"
            id="timezone"
            name="timezone"
            list="zones"
            autoComplete="off"
            spellCheck={false}
            defaultValue={value('timezone')}
            {...timezone.attributes}
          />
          <datalist id="zones">
            {ZONES.map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
          <ErrorLine error={timezone} />
        </div>
      </div>
    </Group>
  )
}

const HOURS = Array.from({ length: 24 }, (_, hour) => hour)
const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone')]

function Shape({ subscriber, faults, typed }: FormProps) {
  const length = shownError(faults, 'length')
  const format = typed?.get('format')?.[0] ?? subscriber.format
  const rest = typed?.has(versionField('shape')) ? typed.has('rest') : subscriber.includeOtherTitles
  return (
    <Group heading="How much it holds">
      <fieldset id="format">
        <legend>The papers at the top come as</legend>
        <Radio name="format" value="abstracts" chosen={format} label="Titles with their full abstracts" />
        <Radio
          name="format"
          value="sentences"
          chosen={format}
          label="Titles with one key sentence each, word for word from the abstract"
        />
        <Radio
          name="format"
          value="summaries"
          chosen={format}
          label="Titles with a summary by AI, from Hugging Face; where it has none, the key sentence"
        />
        <Radio name="format" value="titles" chosen={format} label="Titles only" />
        <ErrorLine error={shownError(faults, 'format')} />
      </fieldset>
      <div className="field">
        <label htmlFor="length">How many papers at the top</label>
        <input
          type="number"
          inputMode="numeric"
          id="length"
          name="length"
          min={1}
          max={FEATURED_MAX}
          defaultValue={typed?.get('length')?.[0] ?? subscriber.featuredCount}
          {...length.attributes}
        />
        <ErrorLine error={length} />
      </div>
      <label className="choice" id="rest">
        <input type="checkbox" name="rest" value="yes" defaultChecked={rest} />
        <span>List the day’s other papers by title below them</span>
      </label>
    </Group>
  )
}
