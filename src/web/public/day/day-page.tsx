import type { Day } from '../../../domain/day.ts'
import type { Edition, Entry } from '../../../domain/edition.ts'
import { longDay } from '../../../rendering/digest/view-model.ts'
import { counted } from '../../../text/counted.ts'
import { shortDay } from '../../layout/dates.ts'
import type { PageStars } from '../page-stars.ts'
import { PaperCard } from '../paper-card.tsx'
import { Banner, type BannerProps, SignUpCard } from './banner.tsx'
import { DayControls, ShownPapers } from './day-controls.tsx'
import type { DayFacets, DaySelection } from './selection.ts'

/** A day with everything that its page shows. */
export interface DayData {
  readonly day: Day
  /** Today in the time zone of the editions. */
  readonly today: Day
  readonly edition: Edition | null
  readonly previous: Day | null
  readonly next: Day | null
  readonly facets: DayFacets
  /** Why the page of today shows an earlier day. */
  readonly missing: string | null
  readonly growths: PageStars['growths']
}

export interface DayPageProps extends DayData {
  readonly selection: DaySelection
  /** The chosen papers in the chosen order. */
  readonly shown: readonly Entry[]
  /** The sign-up above and below the list; null in the archive. */
  readonly banner: BannerProps | null
}

/** The papers of one day. Today's page has the sign-up. */
export function DayPage(props: DayPageProps) {
  const { edition, banner, facets, selection, shown } = props
  const papers = edition?.entries ?? []
  return (
    <>
      {banner === null ? null : <Banner {...banner} />}
      <DayHead {...props} />
      {props.missing === null ? null : <p className="message">{props.missing}</p>}
      {edition?.incomplete == null ? null : <p className="message">{edition.incomplete}</p>}
      {papers.length === 0 ? (
        <NoPapers {...props} />
      ) : (
        <>
          <DayControls selection={selection} facets={facets} />
          <ShownPapers selection={selection} shown={shown.length} papers={papers.length} />
          <div className="entries" data-view={selection.dense ? 'dense' : 'comfortable'}>
            {shown.map(({ paper, signals, rank, why }) => (
              <PaperCard
                key={paper.id}
                paper={paper}
                signals={signals}
                rank={rank}
                why={why}
                growth={props.growths.get(paper.id)}
              />
            ))}
          </div>
          <Around {...props} label="Other days" />
        </>
      )}
      {banner === null || banner.interests !== '' ? null : <SignUpCard formToken={banner.formToken} />}
    </>
  )
}

function DayHead(props: DayPageProps) {
  const { day, today, edition } = props
  const papers = edition?.entries.length ?? 0
  return (
    <header className="day-head">
      <div>
        <h1>{day === today ? 'Today’s trending papers' : 'Trending papers'}</h1>
        <p className="day-facts">
          <time dateTime={day}>{longDay(day)}</time>
          {papers === 0 ? null : <span>{counted(papers, 'paper')}</span>}
          {edition?.votesAt == null || papers === 0 ? null : <span>{votesAsOf(edition.votesAt, day)}</span>}
        </p>
      </div>
      <Around {...props} label="Days" />
    </header>
  )
}

function Around({ previous, next, label }: Pick<DayPageProps, 'previous' | 'next'> & { readonly label: string }) {
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
  return iso.slice(0, 10) === day ? time : `${time}, ${shortDay(iso.slice(0, 10) as Day)}`
}
