import { AUTHORS_SHOWN } from '../../../config/limits.ts'
import { addDays, type Day, isoWeek } from '../../domain/day.ts'
import type { Entry } from '../../domain/edition.ts'
import { isArxivId, type Paper } from '../../domain/paper.ts'
import { gainedWords, isNotable } from '../../domain/stars.ts'
import { language, say } from '../../language/language.ts'
import type { Links } from '../../security/signed-links.ts'
import { cleanLine } from '../escape.ts'
import { keySentenceOf } from './key-sentence.ts'
import type { Brand, DigestProps, PaperProps } from './props.ts'

export interface ViewModelInput {
  readonly day: Day
  readonly frequency: 'daily' | 'weekly'
  readonly votesAt: Date | null
  readonly incomplete: string | null
  readonly entries: readonly Entry[]
  readonly brand: Brand
  readonly links: Links
}

/** Turns frozen edition papers into template props. Pure. */
export function viewModelOf(input: ViewModelInput): DigestProps {
  return {
    brand: input.brand,
    day: input.day,
    dayLong: longDay(input.day),
    frequency: input.frequency,
    votesAsOf: input.votesAt === null || !hasVotes(input.entries) ? '' : votesAsOf(input.votesAt, input.day),
    incomplete: input.incomplete,
    webUrl: input.frequency === 'weekly' ? input.links.week(weekOf(input.day)) : input.links.edition(input.day),
    papers: input.entries.map((entry) => presentPaper(entry, input.links)),
  }
}

/** arXiv has a time of reading, but no votes. */
function hasVotes(entries: readonly Entry[]): boolean {
  return entries.some(({ signals }) => signals.upvotes !== null)
}

/** Returns the ISO week to which most of the seven days up to `day` belong. */
function weekOf(day: Day): string {
  return isoWeek(addDays(day, -3))
}

/** `Tuesday, 14 October 2025`. */
export function longDay(day: Day): string {
  const { date } = language()
  return say('date.long', { weekday: date(day, 'weekday'), date: date(day, 'long') })
}

/** `A, B, C and 12 others`. Shows all authors when there is only one more than `shown`. */
export function authorLine(authors: readonly string[], shown = AUTHORS_SHOWN): string {
  if (authors.length <= 1) return authors[0] ?? ''
  if (authors.length <= shown + 1) return language().list(authors)
  return say('authors.others', { names: authors.slice(0, shown).join(', '), count: authors.length - shown })
}

/** `A et al.`, or both of two authors. */
function shortAuthorLine(authors: readonly string[]): string {
  return authors.length <= 2 ? language().list(authors) : say('authors.etAl', { name: authors[0] ?? '' })
}

function votesAsOf(at: Date, day: Day): string {
  const time = `${at.toISOString().slice(11, 16)} UTC`
  const date = at.toISOString().slice(0, 10)
  return say('digest.votesAsOf', { time: date === day ? time : `${time}, ${longDay(date as Day)}` })
}

function presentPaper({ paper, signals, growth }: Entry, links: Links): PaperProps {
  return {
    id: paper.id,
    title: paper.title,
    abstract: paper.abstract,
    keySentence: keySentenceOf(cleanLine(paper.abstract), paper.title),
    machineSummary: paper.machineSummary,
    authorLine: authorLine(paper.authors),
    authorsShort: shortAuthorLine(paper.authors),
    organization: paper.organization,
    thumbnail: paper.thumbnail ?? null,
    votes: signals.upvotes,
    comments: signals.comments,
    stars: growth?.stars ?? signals.stars,
    starsGained: growth !== undefined && !growth.inReason && isNotable(growth) ? gainedWords(growth) : '',
    url: links.paper(paper.id),
    links: linkViews(paper),
  }
}

/** Returns a paper's links in display order. */
export function linkViews({ id, links }: Paper): PaperProps['links'] {
  const labelled: [string, string | undefined][] = [
    [isArxivId(id) ? 'arXiv' : 'Paper', links.arxiv],
    ['PDF', links.pdf],
    ['Code', links.code],
    ['Project', links.project === links.code ? undefined : links.project],
    ['Hugging Face', links.huggingface],
  ]
  return labelled.flatMap(([label, url]) => (url === undefined ? [] : [{ label, url }]))
}
