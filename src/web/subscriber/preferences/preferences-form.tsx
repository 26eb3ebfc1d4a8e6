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

/** Topics, schedule and format in one form with one button. Each section is saved only if it was changed. */
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
      <TopicFields {...props} />
      <ScheduleFields {...props} />
      <FormatFields {...props} />
      <div className="save">
        <button type="submit">Save preferences</button>
      </div>
    </form>
  )
}

function TopicFields({ subscriber, faults, typed }: FormProps) {
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
    <Group heading="Topics">
      {area(
        'interests',
        'Interests',
        'Words or phrases, one per line. Each brings its best paper. You can also write "an exact phrase", author:Lovelace, category:cs.CL, code:yes and -exclude this.',
      )}
      <InterestShareSlider mix={typed?.get('mix')?.[0] ?? String(subscriber.interestShare)} faults={faults} />
      {area('authors', 'Authors you follow', 'Full names, one per line. Their papers come before all others.')}
      {area('muted', 'Muted terms', 'One per line. Papers that contain one of these terms are left out.')}
    </Group>
  )
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

function ScheduleFields({ subscriber, faults, typed }: FormProps) {
  const value = (field: 'frequency' | 'timezone' | 'hour' | 'weekday') =>
    typed?.get(field)?.[0] ?? String(subscriber[PREFERENCE_OF[field]])
  const shown = typed?.has(versionField('rhythm')) ?? false
  const ticked = typed?.get('weekdays') ?? (shown ? [] : subscriber.weekdays.map(String))
  const timezone = shownError(faults, 'timezone')
  return (
    <Group heading="Schedule">
      <fieldset id="frequency">
        <legend>How often</legend>
        <div className="row">
          <Radio name="frequency" value="daily" chosen={value('frequency')} label="Daily" />
          <Radio name="frequency" value="weekly" chosen={value('frequency')} label="Weekly, the week’s best" />
        </div>
        <ErrorLine error={shownError(faults, 'frequency')} />
      </fieldset>
      <fieldset className="when-daily" id="weekdays">
        <legend>Days, if daily</legend>
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
          Lists are published on working days. On a chosen day without a list, you get the newest list if you have not
          received it yet.
        </p>
      </fieldset>
      <Select
        name="weekday"
        label="Earliest day, if weekly"
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
        <Select name="hour" label="Delivery time" chosen={value('hour')} faults={faults}>
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

function FormatFields({ subscriber, faults, typed }: FormProps) {
  const length = shownError(faults, 'length')
  const format = typed?.get('format')?.[0] ?? subscriber.format
  const titles = typed?.get('titles')?.[0] ?? subscriber.titleLinks
  const rest = typed?.has(versionField('shape')) ? typed.has('rest') : subscriber.includeOtherTitles
  return (
    <Group heading="Format">
      <fieldset id="format">
        <legend>Show the top papers as</legend>
        <Radio
          name="format"
          value="skim"
          chosen={format}
          label="Short: the first paper with its abstract, then two lines each"
        />
        <Radio name="format" value="abstracts" chosen={format} label="Titles with their full abstracts" />
        <Radio
          name="format"
          value="sentences"
          chosen={format}
          label="Titles with one key sentence each, quoted from the abstract"
        />
        <Radio
          name="format"
          value="summaries"
          chosen={format}
          label="Titles with an AI summary from Hugging Face, or the key sentence if there is none"
        />
        <Radio name="format" value="titles" chosen={format} label="Titles only" />
        <ErrorLine error={shownError(faults, 'format')} />
      </fieldset>
      <div className="field">
        <label htmlFor="length">Number of top papers</label>
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
      <fieldset id="titles">
        <legend>Titles link to</legend>
        <div className="row">
          <Radio name="titles" value="page" chosen={titles} label="Our page about the paper" />
          <Radio name="titles" value="arxiv" chosen={titles} label="arXiv" />
        </div>
        <ErrorLine error={shownError(faults, 'titles')} />
      </fieldset>
      <label className="choice" id="rest">
        <input type="checkbox" name="rest" value="yes" defaultChecked={rest} />
        <span>List the day’s other papers by title below the top papers</span>
      </label>
    </Group>
  )
}
