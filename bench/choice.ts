import { PAPERS_PER_DIGEST_MAX } from '../config/limits.ts'
import type { Paper } from '../src/domain/paper.ts'
import { usageError } from '../src/platform/errors.ts'
import { createChooser } from '../src/ranking/choose.ts'
import type { MatchProfile } from '../src/ranking/selection.ts'
import { figuresOf, median } from './figures.ts'

interface Options {
  readonly subscribers: string
  readonly sets: string
  readonly papers: string
  readonly rounds: string
  readonly json?: boolean
}

interface Figures {
  readonly subscribers: number
  readonly sets: number
  readonly papers: number
  /** Selections a second on one core. */
  readonly choosePerSecond: number
  /** Sorts of the candidates by votes a second: the least work that any selection does. */
  readonly sortPerSecond: number
  /** Microseconds for preferences that are seen for the first time, and for preferences that are cached. */
  readonly firstMicroseconds: number
  readonly knownMicroseconds: number
  readonly peakMegabytes: number
}

/**
 * Measures the selection of papers for many subscribers who share fewer sets of preferences, against sorting the candidates by
 * votes for each of them in the same run. It sends nothing and uses no ledger, so it shows the cost of the selection alone.
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
  const profiles = Array.from({ length: sets }, (_, index) => profileOf(index))
  const nobody = new Set<string>()
  const [chosen, sorted, firsts, knowns]: number[][] = [[], [], [], []]
  let peak = 0
  for (let round = 0; round < rounds; round += 1) {
    const chooser = createChooser(entries)
    const choose = (profile: MatchProfile) => chooser(profile, nobody, PAPERS_PER_DIGEST_MAX)
    // The first selection prepares the candidates, which happens once.
    choose(profileOf(sets))
    const first = secondsOf(() => {
      for (const profile of profiles) choose(profile)
    })
    const known = secondsOf(() => {
      // A prime step, so that subscribers with the same preferences do not follow each other.
      for (let at = sets; at < subscribers; at += 1) choose(profiles[(at * 7_919) % sets] ?? profileOf(0))
    })
    peak = Math.max(peak, process.memoryUsage().rss)
    const sort = secondsOf(() => {
      for (let at = 0; at < subscribers; at += 1)
        [...entries].sort((a, b) => (b.signals.upvotes ?? 0) - (a.signals.upvotes ?? 0) || a.rank - b.rank)
    })
    chosen?.push(subscribers / (first + known))
    sorted?.push(subscribers / sort)
    firsts?.push((first / sets) * 1e6)
    knowns?.push((known / Math.max(subscribers - sets, 1)) * 1e6)
  }
  return {
    subscribers,
    sets,
    papers,
    choosePerSecond: Math.round(median(chosen ?? [])),
    sortPerSecond: Math.round(median(sorted ?? [])),
    firstMicroseconds: Math.round(median(firsts ?? [])),
    knownMicroseconds: Number(median(knowns ?? []).toFixed(1)),
    peakMegabytes: Math.round(peak / 1024 / 1024),
  }
}

/** Returns the processor time, including garbage collection. Time on the clock would count other processes too. */
function secondsOf(work: () => void): number {
  const from = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(from)
  return (user + system) / 1e6
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

function entriesOf(papers: number) {
  return Array.from({ length: papers }, (_, index) => {
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
    const upvotes = (papers - index) * 3
    return { rank: index + 1, score: upvotes, why: '', paper, signals: { upvotes, comments: null, stars: null } }
  })
}

/** Three interests of two words each. 20 subjects and 16 manners make more sets than there are subscribers. */
function profileOf(number: number): MatchProfile {
  const phrase = (at: number) =>
    `${MANNERS[at % MANNERS.length]} ${SUBJECTS[Math.floor(at / MANNERS.length) % SUBJECTS.length]}`
  const interests = [number, Math.floor(number / 7) + 101, Math.floor(number / 320) + 211].map(phrase)
  return { interests, mutedTerms: [], authors: [], featuredCount: 10, interestShare: 75 }
}

function table(figures: Figures): string {
  const lines = Object.entries(figuresOf('', { ...figures }))
  return lines.map(([name, value]) => `${name.padEnd(28)}${value.padStart(12)}\n`).join('')
}
