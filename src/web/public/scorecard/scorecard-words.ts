import type { Figures, Scorecard } from '../../../domain/scorecard.ts'
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
  const over = editions === 1 ? 'In the one edition scored so far' : `Over ${editions} editions`
  if (found === null)
    return `${over}, our ranking scored ${sharePercent(ndcg.ours)} of the best possible; a random ranking scores ${sharePercent(ndcg.chance)}.`
  const count = editions === 1 ? String(found.ours) : found.ours.toFixed(1)
  return `${over}, our top ten included ${count} of the ten papers with the most votes a week later${editions === 1 ? '' : ', on average'}.`
}

/** Returns the second sentence: how good a ranking could have been. */
export function ceilingWords({ found, editions, ndcg }: Summary): string {
  if (found === null) return 'The lists had ten papers or fewer, so every ranking includes them all.'
  const most = editions === 1 ? String(found.oracle) : found.oracle.toFixed(1)
  const possible =
    found.oracle === LATER_TEN
      ? 'All ten were on the list in the morning.'
      : `The best possible ranking of the morning’s papers would have included ${most}; the others were added to the list later.`
  return `${possible} Our ranking scored ${sharePercent(ndcg.ours)} of the best ranking of the same papers; a random ranking scores ${sharePercent(ndcg.chance)}.`
}

const AGAINST: Readonly<Record<Against, string>> = {
  same: 'Sorting by the morning’s votes gives exactly the same ranking, and so the same figures.',
  tie: 'Sorting by the morning’s votes does equally well: the difference is within chance.',
  better: 'Sorting by the morning’s votes alone would have been slightly worse, by more than chance explains.',
  worse: 'Sorting by the morning’s votes alone would have been better. That is our fault, and we are looking into it.',
  'too-few': 'There are too few editions to say whether sorting by the morning’s votes does better or worse.',
}

export function againstWords({ against }: Summary): string {
  return AGAINST[against]
}

export function sharePercent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
