import { ErrorLine, type FormError, shownError } from '../../layout/controls.tsx'

/** Per cent by interests → what that is in words. None holds the word itself: it is the label of their own field. */
const STOPS: ReadonlyMap<number, string> = new Map([
  [0, 'Trending only'],
  [25, 'Mostly trending'],
  [50, 'Half and half'],
  [75, 'Mostly mine'],
  [100, 'Mine first'],
])

interface KnobProps {
  /** Per cent, as it is stored or as it was typed. */
  readonly mix: string
  readonly faults: readonly FormError[]
}

/**
 * From what everybody talks about to what one reader looks for, as one row of choices: it works by touch, by arrow keys
 * and without a script. A share that was set elsewhere, such as 60, stands in the row at its place.
 */
export function InterestShareSlider({ mix, faults }: KnobProps) {
  const error = shownError(faults, 'mix')
  const own = /^\d{1,3}$/.test(mix) && Number(mix) <= 100 ? [Number(mix)] : []
  const stops = [...new Set([...STOPS.keys(), ...own])].sort((a, b) => a - b)
  return (
    <fieldset id="mix" className="knob" aria-describedby="mix-hint">
      <legend>Trending or your interests?</legend>
      <div className="track">
        {stops.map((stop) => (
          <label key={stop}>
            <input type="radio" name="mix" value={stop} defaultChecked={own.includes(stop)} {...error.attributes} />
            <span>{STOPS.get(stop) ?? `${stop} % mine`}</span>
          </label>
        ))}
      </div>
      <ErrorLine error={error} />
      <p className="hint" id="mix-hint">
        How many of the papers at the top may be there for matching your interests alone. The other places go to the
        day’s most voted, and all of them do while you name no interests.
      </p>
    </fieldset>
  )
}
