import type { AbstractForm, Preferences } from '../domain/subscriber.ts'
import { cleanLine } from './escape.ts'

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** Returns one sentence on when the digest comes. */
export function frequencyWords({ frequency, weekday, weekdays, deliveryHour: hour, timezone }: Preferences): string {
  const from = `after ${String(hour).padStart(2, '0')}:00 (${cleanLine(timezone)})`
  return frequency === 'weekly'
    ? `Your digest comes once a week, on the first day with papers from ${nameOf(weekday)} on, ${from}.`
    : `Your digest comes every ${weekdays.length < 7 ? weekdays.map(nameOf).join(', ') : 'day'} that has papers, ${from}.`
}

function nameOf(weekday: number): string {
  return WEEKDAYS[weekday - 1] ?? 'Monday'
}

/** Words for each form of the top papers. */
const CARRIED: Readonly<Record<AbstractForm, (papers: number) => string>> = {
  skim: (papers) => (papers === 1 ? 'its abstract' : 'a few lines each, and the very first with its abstract'),
  abstracts: (papers) => (papers === 1 ? 'its abstract' : 'their abstracts'),
  sentences: (papers) => (papers === 1 ? 'its key sentence' : 'their key sentences'),
  summaries: (papers) => (papers === 1 ? 'an AI summary' : 'AI summaries'),
}

/** Returns one or two sentences on how papers are selected. */
export function selectionWords({ interests, featuredCount: length, format }: Preferences): string {
  const first = length === 1 ? 'The first paper comes' : `The first ${length} papers come`
  const many = format === 'titles' ? 'The papers come as titles' : `${first} with ${CARRIED[format](length)}`
  return interests.length === 0
    ? `${many}, sorted by the day’s votes. Add interests, and matching papers come first.`
    : `${many}. Papers that match your interests come first: ${interests.map(cleanLine).join(', ')}.`
}
