import { PREHEADER_CHARS_MAX, SUBJECT_CHARS_MAX } from '../../../config/limits.ts'

/** Over what a digest looks back: its day, its week, or the pause after which it is the first. */
export type DigestSpan = 'day' | 'week' | 'away'

const ENDINGS = { day: '', week: ' this week', away: ' while you were away' } as const

/** The first paper's title and how many more there are, within SUBJECT_CHARS_MAX: `A title… and 55 more papers`. */
export function subjectOf(title: string, papers: number, of: DigestSpan): string {
  const more = papers - 1
  if (more === 0) return shorten(title, SUBJECT_CHARS_MAX)
  const ending = `… and ${more} more ${more === 1 ? 'paper' : 'papers'}${ENDINGS[of]}`
  return shorten(title, SUBJECT_CHARS_MAX - ending.length + 1).replace(/[\s.,:;…]*$/, '') + ending
}

/** What an inbox shows after the subject: the next two titles, or, of a single paper, how its abstract begins. */
export function preheaderOf(titles: readonly string[], abstract: string): string {
  const next = titles.slice(1, 3)
  return shorten(next.length === 0 ? abstract : next.join(' · '), PREHEADER_CHARS_MAX)
}

/** Spaces that keep an inbox from showing the mail's first lines after a short preheader. */
export function padded(preheader: string): string {
  return preheader + '\u00a0\u200c'.repeat(Math.max(0, PREHEADER_CHARS_MAX - preheader.length))
}

/** Cut after a word, with an ellipsis in the length; a title without blanks is cut between its characters. */
export function shorten(text: string, chars: number): string {
  if (text.length <= chars) return text
  const room = text.slice(0, chars)
  const blank = room.lastIndexOf(' ')
  const kept = blank > chars / 2 ? room.slice(0, blank) : room.slice(0, chars - 1).replace(/[\ud800-\udbff]$/, '')
  return `${kept.replace(/[\s.,:;]+$/, '')}…`
}
