import { SUMMARY_INTEREST_CHARS_MAX, SUMMARY_INTERESTS_MAX } from '../../../config/limits.ts'
import type { UnmatchedInterests } from '../../domain/interests/unmatched.ts'
import { language, say } from '../../language/language.ts'
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
  const votes = hasVotes ? 'yes' : 'no'
  const ordered = chosenBy.votesOnly && picks.length > 1 ? say('summary.asChosen', { papers, votes }) : papers
  if (chosen !== '') return say('summary.reasons', { papers: ordered, reasons: chosen })
  if (chosenBy.votesOnly) return `${ordered}.`
  const missing = missingOf(chosenBy)
  if (missing === null) return picks.length === 1 ? `${papers}.` : say('summary.first', { papers, votes })
  return say('summary.nothing', { papers, missing, span, votes, count: picks.length })
}

/** Returns what a subscriber has chosen and nothing came of, or null. */
function missingOf({ interests, authors }: ChosenBy): 'authors' | 'interests' | 'both' | null {
  if (interests.length === 0) return authors ? 'authors' : null
  return authors ? 'both' : 'interests'
}

const KINDS = ['interest', 'mention', 'author', 'feedback', 'near'] as const

/** Returns how many papers there are for each reason. Empty if all are there for their votes. */
function reasonsOf(picks: readonly DigestPaper[]): string {
  const counts = { votes: 0, interest: 0, mention: 0, author: 0, feedback: 0, near: 0 }
  const interests: string[] = []
  for (const { kind, interest } of picks) {
    counts[kind] += 1
    if (kind === 'interest' && !interests.includes(interest)) interests.push(interest)
  }
  if (counts.votes === picks.length) return ''
  return KINDS.filter((kind) => counts[kind] > 0)
    .map((kind) => reasonOf(kind, counts[kind], interests))
    .join(', ')
}

function reasonOf(kind: (typeof KINDS)[number], count: number, interests: readonly string[]): string {
  if (kind === 'interest') return say('summary.interest', { count, interests: namesOf(interests) })
  return say(`summary.${kind}`, { count })
}

function namesOf(interests: readonly string[]): string {
  const names = interests
    .slice(0, SUMMARY_INTERESTS_MAX)
    .map((interest) => shorten(cleanLine(interest), SUMMARY_INTEREST_CHARS_MAX))
  const others = interests.length - names.length
  return others > 0 ? say('summary.others', { names: names.join(', '), count: others }) : language().list(names)
}

/** Returns the sentences of the footer: how papers are chosen, and which interests matched nothing for a month. */
export function choiceWords(chosenBy: ChosenBy, hasVotes: boolean): string {
  const chosen = orderWords(chosenBy, hasVotes)
  return chosenBy.unmatched === null ? chosen : `${chosen} ${unmatchedWords(chosenBy.unmatched)}`
}

/** `In the last 30 days no paper matched “sparce retrieval” (perhaps “sparse retrieval”).` */
function unmatchedWords({ days, named, others }: UnmatchedInterests): string {
  const names = named.map(({ typed, nearest }) => {
    const quoted = say('quoted', { text: typed })
    if (nearest.length === 0) return quoted
    return say('choice.perhaps', { typed: quoted, nearest: quotedChoice(nearest) })
  })
  if (others > 0) names.push(say('choice.moreInterests', { count: others }))
  return say('choice.unmatched', { days, interests: language().list(names, 'or') })
}

/** `“a”, “b” or “c”`. */
export function quotedChoice(texts: readonly string[]): string {
  return language().list(
    texts.map((text) => say('quoted', { text })),
    'or',
  )
}

/** The sentences are true whether or not any paper matched. */
function orderWords({ interests, authors, votesOnly, feedback }: ChosenBy, hasVotes: boolean): string {
  const votes = hasVotes ? 'yes' : 'no'
  const named = interests.join(', ')
  const sentences = (...each: readonly (string | false)[]) => each.filter((sentence) => sentence !== false).join(' ')
  if (votesOnly)
    return sentences(say('choice.asChosen', { votes }), named !== '' && say('choice.interests', { interests: named }))
  const taste = feedback && say('choice.feedback')
  if (named !== '')
    return sentences(say('choice.matches', { interests: named }), authors && say('choice.authorsToo'), taste)
  if (authors) return sentences(say('choice.authors', { votes }), taste)
  return sentences(say('choice.first', { votes }), feedback ? taste : say('choice.addInterests'))
}
