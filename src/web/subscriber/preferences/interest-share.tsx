import { ErrorLine, type FormError, shownError } from '../../layout/controls.tsx'

/** Percentage chosen by interests → label. No label contains “interests”, the label of another field. */
const STOPS: ReadonlyMap<number, string> = new Map([
  [0, 'Trending only'],
  [25, 'Mostly trending'],
  [50, 'Half and half'],
  [75, 'Mostly mine'],
  [100, 'Mine first'],
])

interface SliderProps {
  /** Percentage, as stored or as typed. */
  readonly mix: string
  readonly faults: readonly FormError[]
}

/**
 * A slider between trending papers and the subscriber's interests. It is a row of radio buttons, so it works by touch,
 * with arrow keys and without JavaScript. A percentage that was set elsewhere, such as 60, appears as an extra stop.
 */
export function InterestShareSlider({ mix, faults }: SliderProps) {
  const error = shownError(faults, 'mix')
  const own = /^\d{1,3}$/.test(mix) && Number(mix) <= 100 ? [Number(mix)] : []
  const stops = [...new Set([...STOPS.keys(), ...own])].sort((a, b) => a - b)
  return (
    <fieldset id="mix" className="interest-slider" aria-describedby="mix-hint">
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
        How many of the top papers are chosen for your interests. The rest are the day’s most voted papers. If you have
        no interests, all of them are.
      </p>
    </fieldset>
  )
}
