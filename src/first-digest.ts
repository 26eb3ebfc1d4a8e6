import { WEEK_DAYS } from '../config/limits.ts'
import { addDays, type Day, localTime, weekday } from './day.ts'
import { periodOf } from './delivery.ts'
import { periodDue, type Rhythm, type ShelvedEdition, turnOf } from './turn.ts'

/** When a new reader's first digest comes. `soon`: an edition that they may have is open already. */
export type FirstDigest =
  | { readonly kind: 'soon' }
  /** On the first day with papers from this one on, not before this hour, both in the reader's zone. */
  | { readonly kind: 'from'; readonly day: Day; readonly hour: number }

/** The same rule by which dispatch chooses who is due, asked for one reader and looking ahead. */
export function firstDigest(rhythm: Rhythm, shelf: readonly ShelvedEdition[], now: Date): FirstDigest {
  const isDue = ({ day, sending }: ShelvedEdition) => {
    if (sending !== 'running') return false
    const turn = turnOf(rhythm.timezone, day, shelf, now)
    return turn !== null && periodDue(rhythm, turn, day) !== null
  }
  return shelf.some(isDue) ? { kind: 'soon' } : nextDigest(rhythm, now)
}

/**
 * The next day and hour at which a reader may get a digest. `had` are periods that are settled already; of `waiting` days
 * the edition may still come, though their hour has passed.
 */
export function nextDigest(
  rhythm: Rhythm,
  now: Date,
  had: ReadonlySet<string> = new Set(),
  waiting: readonly Day[] = [],
): Extract<FirstDigest, { kind: 'from' }> {
  const { day: today, hour } = localTime(rhythm.timezone, now)
  const isPossible = (day: Day) =>
    suits(rhythm, day) &&
    !had.has(periodOf(rhythm.frequency, day)) &&
    (day > today || hour < rhythm.hour || waiting.includes(day))
  let day = today
  // Two weeks at most: every week has each weekday, and of two weeks one is still to come.
  for (let days = 0; days < 2 * WEEK_DAYS && !isPossible(day); days += 1) day = addDays(day, 1)
  return { kind: 'from', day, hour: rhythm.hour }
}

function suits(rhythm: Rhythm, day: Day): boolean {
  return rhythm.frequency === 'daily' ? rhythm.weekdays.includes(weekday(day)) : weekday(day) >= rhythm.weekday
}
