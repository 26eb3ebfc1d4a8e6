import { PREFERENCE_OF } from '../../../domain/interests/preferences.ts'
import type { Preferences } from '../../../domain/subscriber.ts'
import { say } from '../../../language/language.ts'
import type { InterestPreview } from '../../../subscriptions/interests/interest-preview.ts'
import type { Fields } from '../../../subscriptions/preferences-form.ts'
import { ErrorLine, type FormError, Group, shownError } from '../../layout/controls.tsx'
import { InterestMatches } from '../../layout/interest-matches.tsx'
import { InterestShareSlider } from './interest-share.tsx'

interface TopicProps {
  readonly subscriber: Preferences
  readonly faults: readonly FormError[]
  readonly typed: Fields | null
  readonly preview: InterestPreview | null
  /** Null for an operator, who sees neither the subscriber's own papers nor a preview. */
  readonly ownPapersPath: string | null
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
    <Group heading={say('preferences.topics')} id="topics">
      {area('interests', say('topics.interests'), say('topics.interestsHint'))}
      {ownPapersPath === null ? null : <Preview preview={preview} ownPapersPath={ownPapersPath} />}
      <InterestShareSlider mix={typed?.get('mix')?.[0] ?? String(subscriber.interestShare)} faults={faults} />
      {area('authors', say('topics.authors'), say('topics.authorsHint'))}
      {area('muted', say('topics.muted'), say('topics.mutedHint'))}
    </Group>
  )
}

function Preview({
  preview,
  ownPapersPath,
}: {
  readonly preview: InterestPreview | null
  readonly ownPapersPath: string
}) {
  return (
    <>
      <p className="small">
        <a href={ownPapersPath}>{say('topics.ownPapers')}</a>
      </p>
      <div
        className="matching"
        id="matching"
        data-matching=""
        data-live="/interests/matching"
        data-add={say('matching.addInstead')}
        aria-live="polite"
        hidden={preview === null}
      >
        {preview === null ? null : <InterestMatches preview={preview} addable />}
      </div>
      <div>
        <button type="submit" name="action" value="preview" className="quiet">
          {say('topics.preview')}
        </button>
      </div>
    </>
  )
}
