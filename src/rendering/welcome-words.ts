import type { Preferences } from '../domain/subscriber.ts'
import { say } from '../language/language.ts'
import { weekdayName } from '../language/weekdays.ts'
import { cleanLine } from './escape.ts'
import { hourWords } from './next-digest-words.ts'

/** Returns one sentence on when the digest comes. */
export function frequencyWords({ frequency, weekday, weekdays, deliveryHour: hour, timezone }: Preferences): string {
  const from = hourWords(hour, timezone)
  if (frequency === 'weekly') return say('welcome.weekly', { weekday: weekdayName(weekday), hour: from })
  return weekdays.length < 7
    ? say('welcome.weekdays', { weekdays: weekdays.map((each) => weekdayName(each)).join(', '), hour: from })
    : say('welcome.daily', { hour: from })
}

/** Returns one or two sentences on how papers are selected. */
export function selectionWords({ interests, featuredCount: count, format }: Preferences): string {
  const form = say('welcome.form', { format, count })
  return interests.length === 0
    ? say('welcome.byVotes', { form })
    : say('welcome.byInterests', { form, interests: interests.map(cleanLine).join(', ') })
}
