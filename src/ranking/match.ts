import type { FeedbackProfile, ProfileWord } from '../domain/feedback-profile.ts'
import type { Candidate, CandidatePool } from './candidate-pool.ts'
import type { MatchParameters } from './parameters.ts'
import type { MatchProfile } from './selection.ts'
import { combined } from './topic.ts'
import { wordsOf } from './words/words.ts'

/** What a reader’s wishes say of one paper. */
export interface Match {
  readonly candidate: Candidate
  readonly strength: number
  readonly interest: string | null
  readonly author: string | null
  /** The interests that speak for it, with how strongly each does. */
  readonly matches: ReadonlyMap<string, number>
  /** How it goes with what feedback taught: 1 and more for what they ask for, −1 for what they want less of, 0 for neither. */
  readonly feedback: number
  /** Where it goes with the papers that match best: by which words it may. Else null. */
  readonly near: (() => readonly ProfileWord[]) | null
}

export function isWanted({ strength, author }: Match): boolean {
  return strength > 0 || author !== null
}

/** Whether nothing but its nearness speaks for a paper: it may come to the top for that, and to nowhere else. */
export function isOnlyRelated({ matches: spoken, author, feedback: asked, near }: Match): boolean {
  return near !== null && spoken.size === 0 && author === null && asked <= 0
}

/** Every paper that is neither passed over nor muted, by rank, with what the wishes say of it. */
export function matchesOf(
  pool: CandidatePool,
  profile: MatchProfile,
  passed: ReadonlySet<number>,
  parameters: MatchParameters,
): Match[] {
  const read = profile.interests.flatMap((typed) => {
    const strengths = pool.strengths(typed)
    return strengths === null ? [] : [{ typed, ...strengths }]
  })
  const wanted = read.filter(({ interest }) => interest.kind !== 'not')
  const unwanted = read.filter(({ interest }) => interest.kind === 'not').map(({ typed }) => typed)
  const mutes = [...profile.mutedTerms, ...unwanted].map((typed) => pool.muted(typed))
  const open = pool.byRank.filter(({ index }) => !passed.has(index) && !mutes.some((mute) => mute[index] === true))
  const { norm, nearWeight } = parameters
  const topics = wanted.filter(({ interest }) => interest.kind === 'topic' || interest.kind === 'exact')
  const vicinity = nearWeight === 0 || topics.length === 0 ? null : relatedPapersOf(pool, open, topics, norm)
  const followed = new Set(profile.authors.map((name) => wordsOf(name).join(' ')).filter((name) => name !== ''))
  const { learned = null } = profile
  const affinities = learned === null ? null : feedbackScores(pool, learned)
  // Of most papers nothing is said.
  const others = defaultMatches(pool)
  return open.map((member) => {
    const { index } = member
    const spoken = matchStrengthsOf(wanted, index)
    const asked = feedbackOf(learned, affinities?.[index] ?? 0)
    const near = vicinity?.of[index] ?? 0
    const isNear = vicinity !== null && near >= vicinity.least
    const by = followed.size === 0 ? -1 : member.authors.findIndex((name) => followed.has(name.join(' ')))
    const alike = others[index]
    if (alike !== undefined && spoken === NO_MATCHES && !isNear && by < 0 && asked === 0) return alike
    const said =
      (spoken.size === 0 ? 0 : combined([...spoken.values()], norm)) +
      (spoken.size > 0 || isNear ? nearWeight * near : 0) +
      LEARNED_WORTH * Math.max(0, asked)
    return {
      candidate: member,
      strength: said * member.popularity * (asked < 0 ? DISLIKED : 1),
      interest: strongestOf(spoken),
      author: member.paper.authors[by] ?? null,
      matches: spoken,
      feedback: asked,
      near: isNear && vicinity !== null ? vicinity.words : null,
    }
  })
}

const NO_MATCHES: ReadonlyMap<string, number> = new Map()
const unspoken = new WeakMap<CandidatePool, readonly Match[]>()

