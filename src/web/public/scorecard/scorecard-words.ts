import type { Figures, Scorecard } from '../../../domain/scorecard.ts'
import { measure } from '../../../ranking/eval/statistics.ts'

const SEED = 20_261_125
const LATER_TEN = 10

/** What the editions of one page come to, in plain words. */
export interface Summary {
  readonly editions: number
  /** Of the ten most voted a week later; null when no list had more than ten papers. */
  readonly found: { readonly ours: number; readonly votes: number; readonly oracle: number } | null
  /** Mean NDCG@10. */
  readonly ndcg: { readonly ours: number; readonly votes: number; readonly chance: number }
  /** How ours stands to the order by the morning’s votes. */
  readonly against: Against
}

/** `same`: it was the very same on every day. `tie`: chance alone would explain the difference. */
export type Against = 'same' | 'tie' | 'better' | 'worse' | 'too-few'

/** Fewer editions than these allow no word on who is better. */
const EDITIONS_MIN = 5

/**
 * Sums up scored editions; null when there are none. Ours is called better or worse than raw votes only where the 95 %
 * interval of the difference by edition (a percentile bootstrap, as in `eval`) leaves zero out.
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

/** The first sentence: what our first ten were worth. */
export function foundWords({ found, editions, ndcg }: Summary): string {
  const over = editions === 1 ? 'In the one edition judged so far' : `Over ${editions} editions`
  if (found === null)
    return `${over} our order was worth ${sharePercent(ndcg.ours)} of the best possible; an order by lot is worth ${sharePercent(ndcg.chance)}.`
  const count = editions === 1 ? String(found.ours) : found.ours.toFixed(1)
  return `${over}, our first ten held ${count} of the ten papers that had the most votes a week later${editions === 1 ? '' : ', on average'}.`
}

/** The second: what was possible, and why not ten. */
export function ceilingWords({ found, editions, ndcg }: Summary): string {
  if (found === null) return 'Its lists had ten papers or fewer, so that every order has them all.'
  const most = editions === 1 ? String(found.oracle) : found.oracle.toFixed(1)
  const possible =
    found.oracle === LATER_TEN
      ? 'All ten were among the papers of the morning.'
      : `With the papers of the morning the most that anybody could have had is ${most}: the others came to the list later.`
  return `${possible} Our order was worth ${sharePercent(ndcg.ours)} of the best one of the same papers; an order by lot is worth ${sharePercent(ndcg.chance)}.`
}

const AGAINST: Readonly<Record<Against, string>> = {
  same: 'That is no art of ours: sorting by the morning’s votes gives the very same order, and so the same figures.',
  tie: 'Sorting by the morning’s votes does as well: the difference is no larger than chance makes it.',
  better: 'Sorting by the morning’s votes alone would have been a little worse, by more than chance explains.',
  worse: 'Sorting by the morning’s votes alone would have been better. That is a fault of ours, and we look into it.',
  'too-few': 'Whether sorting by the morning’s votes does better or worse cannot be said of so few editions.',
}

export function againstWords({ against }: Summary): string {
  return AGAINST[against]
}

export function sharePercent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
