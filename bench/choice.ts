import { PAPERS_PER_DIGEST_MAX } from '../config/limits.ts'
import type { Paper } from '../src/domain/paper.ts'
import { usageError } from '../src/platform/errors.ts'
import { backgroundOf, learnProfile } from '../src/ranking/feedback-profile.ts'
import { createChooser } from '../src/ranking/selection/choose.ts'
import type { MatchProfile } from '../src/ranking/selection/selection.ts'
import { createLexicon } from '../src/ranking/words/lexicon.ts'
import { figuresOf, median } from './figures.ts'

interface Options {
  readonly subscribers: string
  readonly sets: string
  readonly papers: string
  readonly rounds: string
  readonly json?: boolean
}

export interface Figures {
  readonly subscribers: number
  readonly sets: number
  readonly papers: number
  /** Selections a second on one core, for subscribers who share sets of preferences. */
  readonly choosePerSecond: number
  /** Sorts of the candidates by votes a second: the least work that any selection does. */
  readonly sortPerSecond: number
  /** Microseconds for known interests in a new combination, for one new interest, for a shared set, and for the sort. */
  readonly knownMicroseconds: number
  readonly newMicroseconds: number
  readonly sharedMicroseconds: number
  /** Microseconds for known interests and a feedback profile of its own. */
  readonly feedbackMicroseconds: number
  /** Milliseconds to learn a profile from twenty marks. */
  readonly learnMilliseconds: number
  readonly sortMicroseconds: number
  readonly peakMegabytes: number
}

/**
 * Measures the selection of papers for many subscribers, against sorting the candidates by votes for each of them in the same
 * run. It sends nothing and uses no ledger, so it shows the cost of the selection alone.
 */
export function benchChoice(options: Options): void {
  const [subscribers, sets, papers, rounds] = [options.subscribers, options.sets, options.papers, options.rounds].map(
    Number,
  )
  const sizes = [subscribers, sets, papers, rounds]
  if (!sizes.every((size): size is number => size !== undefined && Number.isInteger(size) && size > 0))
    throw usageError('--subscribers, --sets, --papers and --rounds must be whole numbers.')
  const figures = measure(subscribers ?? 1, sets ?? 1, papers ?? 1, rounds ?? 1)
  process.stdout.write(options.json === true ? `${JSON.stringify(figures, null, 2)}\n` : table(figures))
}

function measure(subscribers: number, sets: number, papers: number, rounds: number): Figures {
  const entries = entriesOf(papers)
  const nobody = new Set<string>()
  const times: Record<'known' | 'new' | 'shared' | 'sort' | 'feedback' | 'learn', number[]> = {
    ...{ known: [], new: [], shared: [], sort: [], feedback: [], learn: [] },
  }
  const archive = entriesOf(ARCHIVE_PAPERS, 7).map(({ paper }) => paper)
  const lexicon = createLexicon(archive)
  const background = backgroundOf(archive, lexicon)
  const learn = (number: number) =>
    learnProfile(
      Array.from({ length: MARKS }, (_, at) => archive[(number * 37 + at * 20) % ARCHIVE_PAPERS]).flatMap((paper) =>
        paper === undefined ? [] : [{ paper, liked: true }],
      ),
      background,
    )
  learn(0)
  const learned = Array.from({ length: PROFILES }, (_, number) => learn(number))
  let peak = 0
  for (let round = 0; round < rounds; round += 1) {
    const chooser = createChooser(entries, lexicon)
    const choose = (interests: readonly string[]) =>
      chooser({ ...PREFERENCES, interests }, nobody, PAPERS_PER_DIGEST_MAX)
    // All interests become known. This also prepares the candidates, which happens once.
    for (let number = 0; number < PHRASES; number += 1) choose([phrase(number)])
    const profiles = Array.from({ length: sets }, (_, index) => combination(index))
    times.known.push(microsecondsOf(sets, (at) => choose(profiles[at] ?? [])))
    // A prime step, so that subscribers with the same preferences do not follow each other.
    times.shared.push(microsecondsOf(subscribers, (at) => choose(profiles[(at * 7_919) % sets] ?? [])))
    const chooseLearned = (at: number) => {
      const profile = { ...PREFERENCES, interests: profiles[at] ?? [], learned: learned[at % PROFILES] ?? null }
      return chooser(profile, nobody, PAPERS_PER_DIGEST_MAX)
    }
    // The first call counts the terms of the candidates.
    chooseLearned(0)
    times.feedback.push(microsecondsOf(sets, chooseLearned))
    times.learn.push(microsecondsOf(PROFILES, learn) / 1_000)
    const unknown = profiles.map((_, index) => [newPhrase(index)])
    times.new.push(microsecondsOf(sets, (at) => choose(unknown[at] ?? [])))
    peak = Math.max(peak, process.memoryUsage().rss)
    times.sort.push(
      microsecondsOf(subscribers, () =>
        [...entries].sort((a, b) => (b.signals.upvotes ?? 0) - (a.signals.upvotes ?? 0) || a.rank - b.rank),
      ),
    )
  }
  return {
    subscribers,
    sets,
    papers,
    choosePerSecond: Math.round(1e6 / median(times.shared)),
    sortPerSecond: Math.round(1e6 / median(times.sort)),
    knownMicroseconds: rounded(median(times.known)),
    newMicroseconds: rounded(median(times.new)),
    sharedMicroseconds: rounded(median(times.shared)),
    feedbackMicroseconds: rounded(median(times.feedback)),
    learnMilliseconds: rounded(median(times.learn)),
    sortMicroseconds: rounded(median(times.sort)),
    peakMegabytes: Math.round(peak / 1024 / 1024),
  }
}

