import { PREFERENCE_OF } from '../../../domain/interests/preferences.ts'
import type { Preferences } from '../../../domain/subscriber.ts'
import type { InterestPreview } from '../../../subscriptions/interest-preview.ts'
import type { Fields } from '../../../subscriptions/preferences-form.ts'
import { ErrorLine, type FormError, Group, shownError } from '../../layout/controls.tsx'
import { InterestMatches } from '../../layout/interest-matches.tsx'
import { InterestShareSlider } from './interest-share.tsx'

interface TopicProps {
  readonly subscriber: Preferences
  readonly faults: readonly FormError[]
  readonly typed: Fields | null
  readonly preview: InterestPreview | null
  readonly ownPapersPath: string
}

/** Interests, followed authors and muted terms, with what they match in the newest list. */
export function TopicFields({ subscriber, faults, typed, preview, ownPapersPath }: TopicProps) {
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
    <Group heading="Topics" id="topics">
      {area(
        'interests',
        'Interests',
        'Words or phrases, one per line. Each brings its best paper. You can also write "an exact phrase", author:Lovelace, category:cs.CL, code:yes and -exclude this.',
      )}
      <p className="small">
        <a href={ownPapersPath}>Find interests from your own papers</a>
      </p>
      <div
        className="matching"
        id="matching"
        data-matching=""
        data-live="/interests/matching"
        aria-live="polite"
        hidden={preview === null}
      >
        {preview === null ? null : <InterestMatches preview={preview} addable />}
      </div>
      <div>
        <button type="submit" name="action" value="preview" className="quiet">
          Preview without saving
        </button>
      </div>
      <InterestShareSlider mix={typed?.get('mix')?.[0] ?? String(subscriber.interestShare)} faults={faults} />
      {area('authors', 'Authors you follow', 'Full names, one per line. Their papers come before all others.')}
      {area('muted', 'Muted terms', 'One per line. Papers that contain one of these terms are left out.')}
    </Group>
  )
}
