import {
  PREHEADER_CHARS_MAX,
  PREHEADER_TITLE_CHARS_MIN,
  SUBJECT_CHARS_MAX,
  SUBJECT_TITLES_CHARS_MIN,
} from '../../../config/limits.ts'
import { say } from '../../language/language.ts'
import { cleanLine } from '../escape.ts'
import { shorten, type TitleForm, titleForms } from '../shorten.ts'

/** Period of a digest: its day, its week, or the pause before it. */
export type DigestSpan = 'day' | 'week' | 'away'

/** A paper’s title, and the interest that it was chosen for, or an empty text. */
export interface SubjectPaper {
  readonly title: string
  readonly interest: string
}

/** Papers whose titles the subject and the preview text show, at most. */
export const OPENING_PAPERS = 7

/**
 * Returns the subject: the first two titles, within SUBJECT_CHARS_MAX. Long titles are shortened to the name before their
 * colon or after a word. The interest of the first paper precedes them if it is short: `agents: A title; also Another`.
 * The subject has no number of papers, so no number can differ from those of the message.
 */
export function subjectOf([first, second]: readonly SubjectPaper[], span: DigestSpan): string {
  if (first === undefined) return ''
  const { opening, next } = openingOf(first, second, span)
  const room = SUBJECT_CHARS_MAX - opening.length - next.length
  if (second === undefined) return opening + best(first.title, SUBJECT_CHARS_MAX - opening.length)
  return opening + bestPair(first.title, second.title, room).join(next)
}

/** Returns the forms of two titles that together say the most within a room. */
function bestPair(first: string, second: string, room: number): readonly [string, string] {
  const [ones, others] = [titleForms(first), titleForms(second)]
  let found: readonly [string, string] | null = null
  let most = 0
  for (const one of ones)
    for (const other of others) {
      const worth = FIRST_WEIGHT * one.worth + other.worth
      if (worth <= most || one.text.length + other.text.length > room) continue
      most = worth
      found = [one.text, other.text]
    }
  return found ?? forcedPair(first, second, room)
}

/** Cuts a title whose first word is longer than its share of the room. */
function forcedPair(first: string, second: string, room: number): readonly [string, string] {
  const half = Math.floor(room / 2)
  const lengths = (title: string) => Math.min(half, ...titleForms(title).map(({ text }) => text.length))
  const one = best(first, Math.max(half, room - lengths(second)))
  return [one, best(second, room - one.length)]
}

/** The first paper is the strongest, so its title gets more of the room. */
const FIRST_WEIGHT = 1.2

function best(title: string, room: number): string {
  let found: TitleForm | undefined
  for (const form of titleForms(title)) if (form.text.length <= room && form.worth > (found?.worth ?? 0)) found = form
  return found?.text ?? shorten(title, room)
}

/** Returns the words before the first title, and those between both. */
function openingOf(first: SubjectPaper, second: SubjectPaper | undefined, span: DigestSpan) {
  const interest = inWords(cleanLine(first.interest))
  const opening = `${say('subject.interest', { span, interest })} `
  const next = second === undefined || second.interest === first.interest ? '; ' : `; ${say('subject.also')} `
  const fits = SUBJECT_CHARS_MAX - opening.length - next.length >= SUBJECT_TITLES_CHARS_MIN
  return interest !== '' && span !== 'away' && fits
    ? { opening, next }
    : { opening: span === 'day' ? '' : `${say('subject.span', { span })} `, next: '; ' }
}

/** Returns an interest without quotation marks. It is empty for an exclusion or a condition such as `category:cs.CL`. */
function inWords(interest: string): string {
  return /^-|^(?:author|category|code)\s*:/i.test(interest) ? '' : interest.replace(/^["“”«]+|["“”»]+$/gu, '')
}

/**
 * Returns the preview text, which continues the subject: the next titles. If the subject has all titles, it is the
 * beginning of the first abstract.
 */
export function preheaderOf(titles: readonly string[], abstract: string): string {
  const next = titles.slice(2)
  if (next.length === 0) return shorten(abstract, PREHEADER_CHARS_MAX)
  let preheader = ''
  for (const title of next) {
    const before = preheader === '' ? '' : `${preheader}; `
    const room = PREHEADER_CHARS_MAX - before.length
    if (room < PREHEADER_TITLE_CHARS_MIN) return preheader
    preheader = before + best(title, room)
  }
  return preheader
}

/** Pads a short preheader, so that the inbox does not show the first lines of the message. */
export function padded(preheader: string): string {
  return preheader + '\u00a0\u200c'.repeat(Math.max(0, PREHEADER_CHARS_MAX - preheader.length))
}
