import type { Day } from '../../../domain/day.ts'
import type { Scorecard, Unscored } from '../../../domain/scorecard.ts'
import type { MessageKey } from '../../../language/catalogue.ts'
import { say } from '../../../language/language.ts'
import { sayWith } from '../../../language/markup.ts'
import { longDay } from '../../../rendering/digest/view-model.ts'
import { shortDate } from '../../layout/dates.ts'
import { type ChartPoint, ScorecardChart } from './scorecard-chart.tsx'
import { againstWords, ceilingWords, decimal, foundWords, type Summary, summarise } from './scorecard-words.ts'

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
      <h1>{say('score.title')}</h1>
      <p className="lead">{say('score.lead')}</p>
      {summary === null ? (
        <NoScores next={next} waiting={cards.length > 0} />
      ) : (
        <SummaryPanel summary={summary} cards={cards} />
      )}
      {cards.length === 0 ? null : <Editions cards={cards} />}
      {summary !== null && next !== null ? (
        <p className="soft small">{say('score.next', { day: longDay(next.day), on: longDay(next.on) })}</p>
      ) : null}
      {older === null ? null : (
        <nav className="pages" aria-label={say('pages.label')}>
          <a href={`/scorecard?before=${older}`} rel="next">
            {say('score.earlier')}
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
        <b>{say('score.none')}</b>{' '}
        {next === null
          ? waiting
            ? say('score.tableWhy')
            : say('score.firstWeek')
          : say('score.first', { day: longDay(next.day), on: longDay(next.on) })}
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
    <section className="panel scorecard" aria-label={say('score.summary')}>
      <p className="verdict">{words}</p>
      <p>{ceilingWords(summary)}</p>
      <p>{againstWords(summary)}</p>
      {points.length === 0 ? null : <ScorecardChart points={points} words={`${words} ${say('score.inTable')}`} />}
    </section>
  )
}

function Editions({ cards }: { readonly cards: readonly Scorecard[] }) {
  return (
    <>
      <h2 id="editions">{say('score.editions')}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      <section className="scroller" aria-labelledby="editions" tabIndex={0}>
        <table className="scores">
          <thead>
            <tr>
              <td />
              <th scope="colgroup" colSpan={3}>
                {say('score.laterTen')}
              </th>
              <th scope="colgroup" colSpan={3}>
                {say('score.ndcg')}
              </th>
            </tr>
            <tr>
              <th scope="col">{say('score.column.edition')}</th>
              <th scope="col">{say('score.column.ours')}</th>
              <th scope="col">{say('score.column.votes')}</th>
              <th scope="col">{say('score.column.best')}</th>
              <th scope="col">{say('score.column.ours')}</th>
              <th scope="col">{say('score.column.votes')}</th>
              <th scope="col">{say('score.column.random')}</th>
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

const REASONS: Readonly<Record<Unscored, MessageKey>> = {
  unkept: 'score.why.unkept',
  unread: 'score.why.unread',
  gone: 'score.why.gone',
  unmoved: 'score.why.unmoved',
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
          {card.kind === 'waiting' ? say('score.waiting') : say(REASONS[card.reason])}
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
  return decimal(value * 100)
}

function Method() {
  return (
    <section aria-labelledby="method">
      <h2 id="method">{say('score.method')}</h2>
      <p>{sayWith('score.methodTen', { b: (text) => <b>{text}</b> })}</p>
      <p>{sayWith('score.methodNdcg', { b: (text) => <b>{text}</b> })}</p>
      <p>{say('score.methodTies')}</p>
    </section>
  )
}
