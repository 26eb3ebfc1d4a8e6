import { FEATURED_MAX } from '../../../../config/limits.ts'
import type { Preferences } from '../../../domain/subscriber.ts'
import { say } from '../../../language/language.ts'
import type { InterestPreview } from '../../../subscriptions/interests/interest-preview.ts'
import {
  type Fields,
  PREFERENCE_SECTIONS,
  type PreferenceSection,
  versionField,
  versionOf,
} from '../../../subscriptions/preferences-form.ts'
import { ErrorLine, type FormError, Group, Radio, shownError } from '../../layout/controls.tsx'
import { ScheduleFields } from './schedule-fields.tsx'
import { TopicFields } from './topic-fields.tsx'

interface FormProps {
  readonly preview: InterestPreview | null
  readonly ownPapersPath: string
  readonly now: Date
  readonly subscriber: Preferences
  readonly faults: readonly FormError[]
  readonly typed: Fields | null
}

/** Topics, schedule and format in one form with one button. Each section is saved only if it was changed. */
export function PreferencesForm(props: FormProps) {
  const { subscriber, typed } = props
  return (
    <form method="post" className="stack wishes" data-preview="">
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
        <button type="submit">{say('preferences.save')}</button>
      </div>
    </form>
  )
}

/** The form and length of a digest. */
export function FormatFields({ subscriber, faults, typed }: Pick<FormProps, 'subscriber' | 'faults' | 'typed'>) {
  const length = shownError(faults, 'length')
  const format = typed?.get('format')?.[0] ?? subscriber.format
  const titles = typed?.get('titles')?.[0] ?? subscriber.titleLinks
  const rest = typed?.has(versionField('shape')) ? typed.has('rest') : subscriber.includeOtherTitles
  return (
    <Group heading={say('preferences.format')} id="format-section">
      <fieldset id="format">
        <legend>{say('format.legend')}</legend>
        <Radio name="format" value="skim" chosen={format} label={say('format.skim')} />
        <Radio name="format" value="abstracts" chosen={format} label={say('format.abstracts')} />
        <Radio name="format" value="sentences" chosen={format} label={say('format.sentences')} />
        <Radio name="format" value="summaries" chosen={format} label={say('format.summaries')} />
        <Radio name="format" value="titles" chosen={format} label={say('format.titles')} />
        <ErrorLine error={shownError(faults, 'format')} />
      </fieldset>
      <div className="field">
        <label htmlFor="length">{say('format.length')}</label>
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
        <legend>{say('format.links')}</legend>
        <div className="row">
          <Radio name="titles" value="page" chosen={titles} label={say('format.page')} />
          <Radio name="titles" value="arxiv" chosen={titles} label="arXiv" />
        </div>
        <ErrorLine error={shownError(faults, 'titles')} />
      </fieldset>
      <label className="choice" id="rest">
        <input type="checkbox" name="rest" value="yes" defaultChecked={rest} />
        <span>{say('format.rest')}</span>
      </label>
    </Group>
  )
}
