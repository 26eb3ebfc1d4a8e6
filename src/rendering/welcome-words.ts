import type { AbstractForm, Preferences } from '../domain/subscriber.ts'
import { cleanLine } from './escape.ts'

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** When the digest comes, as one sentence. */
export function frequencyWords({ frequency, weekday, weekdays, deliveryHour: hour, timezone }: Preferences): string {
  const from = `not before ${String(hour).padStart(2, '0')}:00 (${cleanLine(timezone)})`
  return frequency === 'weekly'
    ? `Your digest comes once a week, on the first day with papers since ${nameOf(weekday)}, ${from}.`
    : `Your digest comes on every ${weekdays.length < 7 ? weekdays.map(nameOf).join(', ') : 'day'} that has papers, ${from}.`
}

function nameOf(weekday: number): string {
  return WEEKDAYS[weekday - 1] ?? 'Monday'
}

/** The words for each form in which the first papers come. */
const CARRIED: Readonly<Record<AbstractForm, (papers: number) => string>> = {
  abstracts: (papers) => (papers === 1 ? 'its abstract' : 'their abstracts'),
  sentences: (papers) => (papers === 1 ? 'its key sentence' : 'their key sentences'),
  summaries: (papers) => (papers === 1 ? 'a summary by AI' : 'summaries by AI'),
}

/** The rule by which papers are chosen, as one sentence or two. */
export function selectionWords({ interests, featuredCount: length, format }: Preferences): string {
  const first = length === 1 ? 'The first paper comes' : `The first ${length} papers come`
  const many = format === 'titles' ? 'The papers come as titles' : `${first} with ${CARRIED[format](length)}`
  return interests.length === 0
    ? `${many}, in the order of the day’s votes. Name your interests, and papers that match come first.`
    : `${many}; what matches your interests comes first: ${interests.map(cleanLine).join(', ')}.`
}
