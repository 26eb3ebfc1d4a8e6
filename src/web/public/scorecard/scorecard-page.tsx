import type { Day } from '../../../domain/day.ts'
import type { Scorecard, Unscored } from '../../../domain/scorecard.ts'
import { longDay } from '../../../rendering/digest/view-model.ts'
import { shortDate } from '../../layout/dates.ts'
import { type ChartPoint, ScorecardChart } from './scorecard-chart.tsx'
import { againstWords, ceilingWords, foundWords, type Summary, summarise } from './scorecard-words.ts'

export interface ScorecardView {
  /** Newest first. */
  readonly cards: readonly Scorecard[]
  /** The edition that is scored next, and when, or null when none is waiting. */
  readonly next: { readonly day: Day; readonly on: Day } | null
  /** The day before which the next page starts, or null on the last page. */
  readonly older: Day | null
}

/** Shows how good each edition’s ranking turned out to be. */
export function ScorecardPage({ view }: { readonly view: ScorecardView }) {
  const { cards, next, older } = view
  const summary = summarise(cards)
  return (
    <>
      <h1>How good was our ranking?</h1>
      <p className="lead">
        Each edition’s ranking is fixed in the morning. A week later we read its list once more and compare the ranking
        with the votes that the papers have by then.
      </p>
      {summary === null ? (
        <NoScores next={next} waiting={cards.length > 0} />
      ) : (
        <SummaryPanel summary={summary} cards={cards} />
      )}
      {cards.length === 0 ? null : <Editions cards={cards} />}
      {summary !== null && next !== null ? (
        <p className="soft small">
          Next is the edition of {longDay(next.day)}, on {longDay(next.on)}.
        </p>
      ) : null}
      {older === null ? null : (
        <nav className="pages" aria-label="Pages">
          <a href={`/scorecard?before=${older}`} rel="next">
            Earlier editions →
          </a>
        </nav>
      )}
      <Method />
    </>
  )
}

function NoScores({ next, waiting }: { readonly next: ScorecardView['next']; readonly waiting: boolean }) {
  return (
    <div className="message">
      <p>
        <b>No edition has been scored yet.</b>{' '}
        {next === null
          ? waiting
            ? 'The table shows why.'
            : 'The first score comes a week after the first edition.'
          : `The first will be the edition of ${longDay(next.day)}: we read its votes again on ${longDay(next.on)}.`}
      </p>
    </div>
  )
}

function SummaryPanel({ summary, cards }: { readonly summary: Summary; readonly cards: readonly Scorecard[] }) {
  const points = cards
    .flatMap((card): ChartPoint[] =>
      card.kind === 'scored' && card.figures.found !== null ? [{ day: card.day, ...card.figures.found }] : [],
    )
    .reverse()
  const words = foundWords(summary)
  return (
    <section className="panel scorecard" aria-label="Summary">
      <p className="verdict">{words}</p>
      <p>{ceilingWords(summary)}</p>
      <p>{againstWords(summary)}</p>
      {points.length === 0 ? null : (
        <ScorecardChart points={points} words={`${words} Each edition’s figures are in the table.`} />
      )}
    </section>
  )
}

function Editions({ cards }: { readonly cards: readonly Scorecard[] }) {
  return (
    <>
      <h2 id="editions">Each edition</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      <section className="scroller" aria-labelledby="editions" tabIndex={0}>
        <table className="scores">
          <thead>
            <tr>
              <td />
              <th scope="colgroup" colSpan={3}>
                Later top ten
              </th>
              <th scope="colgroup" colSpan={3}>
                NDCG@10, in %
              </th>
            </tr>
            <tr>
              <th scope="col">Edition</th>
              <th scope="col">Ours</th>
              <th scope="col">Votes</th>
              <th scope="col">Best</th>
              <th scope="col">Ours</th>
              <th scope="col">Votes</th>
              <th scope="col">Random</th>
            </tr>
          </thead>
          <tbody>
            {cards.map((card) => (
              <EditionRow key={card.day} card={card} />
            ))}
          </tbody>
        </table>
      </section>
    </>
  )
}

const REASONS: Readonly<Record<Unscored, string>> = {
  unkept: 'Not scored: its source has no past lists or no votes.',
  unread: 'Not scored: its list could not be read again in time.',
  gone: 'Not scored: too few of its papers are still on the list.',
  unmoved: 'Not scored: no votes have changed since that morning.',
}

function EditionRow({ card }: { readonly card: Scorecard }) {
  const heading = (
    <th scope="row">
      <a href={`/papers/${card.day}`}>
        <time dateTime={card.day}>
          {shortDate(card.day).slice(0, -5)}
          <span className="year">{shortDate(card.day).slice(-5)}</span>
        </time>
      </a>
    </th>
  )
  if (card.kind !== 'scored')
    return (
      <tr>
        {heading}
        <td colSpan={6} className="unscored">
          {card.kind === 'waiting' ? 'Its list could not be read again yet.' : REASONS[card.reason]}
        </td>
      </tr>
    )
  const { found, ndcg } = card.figures
  return (
    <tr>
      {heading}
      <td className="own">{found?.ours ?? '–'}</td>
      <td>{found?.votes ?? '–'}</td>
      <td>{found?.oracle ?? '–'}</td>
      <td className="own">{share(ndcg.ours)}</td>
      <td>{share(ndcg.votes)}</td>
      <td>{share(ndcg.chance)}</td>
    </tr>
  )
}

function share(value: number): string {
  return (value * 100).toFixed(1)
}

function Method() {
  return (
    <section aria-labelledby="method">
      <h2 id="method">How it is measured</h2>
      <p>
        <b>Later top ten:</b> the ten papers of the day’s list with the most votes a week later, including papers that
        were added after the morning. The columns count how many of them were in the top ten of each ranking. The best
        possible ranking knows the later votes of the morning’s papers, but not the papers that were added later.
      </p>
      <p>
        <b>NDCG@10:</b> a paper counts the logarithm of its votes a week later plus one, discounted by its rank. The sum
        is given as a percentage of the sum for the best ranking of the same papers. “Votes” is a ranking by the
        morning’s votes, “Random” the expected value of a random ranking.
      </p>
      <p>
        Ties are broken by a random order that is fixed for each day. Papers that were carried over from earlier lists
        are left out. A list of ten papers or fewer is not counted in the first columns, because every ranking has all
        of them in its top ten. If a source is down, we try again for up to two weeks.
      </p>
    </section>
  )
}
