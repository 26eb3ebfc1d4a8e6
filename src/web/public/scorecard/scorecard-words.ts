import type { Figures, Scorecard } from '../../../domain/scorecard.ts'
import type { MessageKey } from '../../../language/catalogue.ts'
import { language, say } from '../../../language/language.ts'
import { measure } from '../../../ranking/eval/statistics.ts'

const SEED = 20_261_125
const LATER_TEN = 10

/** Summary of the editions on one page. */
export interface Summary {
  readonly editions: number
  /**
   * Mean number of papers that are among the ten most voted a week later, or null when no list had more than ten
   * papers.
   */
  readonly found: { readonly ours: number; readonly votes: number; readonly oracle: number } | null
  /** Mean NDCG@10. */
  readonly ndcg: { readonly ours: number; readonly votes: number; readonly chance: number }
  /** Our ranking compared with a ranking by the morning’s votes. */
  readonly against: Against
}

/** `same`: equal on every day. `tie`: the difference is within chance. */
export type Against = 'same' | 'tie' | 'better' | 'worse' | 'too-few'

/** With fewer editions there is no verdict. */
const EDITIONS_MIN = 5

/**
 * Summarises scored editions. Returns null when there are none.
 * Our ranking is called better or worse than raw votes only if the 95 % interval of the difference by edition (a
 * percentile bootstrap, as in `eval`) excludes zero.
 */
export function summarise(cards: readonly Scorecard[]): Summary | null {
  const scored = cards.flatMap((card) => (card.kind === 'scored' ? [card.figures] : []))
  if (scored.length === 0) return null
  const found = scored.flatMap((figures) => (figures.found === null ? [] : [figures.found]))
  const mean = (values: readonly number[]) => values.reduce((total, value) => total + value, 0) / values.length
  const ndcg = (of: keyof Figures['ndcg']) => mean(scored.map((figures) => figures.ndcg[of]))
  return {
    editions: scored.length,
    found:
      found.length === 0
        ? null
        : {
            ours: mean(found.map(({ ours }) => ours)),
            votes: mean(found.map(({ votes }) => votes)),
            oracle: mean(found.map(({ oracle }) => oracle)),
          },
    ndcg: { ours: ndcg('ours'), votes: ndcg('votes'), chance: ndcg('chance') },
    against: againstVotes(scored.map(({ ndcg: { ours, votes } }) => ours - votes)),
  }
}

function againstVotes(differences: readonly number[]): Against {
  if (differences.every((difference) => difference === 0)) return 'same'
  if (differences.length < EDITIONS_MIN) return 'too-few'
  const { low, high } = measure(
    differences.map((difference) => [difference]),
    SEED,
  )
  return low > 0 ? 'better' : high < 0 ? 'worse' : 'tie'
}

/** Returns the first sentence: how good our top ten was. */
export function foundWords({ found, editions, ndcg }: Summary): string {
  if (found === null)
    return say('score.foundShare', { editions, ours: sharePercent(ndcg.ours), random: sharePercent(ndcg.chance) })
  return say('score.found', { editions, count: editions === 1 ? found.ours : decimal(found.ours) })
}

/** Returns the second sentence: how good a ranking could have been. */
export function ceilingWords({ found, editions, ndcg }: Summary): string {
  if (found === null) return say('score.smallLists')
  const most = editions === 1 ? found.oracle : decimal(found.oracle)
  return [
    found.oracle === LATER_TEN ? say('score.allTen') : say('score.possible', { most }),
    say('score.shares', { ours: sharePercent(ndcg.ours), random: sharePercent(ndcg.chance) }),
  ].join(' ')
}

const AGAINST: Readonly<Record<Against, MessageKey>> = {
  same: 'score.against.same',
  tie: 'score.against.tie',
  better: 'score.against.better',
  worse: 'score.against.worse',
  'too-few': 'score.against.tooFew',
}

export function againstWords({ against }: Summary): string {
  return say(AGAINST[against])
}

export function sharePercent(share: number): string {
  return say('score.percent', { percent: decimal(share * 100) })
}

/** `4.2`, or as the language writes it. */
export function decimal(value: number): string {
  return language().decimal(value)
}
