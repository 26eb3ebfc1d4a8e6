import type { MessageKey } from '../../../language/catalogue.ts'
import { say } from '../../../language/language.ts'
import { ErrorLine, type FormError, shownError } from '../../layout/controls.tsx'

/** Percentage chosen by interests → label. No label contains “interests”, the label of another field. */
const STOPS: ReadonlyMap<number, MessageKey> = new Map([
  [0, 'mix.trending'],
  [25, 'mix.mostlyTrending'],
  [50, 'mix.half'],
  [75, 'mix.mostlyMine'],
  [100, 'mix.mine'],
])

function stopWords(stop: number): string {
  const key = STOPS.get(stop)
  return key === undefined ? say('mix.percent', { percent: stop }) : say(key)
}

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
      <legend>{say('mix.legend')}</legend>
      <div className="track">
        {stops.map((stop) => (
          <label key={stop}>
            <input type="radio" name="mix" value={stop} defaultChecked={own.includes(stop)} {...error.attributes} />
            <span>{stopWords(stop)}</span>
          </label>
        ))}
      </div>
      <ErrorLine error={error} />
      <p className="hint" id="mix-hint">
        {say('mix.hint')}
      </p>
    </fieldset>
  )
}
