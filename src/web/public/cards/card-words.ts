import type { Edition } from '../../../domain/edition.ts'
import { isArxivId } from '../../../domain/paper.ts'
import { say } from '../../../language/language.ts'
import type { PaperRecord } from '../../../ledger/editions/paper-record.ts'
import { longDay } from '../../../rendering/digest/view-model.ts'
import { latestVotes } from '../paper/paper-links.ts'
import type { Card } from './card.ts'

/** The words of a card, and a title for it in plain letters. */
export interface CardWords extends Omit<Card, 'name'> {
  readonly plainTitle: string
}

/** Returns what the picture of a paper says: organisation, authors, day and votes. */
export function paperCard(record: PaperRecord): CardWords {
  const { paper, days } = record
  const [listed, votes] = [days.at(-1), latestVotes(record)]
  const byline = [paper.organization ?? '', shortAuthors(paper.authors)].filter((part) => part !== '').join(' · ')
  const standing = [
    ...(listed === undefined ? [] : [say('paper.rankOf', { rank: listed.rank, papers: listed.papers })]),
    ...(votes === null ? [] : [say('count.votes', { count: votes })]),
  ].join(' · ')
  return {
    kicker: listed === undefined ? '' : longDay(listed.day),
    title: paper.title,
    lines: [byline, standing].filter((line) => line !== ''),
    plainTitle: isArxivId(paper.id) ? `arXiv:${paper.id}` : paper.id,
  }
}

/** Returns what the picture of a day says: how many papers, and the first of them. */
export function dayCard({ day, entries }: Pick<Edition, 'day' | 'entries'>): CardWords {
  const title = say('card.papers', { count: entries.length })
  return {
    kicker: longDay(day),
    title,
    lines: entries.slice(0, PAPERS_NAMED).map(({ paper, rank }) => `${rank}. ${paper.title}`),
    plainTitle: title,
  }
}

/** Returns a card in words, for people who do not see it. */
export function cardText({ title, lines }: CardWords): string {
  return [title, ...lines].join('. ')
}

const PAPERS_NAMED = 3

function shortAuthors(authors: readonly string[]): string {
  if (authors.length <= 2) return authors.join(', ')
  return say('authors.others', { names: authors[0] ?? '', count: authors.length - 1 })
}
