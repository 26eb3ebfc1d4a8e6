import { SUMMARY_INTEREST_CHARS_MAX, SUMMARY_INTERESTS_MAX } from '../../../config/limits.ts'
import type { UnmatchedInterests } from '../../domain/interests/unmatched.ts'
import { cleanLine } from '../escape.ts'
import { shorten } from '../shorten.ts'
import type { ChosenBy, DigestPaper } from './props.ts'
import type { DigestSpan } from './subject.ts'
import { papersCounted } from './text.ts'

export interface SummaryInput {
  /** The papers in the digest. */
  readonly picks: readonly DigestPaper[]
  readonly span: DigestSpan
  /** Whether the papers of the edition have votes. */
  readonly hasVotes: boolean
  readonly chosenBy: ChosenBy
}

/**
 * Returns the line at the top: how many papers there are, and how many of them for which interests, or that none matched.
 * `20 papers: 4 for agents and sparse retrieval, 1 by an author you follow.`
 */
export function summaryOf(input: SummaryInput): string {
  const { picks, span, hasVotes, chosenBy } = input
  const papers = papersCounted(picks.length)
  const chosen = reasonsOf(picks)
  const first = hasVotes ? 'most voted' : 'newest'
  const order = chosenBy.votesOnly && picks.length > 1 ? `, the ${first} first, as you chose` : ''
  if (chosen !== '') return `${papers}${order}: ${chosen}.`
  if (chosenBy.votesOnly) return `${papers}${order}.`
  const missing = missingOf(chosenBy)
  if (missing === '') return picks.length === 1 ? `${papers}.` : `${papers}, the ${first} first.`
  const these = picks.length === 1 ? 'this is' : 'these are'
  return `${papers}. ${missing} this time; ${these} ${SPANS[span]} ${first}.`
}

const SPANS = { day: 'the day’s', week: 'the week’s', away: 'the' } as const

function missingOf({ interests, authors }: ChosenBy): string {
  if (interests.length === 0) return authors ? 'Nothing came from the authors you follow' : ''
  return authors
    ? 'Nothing matched your interests or came from the authors you follow'
    : 'Nothing matched your interests'
}

/** Returns how many papers there are for each reason. Empty if all are there for their votes. */
function reasonsOf(picks: readonly DigestPaper[]): string {
  const counts = { votes: 0, interest: 0, mention: 0, author: 0, feedback: 0, near: 0 }
  const interests: string[] = []
  for (const { kind, interest } of picks) {
    counts[kind] += 1
    if (kind === 'interest' && !interests.includes(interest)) interests.push(interest)
  }
  if (counts.votes === picks.length) return ''
  const words = [
    counts.interest === 0 ? '' : `${counts.interest} for ${namesOf(interests)}`,
    counts.mention === 0
      ? ''
      : `${counts.mention} that ${counts.mention === 1 ? 'mentions' : 'mention'} your interests`,
    counts.author === 0 ? '' : `${counts.author} by ${counts.author === 1 ? 'an author' : 'authors'} you follow`,
    counts.feedback === 0 ? '' : `${counts.feedback} like papers you asked more of`,
    counts.near === 0 ? '' : `${counts.near} close to your interests`,
  ]
  return words.filter((each) => each !== '').join(', ')
}

function namesOf(interests: readonly string[]): string {
  const names = interests
    .slice(0, SUMMARY_INTERESTS_MAX)
    .map((interest) => shorten(cleanLine(interest), SUMMARY_INTEREST_CHARS_MAX))
  const others = interests.length - names.length
  if (others > 0) return `${names.join(', ')} and ${others} more of your interests`
  return names.length === 1 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

/** Returns the sentences of the footer: how papers are chosen, and which interests matched nothing for a month. */
export function choiceWords(chosenBy: ChosenBy, hasVotes: boolean): string {
  const chosen = orderWords(chosenBy, hasVotes)
  return chosenBy.unmatched === null ? chosen : `${chosen} ${unmatchedWords(chosenBy.unmatched)}`
}

/** `In the last 30 days no paper matched “sparce retrieval” (perhaps “sparse retrieval”).` */
function unmatchedWords({ days, named, others }: UnmatchedInterests): string {
  const names = named.map(({ typed, nearest }) => {
    const proposals = nearest.map((each) => `“${each}”`).join(' or ')
    return `“${typed}”${proposals === '' ? '' : ` (perhaps ${proposals})`}`
  })
  if (others > 0) names.push(`${others} more of your interests`)
  const list = names.length === 1 ? names[0] : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
  return `In the last ${days} days no paper matched ${list}. You can change your interests in your preferences.`
}

/** The sentences are true whether or not any paper matched. */
function orderWords({ interests, authors, votesOnly, feedback }: ChosenBy, hasVotes: boolean): string {
  const first = hasVotes ? 'most voted' : 'newest'
  const named = interests.join(', ')
  if (votesOnly)
    return `The ${first} papers come first, as you chose.${named === '' ? '' : ` Your interests: ${named}.`}`
  const taste = feedback ? ' What you asked more of counts too; your preferences show what was learned.' : ''
  if (named !== '')
    return `Papers that match your interests come first: ${named}.${authors ? ' So do papers by the authors you follow.' : ''}${taste}`
  if (authors) return `Papers by the authors you follow come first, then the ${first}.${taste}`
  if (feedback) return `The ${first} papers come first.${taste}`
  return `The ${first} papers come first. Add interests in your preferences, and papers that match come before them.`
}
