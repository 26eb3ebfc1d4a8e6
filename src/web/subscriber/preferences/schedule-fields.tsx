import { PREFERENCE_OF } from '../../../domain/interests/preferences.ts'
import type { Preferences } from '../../../domain/subscriber.ts'
import { type Fields, versionField } from '../../../subscriptions/preferences-form.ts'
import { ErrorLine, type FormError, Group, Radio, Select, shownError } from '../../layout/controls.tsx'
import { allZones } from '../../layout/zones.ts'

interface ScheduleProps {
  readonly subscriber: Preferences
  readonly faults: readonly FormError[]
  readonly typed: Fields | null
  readonly now: Date
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** Frequency, days, hour and time zone. */
export function ScheduleFields({ subscriber, faults, typed, now }: ScheduleProps) {
  const value = (field: 'frequency' | 'timezone' | 'hour' | 'weekday') =>
    typed?.get(field)?.[0] ?? String(subscriber[PREFERENCE_OF[field]])
  const shown = typed?.has(versionField('rhythm')) ?? false
  const ticked = typed?.get('weekdays') ?? (shown ? [] : subscriber.weekdays.map(String))
  return (
    <Group heading="Schedule" id="schedule">
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
        <Select name="timezone" label="Time zone" chosen={value('timezone')} faults={faults}>
          <ZoneOptions chosen={value('timezone')} at={now} />
        </Select>
      </div>
    </Group>
  )
}

const HOURS = Array.from({ length: 24 }, (_, hour) => hour)

/** All time zones by region. A stored zone with an old name, such as Asia/Calcutta, is an option too. */
function ZoneOptions({ chosen, at }: { readonly chosen: string; readonly at: Date }) {
  const groups = allZones(at)
  const isListed = chosen === 'UTC' || groups.some(({ zones }) => zones.some(({ zone }) => zone === chosen))
  return (
    <>
      <option value="UTC">UTC</option>
      {isListed ? null : <option value={chosen}>{chosen}</option>}
      {groups.map(({ region, zones }) => (
        <optgroup key={region} label={region}>
          {zones.map(({ zone, label }) => (
            <option key={zone} value={zone}>
              {label}
            </option>
          ))}
        </optgroup>
      ))}
    </>
  )
}
