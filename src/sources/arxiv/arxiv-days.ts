import { addDays, type Day, hourIn, localTime, weekday } from '../../domain/day.ts'

/** The time zone of arXiv's day: deadline at 14:00, announcement at 20:00, Monday to Friday. */
export const EASTERN = 'America/New_York'

/** Returns when the papers of a weekday are announced: at 20:00 on the evening before. */
export function announcedAt(day: Day): Date {
  return easternHour(addDays(day, -1), 20)
}

/** Returns when the papers announced on a weekday were submitted: from `from` through the minute of `to`. */
export function submissionWindow(day: Day): { readonly from: Date; readonly to: Date } {
  const deadlines: Record<number, readonly [number, number]> = { 1: [-4, -3], 2: [-4, -1] } // Monday's, Tuesday's.
  const [first, last] = deadlines[weekday(day)] ?? [-2, -1]
  const to = easternHour(addDays(day, last), 14)
  return { from: easternHour(addDays(day, first), 14), to: new Date(to.getTime() - 60_000) }
}

/** Returns the weekday whose submission window contains a time. */
export function listDayOf(submitted: Date): Day {
  const { day, hour } = localTime(EASTERN, submitted)
  const deadline = nextWeekday(hour < 14 ? day : addDays(day, 1))
  return nextWeekday(addDays(deadline, 1))
}

function nextWeekday(from: Day): Day {
  return addDays(from, weekday(from) > 5 ? 8 - weekday(from) : 0)
}

/** Returns the instant of an afternoon hour in New York. Summer time never changes in the afternoon. */
function easternHour(day: Day, hour: number): Date {
  const summer = new Date(Date.parse(`${day}T00:00:00Z`) + (hour + 4) * 3_600_000)
  return hourIn(EASTERN, summer) === hour ? summer : new Date(summer.getTime() + 3_600_000)
}