/** Of each paper what is said where nothing speaks for it and nothing against it: the same to every reader. */
function defaultMatches(pool: CandidatePool): readonly Match[] {
  const known = unspoken.get(pool)
  if (known !== undefined) return known
  const said = { strength: 0, interest: null, author: null, matches: NO_MATCHES, feedback: 0, near: null }
  const made = pool.members.map((candidate) => ({ candidate, ...said }))
  unspoken.set(pool, made)
  return made
}

function matchStrengthsOf(
  wanted: readonly { readonly typed: string; readonly of: readonly number[] }[],
  index: number,
): ReadonlyMap<string, number> {
  // Nothing speaks for most papers, so they share one empty map.
  let spoken: Map<string, number> | null = null
  for (const { typed, of } of wanted) {
    const strength = of[index] ?? 0
    if (strength > 0) spoken = (spoken ?? new Map<string, number>()).set(typed, strength)
  }
  return spoken ?? NO_MATCHES
}

/** Of interests that speak alike the first. */
function strongestOf(spoken: ReadonlyMap<string, number>): string | null {
  let strongest: string | null = null
  let most = 0
  for (const [typed, strength] of spoken) {
    if (strength <= most) continue
    strongest = typed
    most = strength
  }
  return strongest
}

/** What a paper that is just like enough to what was asked for is worth beside an interest’s strength. */
const LEARNED_WORTH = 6
/** What is left of a match that is like papers to have less of: both were said. */
const DISLIKED = 0.5
/** A paper that does not match is near when it has a quarter of what those that do have in the mean: fitted on the earlier months. */
const NEAR_SHARE = 0.25

interface RelatedPapers {
  /** How near each paper is, by its place in the pool. */
  readonly of: Float64Array
  /** From when on one that does not match is near. */
  readonly least: number
  readonly words: () => readonly ProfileWord[]
}

/** What goes with the papers that match best; null when none does. */
function relatedPapersOf(
  pool: CandidatePool,
  open: readonly Candidate[],
  topics: readonly { readonly of: readonly number[] }[],
  norm: number,
): RelatedPapers | null {
  const strengths = new Float64Array(pool.members.length)
  let matching = 0
  for (const { index } of open) {
    const strength = combinedAt(topics, index, norm)
    strengths[index] = strength
    if (strength > 0) matching += 1
  }
  if (matching === 0) return null
  const { table, near } = pool.words()
  const vector = near(strengths)
  if (vector === null) return null
  const of = table.affinities(vector)
  const mean =
    of.reduce((total, affinity, index) => ((strengths[index] ?? 0) > 0 ? total + affinity : total), 0) / matching
  let words: readonly ProfileWord[] | null = null
  return {
    of,
    least: NEAR_SHARE * mean,
    words() {
      words ??= [...vector.words].map((word, at) => {
        const stem = table.stems[word] ?? ''
        return { stem, weight: vector.weights[at] ?? 0, shown: pool.shown(stem) }
      })
      return words
    },
  }
}

/** Most papers are spoken for by no interest or by one, for whom there is nothing to combine. */
function combinedAt(topics: readonly { readonly of: readonly number[] }[], index: number, norm: number): number {
  let one = 0
  for (const { of } of topics) {
    const strength = of[index] ?? 0
    if (strength === 0) continue
    if (one !== 0)
      return combined(
        topics.map((topic) => topic.of[index] ?? 0),
        norm,
      )
    one = strength
  }
  return one
}

function feedbackScores(pool: CandidatePool, { words }: FeedbackProfile): Float64Array {
  const { table } = pool.words()
  return table.affinities(table.weighed(words.map(({ stem, weight }) => [stem, weight] as const)))
}

/** How often over a paper is what is asked for: from 1 where it is just like enough; −1 where it is what they want less of; else 0. */
function feedbackOf(learned: FeedbackProfile | null, affinity: number): number {
  if (learned === null) return 0
  if (learned.more > 0 && affinity >= learned.like) return affinity / learned.like
  return learned.unlike !== null && affinity <= learned.unlike ? -1 : 0
}