function rounded(value: number): number {
  return Number(value.toFixed(1))
}

/** Returns the processor time of one call, including garbage collection. Time on the clock would count other processes too. */
function microsecondsOf(calls: number, work: (at: number) => unknown): number {
  const from = process.cpuUsage()
  for (let at = 0; at < calls; at += 1) work(at)
  const { user, system } = process.cpuUsage(from)
  return (user + system) / calls
}

const SUBJECTS =
  'retrieval diffusion robot protein speech video agent reasoning memory planning vision audio graph policy reward token attention ranking translation safety'.split(
    ' ',
  )
const MANNERS =
  'sparse dense latent causal neural visual sequential adaptive robust scalable federated contrastive hierarchical multimodal generative probabilistic'.split(
    ' ',
  )

/** Returns words for a number. Neighbouring numbers seldom have the same words. */
function words(of: readonly string[], number: number, count: number): string[] {
  return Array.from({ length: count }, (_, at) => of[(number * (7 + 4 * at) + 3 * at * at) % of.length] ?? '')
}

/** Papers of the archive, marks of a subscriber, and different feedback profiles. */
const ARCHIVE_PAPERS = 1_000
const MARKS = 20
const PROFILES = 40

function entriesOf(papers: number, from = 0) {
  return Array.from({ length: papers }, (_, at) => from + at).map((index) => {
    const about = [...words(MANNERS, index, 3), ...words(SUBJECTS, index, 4)]
    const paper: Paper = {
      id: `2611.${String(index).padStart(5, '0')}`,
      title: `On ${about[0]} ${about[3]} for ${about[4]}`,
      // Real abstracts have about 180 words, and a third of them are unique to the paper.
      abstract: Array.from(
        { length: 60 },
        (_, at) => `the ${about[(at * 5 + index) % about.length]} term${(index * 31 + at * 17) % 900}`,
      ).join(' '),
      authors: [`Author ${index}`],
      publishedAt: null,
      categories: ['cs.AI'],
      keywords: [],
      links: {},
      machineSummary: null,
      organization: null,
    }
    const upvotes = (from + papers - index) * 3
    return { rank: index + 1, score: upvotes, why: '', paper, signals: { upvotes, comments: null, stars: null } }
  })
}

const PREFERENCES: MatchProfile = { interests: [], mutedTerms: [], authors: [], featuredCount: 10, interestShare: 75 }
const PHRASES = SUBJECTS.length * MANNERS.length

function phrase(number: number): string {
  return `${MANNERS[number % MANNERS.length]} ${SUBJECTS[Math.floor(number / MANNERS.length) % SUBJECTS.length]}`
}

/** Three known interests. The steps have no common divisor with the number of phrases, so few combinations are the same. */
function combination(number: number): string[] {
  return [number, number * 7 + Math.floor(number / PHRASES) * 11 + 101, number * 3 + 211].map((at) =>
    phrase(at % PHRASES),
  )
}

/** An interest that nobody typed before and that papers match. The stop words before it are different for each number. */
function newPhrase(number: number): string {
  const before = [STOP[number % 16], STOP[Math.floor(number / 16) % 16], STOP[Math.floor(number / 256) % 16]]
  return [...before, STOP[Math.floor(number / 4096) % 16], phrase(number)].join(' ')
}

const STOP = 'a an and are as at be by can for from has have how in into'.split(' ')

function table(figures: Figures): string {
  const lines = Object.entries(figuresOf('', { ...figures }))
  return lines.map(([name, value]) => `${name.padEnd(28)}${value.padStart(12)}\n`).join('')
}
