import { say } from '../../language/language.ts'
import type { InterestPreview } from '../../subscriptions/interests/interest-preview.ts'

interface InterestMatchesProps {
  readonly preview: InterestPreview
  /** Whether the interests that may be added instead are boxes of the form around it. */
  readonly addable?: boolean
}

/**
 * Shows what some interests match in the newest list, and names those that match nothing. subscribe.js builds the same
 * content while somebody types.
 */
export function InterestMatches({ preview, addable = false }: InterestMatchesProps) {
  const { words, papers, notes } = preview
  return (
    <>
      <p className="hint">{words}</p>
      {papers.length === 0 ? null : (
        <ul>
          {papers.map(({ title, url, interest }) => (
            <li key={url} dir="auto">
              <a href={url}>{title}</a> · {interest}
            </li>
          ))}
        </ul>
      )}
      {notes.length === 0 ? null : (
        <ul className="notes">
          {notes.map(({ words, nearest }) => (
            <li key={words} dir="auto">
              {words}
              {nearest.length === 0 ? null : addable ? (
                <AddableInterests nearest={nearest} />
              ) : (
                ` ${say('matching.near', { interests: nearest.join(', ') })}`
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

/** Boxes of the field `interests`: a ticked one is saved as one more interest. */
function AddableInterests({ nearest }: { readonly nearest: readonly string[] }) {
  return (
    <span className="nearest">
      {` ${say('matching.addInstead')} `}
      {nearest.map((each) => (
        <label className="choice" key={each}>
          <input type="checkbox" name="interests" value={each} />
          <span>{each}</span>
        </label>
      ))}
    </span>
  )
}
