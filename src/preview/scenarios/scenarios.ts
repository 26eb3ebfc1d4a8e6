import { addDays, type Day, day } from '../../domain/day.ts'
import type { Edition, Entry } from '../../domain/edition.ts'
import type { Paper } from '../../domain/paper.ts'
import type { StarGrowth } from '../../domain/stars.ts'
import { DEFAULT_PREFERENCES, type Preferences } from '../../domain/subscriber.ts'
import { hostilePapers, longestPapers, mathsPapers, scriptPapers } from './edge-cases.ts'
import { manyPapers, scenarioEntries } from './papers.ts'

/** A digest that is hard to lay out. */
export interface Scenario {
  readonly id: string
  readonly title: string
  /** The aspects to check in this scenario. */
  readonly note: string
  readonly day: Day
  readonly editions: readonly Edition[]
  readonly subscriber: Preferences
  /** The first day of a pause, if this is the first digest after it. */
  readonly since?: Day
  /** The growth of stars, by paper id. */
  readonly growth?: ReadonlyMap<string, StarGrowth>
}

export const SCENARIO_DAY = day('2026-11-24')

const INTERESTS = `
  sparse retrieval, agents, protein folding, speech recognition, long documents, weather, code review, robot grasping,
  machine translation, image editing, graph neural networks, bandits, privacy, quantum, compilers, theorem proving,
  music, Übersetzung, 语言模型, an interest that takes as many words as one may write`
  .split(',')
  .map((each) => each.trim())

const MACHINE_SUMMARY =
  'A method is proposed that does more with less, <b>as machines</b> like to put it, & is said to be faster than others.'

/** The invented digests of the preview, in the order of its list. */
export const SCENARIOS: readonly Scenario[] = [
  scenario(
    'typical',
    'A typical day',
    'Two interests match. The first abstract, two lines of each other paper, then titles.',
    manyPapers(24),
    {
      subscriber: { interests: ['sparse retrieval', 'agents'] },
      growth: new Map([
        ['2611.00001', { stars: 240, gained: 64, days: 7 }],
        ['2611.00004', { stars: 1_168, gained: 310, days: 7 }],
        ['2611.00007', { stars: 187, gained: 120, days: 2 }],
        ['2611.00010', { stars: 95, gained: 41, days: 7 }],
      ]),
    },
  ),
  scenario('one', 'One paper', 'Every plural must become a singular.', manyPapers(1)),
  scenario('sixty', '60 papers', 'The size limit is reached, so abstracts give way to titles.', manyPapers(60), {
    subscriber: { featuredCount: 30, format: 'abstracts' },
  }),
  scenario(
    'longest',
    'The longest of everything',
    'A title of 500 characters, 3,303 authors, and words without a break.',
    longestPapers(),
  ),
  scenario('maths', 'Mathematics', 'Indices, script letters, and unescaped < > &.', mathsPapers()),
  scenario(
    'scripts',
    'Right to left, and CJK',
    'Each text keeps its direction, and lines break without spaces.',
    scriptPapers(),
  ),
  scenario('no-votes', 'No votes', 'A source without votes: no number, and no empty space for one.', manyPapers(12), {
    signals: { upvotes: null, comments: null, stars: null },
  }),
  scenario('no-interests', 'No interests', 'The footer suggests adding some.', manyPapers(24)),
  scenario('many-interests', 'Many interests', 'Twenty interests, all of them in the footer.', manyPapers(40), {
    subscriber: { interests: INTERESTS },
  }),
  weekly(),
  afterPause(),
  scenario('titles', 'Titles only', 'No abstracts, and no gaps in their place.', manyPapers(24), {
    subscriber: { format: 'titles' },
  }),
  scenario(
    'sentences',
    'Key sentences',
    'One sentence of each abstract, and no gap in place of the rest.',
    manyPapers(24),
    {
      subscriber: { format: 'sentences' },
    },
  ),
  scenario(
    'summaries',
    'Summaries by AI',
    'Each is labelled as a summary by AI. Papers without one show the key sentence without a label.',
    manyPapers(24).map((paper, index) => (index % 3 === 1 ? paper : { ...paper, machineSummary: MACHINE_SUMMARY })),
    { subscriber: { format: 'summaries' } },
  ),
  scenario('incomplete', 'An incomplete day', 'A source was down, and the mail says so.', manyPapers(9), {
    incomplete: 'Hugging Face did not answer this morning: papers may be missing, and votes are those of last night.',
  }),
  scenario('hostile', 'Markup and tricks', 'Everything must be shown as text, and no link may work.', hostilePapers()),
]

interface Special {
  readonly subscriber?: Partial<Preferences>
  readonly signals?: Entry['signals']
  readonly incomplete?: string
  readonly growth?: Scenario['growth']
}

function scenario(id: string, title: string, note: string, papers: readonly Paper[], special: Special = {}): Scenario {
  const { signals, growth } = special
  const signalsOf = signals === undefined ? undefined : () => signals
  const subscriber = { ...DEFAULT_PREFERENCES, ...special.subscriber }
  return {
    id,
    title,
    note,
    day: SCENARIO_DAY,
    // Made when it is shown, because its explanations are in the language of the mail.
    get editions() {
      return [scenarioEdition(SCENARIO_DAY, scenarioEntries(papers, signalsOf), special.incomplete ?? null)]
    },
    subscriber,
    ...(growth === undefined ? {} : { growth }),
  }
}

/** Five days with different papers. */
function lastDays(): Edition[] {
  return [4, 3, 2, 1, 0].map((back) =>
    scenarioEdition(
      addDays(SCENARIO_DAY, -back),
      scenarioEntries(manyPapers(12 - back, `261${back}`, back * 12)),
      null,
    ),
  )
}

function weekly(): Scenario {
  return {
    id: 'weekly',
    title: 'Weekly',
    note: 'Five days in one mail. Every “today” must be “this week”.',
    day: SCENARIO_DAY,
    get editions() {
      return lastDays()
    },
    subscriber: { ...DEFAULT_PREFERENCES, frequency: 'weekly', interests: ['machine translation'] },
  }
}

function afterPause(): Scenario {
  return {
    id: 'after-pause',
    title: 'After a pause',
    note: 'A daily subscriber comes back and gets the best of the missed days, with a line that says so.',
    day: SCENARIO_DAY,
    get editions() {
      return lastDays()
    },
    subscriber: { ...DEFAULT_PREFERENCES, authors: ['Noor Haddad'] },
    since: addDays(SCENARIO_DAY, -3),
  }
}

/** An edition as the ledger would give it, with its votes read at 08:40 UTC. */
export function scenarioEdition(on: Day, entries: readonly Entry[], incomplete: string | null): Edition {
  const at = new Date(`${on}T08:40:00Z`)
  return {
    day: on,
    revision: 1,
    state: 'published',
    reason: null,
    incomplete,
    reports: [],
    votesAt: at,
    publishedAt: at,
    sending: 'running',
    dispatchedAt: null,
    entries,
  }
}
