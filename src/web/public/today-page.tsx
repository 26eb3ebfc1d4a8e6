import type { Day } from '../../domain/day.ts'
import type { Edition } from '../../domain/edition.ts'
import { longDay } from '../../rendering/digest/view-model.ts'
import { PaperCard } from './paper-card.tsx'
import { SubscribeForm } from './subscribe-form.tsx'

export interface DayPageProps {
  readonly day: Day
  /** Today in the time zone of the editions. */
  readonly today: Day
  readonly edition: Edition | null
  readonly previous: Day | null
  readonly next: Day | null
  /** Why the page of today shows an earlier day. */
  readonly missing: string | null
  /** The banner with the subscribe form; null in the archive. */
  readonly banner: { readonly formToken: string; readonly interests: string } | null
}

/** The papers of one day. Today's page has the subscribe banner. */
export function DayPage(props: DayPageProps) {
  const { day, today, edition, banner } = props
  const papers = edition?.entries ?? []
  return (
    <>
      {banner === null ? null : <Banner {...banner} />}
      <header className="day-head">
        <h1>{day === today ? 'Today’s trending papers' : 'Trending papers'}</h1>
        <p className="lead">
          <time dateTime={day}>{longDay(day)}</time>
          {papers.length === 0 ? null : ` · ${papers.length} ${papers.length === 1 ? 'paper' : 'papers'}`}
        </p>
        {edition?.votesAt == null || papers.length === 0 ? null : (
          <p className="soft small">{votesAsOf(edition.votesAt, day)}</p>
        )}
        <DayControl {...props} />
      </header>
      {props.missing === null ? null : <p className="message">{props.missing}</p>}
      {edition?.incomplete == null ? null : <p className="message">{edition.incomplete}</p>}
      {papers.length === 0 ? <NoPapers {...props} /> : null}
      {papers.map(({ paper, signals, rank, why }) => (
        <PaperCard key={paper.id} paper={paper} signals={signals} rank={rank} why={why} />
      ))}
      {papers.length === 0 ? null : <Around {...props} label="Other days" />}
    </>
  )
}

function Banner({ formToken, interests }: { readonly formToken: string; readonly interests: string }) {
  const values = { email: '', interests, frequency: '', timezone: '', hour: '' }
  return (
    <section className="banner" id="subscribe" aria-labelledby="subscribe-heading">
      <p className="tag">new</p>
      <h2 id="subscribe-heading">Get trending papers in your email inbox!</h2>
      <p className="soft">
        Every morning, with papers that match your interests first. Free, no account needed, unsubscribe with one click.
      </p>
      <SubscribeForm values={values} formToken={formToken} compact={interests === ''} />
    </section>
  )
}

function DayControl({ day, today, previous, next }: DayPageProps) {
  return (
    <div className="day-control">
      <Around day={day} previous={previous} next={next} label="Days" />
      <form method="get" action="/papers" className="day-choice">
        <label className="hidden" htmlFor="date">
          Choose a day
        </label>
        <input id="date" name="date" type="date" defaultValue={day} max={today} required />
        <button type="submit" className="quiet">
          Go
        </button>
      </form>
    </div>
  )
}

function Around({
  previous,
  next,
  label,
}: Pick<DayPageProps, 'day' | 'previous' | 'next'> & { readonly label: string }) {
  return (
    <nav className="around" aria-label={label}>
      {previous === null ? null : (
        <a href={`/papers/${previous}`} rel="prev">
          ← {shortDay(previous)}
        </a>
      )}
      {next === null ? null : (
        <a href={`/papers/${next}`} rel="next">
          {shortDay(next)} →
        </a>
      )}
      <a href="/archive">All days</a>
    </nav>
  )
}

const REASONS: Readonly<Record<string, string>> = {
  weekend: 'No list is published on weekends.',
  holiday: 'The list was empty that day, as is usual on holidays.',
}

/** Explains why a day has no papers, and links to one that has some. */
function NoPapers({ day, today, edition, previous }: DayPageProps) {
  return (
    <div className="message">
      <p>
        <b>No papers for this day.</b> {whyNone(day, today, edition)}
      </p>
      {previous === null ? null : (
        <p>
          The previous day with papers: <a href={`/papers/${previous}`}>{longDay(previous)}</a>.
        </p>
      )}
    </div>
  )
}

function whyNone(day: Day, today: Day, edition: Edition | null): string {
  if (day > today) return 'This day is in the future.'
  if (edition?.state === 'failed')
    return 'The sources did not answer. We keep trying; no digest goes out without papers.'
  if (edition?.state === 'empty') return REASONS[edition.reason ?? ''] ?? `${edition.reason ?? 'The list is empty'}.`
  if (day === today) return 'Today’s list is not ready yet. It is published in the morning.'
  return 'No list was published on that day.'
}

function votesAsOf(at: Date, day: Day): string {
  const iso = at.toISOString()
  const time = `Votes as of ${iso.slice(11, 16)} UTC`
  return iso.slice(0, 10) === day ? time : `${time}, ${longDay(iso.slice(0, 10) as Day)}`
}

function shortDay(day: Day): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' }).format(
    new Date(`${day}T00:00:00Z`),
  )
}
