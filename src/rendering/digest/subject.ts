import { PREHEADER_CHARS_MAX, SUBJECT_CHARS_MAX } from '../../../config/limits.ts'

/** Period of a digest: its day, its week, or the pause before it. */
export type DigestSpan = 'day' | 'week' | 'away'

const ENDINGS = { day: '', week: ' this week', away: ' while you were away' } as const

/**
 * Returns the subject: the first paper's title and the number of other papers, within SUBJECT_CHARS_MAX: `A title… and
 * 55 more papers`.
 */
export function subjectOf(title: string, papers: number, of: DigestSpan): string {
  const more = papers - 1
  if (more === 0) return shorten(title, SUBJECT_CHARS_MAX)
  const ending = `… and ${more} more ${more === 1 ? 'paper' : 'papers'}${ENDINGS[of]}`
  return shorten(title, SUBJECT_CHARS_MAX - ending.length + 1).replace(/[\s.,:;…]*$/, '') + ending
}

/** Returns the preview text: the next two titles or, for a single paper, the beginning of its abstract. */
export function preheaderOf(titles: readonly string[], abstract: string): string {
  const next = titles.slice(1, 3)
  return shorten(next.length === 0 ? abstract : next.join(' · '), PREHEADER_CHARS_MAX)
}

/** Pads a short preheader, so that the inbox does not show the first lines of the message. */
export function padded(preheader: string): string {
  return preheader + '\u00a0\u200c'.repeat(Math.max(0, PREHEADER_CHARS_MAX - preheader.length))
}

/** Shortens text after a word. The length includes the ellipsis. A title without spaces is cut between characters. */
export function shorten(text: string, chars: number): string {
  if (text.length <= chars) return text
  const room = text.slice(0, chars)
  const blank = room.lastIndexOf(' ')
  const kept = blank > chars / 2 ? room.slice(0, blank) : room.slice(0, chars - 1).replace(/[\ud800-\udbff]$/, '')
  return `${kept.replace(/[\s.,:;]+$/, '')}…`
}
