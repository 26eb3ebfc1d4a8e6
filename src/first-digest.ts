import { addDays, type Day, dayIn, hourIn, weekday } from './day.ts'
import type { Preferences } from './subscriber.ts'

/** When a new reader's first digest comes. `soon`: an edition that they may have is open already. */
export type FirstDigest =
  | { readonly kind: 'soon' }
  /** On the first day with papers from this one on, not before this hour, both in the reader's zone. */
  | { readonly kind: 'from'; readonly day: Day; readonly hour: number }

type Rhythm = Pick<Preferences, 'frequency' | 'weekday' | 'hour' | 'timezone'>

/** The same rule by which dispatch chooses who is due, asked for one reader and looking ahead. */
export function firstDigest(rhythm: Rhythm, openDays: readonly Day[], now: Date): FirstDigest {
  const today = dayIn(rhythm.timezone, now)
  const hour = hourIn(rhythm.timezone, now)
  const isDue = (day: Day) => suits(rhythm, day) && (today > day || (today === day && hour >= rhythm.hour))
  if (openDays.some(isDue)) return { kind: 'soon' }
  let day = hour < rhythm.hour ? today : addDays(today, 1)
  // A week at most: every week has each weekday.
  while (!suits(rhythm, day)) day = addDays(day, 1)
  return { kind: 'from', day, hour: rhythm.hour }
}

function suits(rhythm: Rhythm, day: Day): boolean {
  return rhythm.frequency === 'daily' || weekday(day) >= rhythm.weekday
}
