import { PREFERENCE_OF } from '../../../domain/interests/preferences.ts'
import type { Preferences } from '../../../domain/subscriber.ts'
import { say } from '../../../language/language.ts'
import { weekdayName } from '../../../language/weekdays.ts'
import { type Fields, versionField } from '../../../subscriptions/preferences-form.ts'
import { ErrorLine, type FormError, Group, Radio, Select, shownError } from '../../layout/controls.tsx'
import { allZones } from '../../layout/zones.ts'

interface ScheduleProps {
  readonly subscriber: Preferences
  readonly faults: readonly FormError[]
  readonly typed: Fields | null
  readonly now: Date
}

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7]

/** Frequency, days, hour and time zone. */
export function ScheduleFields({ subscriber, faults, typed, now }: ScheduleProps) {
  const value = (field: 'frequency' | 'timezone' | 'hour' | 'weekday') =>
    typed?.get(field)?.[0] ?? String(subscriber[PREFERENCE_OF[field]])
  const shown = typed?.has(versionField('rhythm')) ?? false
  const ticked = typed?.get('weekdays') ?? (shown ? [] : subscriber.weekdays.map(String))
  return (
    <Group heading={say('preferences.schedule')} id="schedule">
      <fieldset id="frequency">
        <legend>{say('schedule.frequency')}</legend>
        <div className="row">
          <Radio name="frequency" value="daily" chosen={value('frequency')} label={say('schedule.daily')} />
          <Radio name="frequency" value="weekly" chosen={value('frequency')} label={say('schedule.weekly')} />
        </div>
        <ErrorLine error={shownError(faults, 'frequency')} />
      </fieldset>
      <fieldset className="when-daily" id="weekdays">
        <legend>{say('schedule.days')}</legend>
        <div className="days">
          {WEEKDAYS.map((weekday) => (
            <label className="choice" key={weekday}>
              <input
                type="checkbox"
                name="weekdays"
                value={weekday}
                defaultChecked={ticked.includes(String(weekday))}
              />
              <span>{weekdayName(weekday)}</span>
            </label>
          ))}
        </div>
        <ErrorLine error={shownError(faults, 'weekdays')} />
        <p className="hint">{say('schedule.daysHint')}</p>
      </fieldset>
      <Select
        name="weekday"
        label={say('schedule.weekday')}
        chosen={value('weekday')}
        className="when-weekly"
        faults={faults}
      >
        {WEEKDAYS.map((weekday) => (
          <option key={weekday} value={weekday}>
            {weekdayName(weekday)}
          </option>
        ))}
      </Select>
      <div className="row">
        <Select name="hour" label={say('schedule.hour')} chosen={value('hour')} faults={faults}>
          {HOURS.map((hour) => (
            <option key={hour} value={hour}>
              {String(hour).padStart(2, '0')}:00
            </option>
          ))}
        </Select>
        <Select name="timezone" label={say('schedule.timezone')} chosen={value('timezone')} faults={faults}>
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
