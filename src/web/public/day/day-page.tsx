import type { Day } from '../../../domain/day.ts'
import type { Edition, Entry } from '../../../domain/edition.ts'
import { say } from '../../../language/language.ts'
import { sayWith } from '../../../language/markup.ts'
import { longDay } from '../../../rendering/digest/view-model.ts'
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
          <Around {...props} label={say('context.otherDays')} />
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
        <h1>{day === today ? say('day.today') : say('day.title')}</h1>
        <p className="day-facts">
          <time dateTime={day}>{longDay(day)}</time>
          {papers === 0 ? null : <span>{say('count.papers', { count: papers })}</span>}
          {edition?.votesAt == null || papers === 0 ? null : <span>{votesAsOf(edition.votesAt, day)}</span>}
        </p>
      </div>
      <Around {...props} label={say('day.days')} />
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
      <a href="/archive">{say('digestPage.allDays')}</a>
    </nav>
  )
}

/** Explains why a day has no papers, and links to one that has some. */
function NoPapers({ day, today, edition, previous }: DayPageProps) {
  return (
    <div className="message">
      <p>{sayWith('day.none', { b: (text) => <b>{text}</b> }, { why: whyNone(day, today, edition) })}</p>
      {previous === null ? null : (
        <p>
          {sayWith(
            'day.previous',
            { a: (text) => <a href={`/papers/${previous}`}>{text}</a> },
            { day: longDay(previous) },
          )}
        </p>
      )}
    </div>
  )
}

function whyNone(day: Day, today: Day, edition: Edition | null): string {
  if (day > today) return say('day.future')
  if (edition?.state === 'failed') return say('day.failed')
  if (edition?.state === 'empty') return whyEmpty(edition.reason)
  if (day === today) return say('day.notReady')
  return say('day.noList')
}

function votesAsOf(at: Date, day: Day): string {
  const iso = at.toISOString()
  const time = `${iso.slice(11, 16)} UTC`
  return say('digest.votesAsOf', {
    time: iso.slice(0, 10) === day ? time : `${time}, ${shortDay(iso.slice(0, 10) as Day)}`,
  })
}

function whyEmpty(reason: string | null): string {
  if (reason === 'weekend') return say('day.weekend')
  return reason === 'holiday' ? say('day.holiday') : say('day.empty', { reason: reason ?? say('day.isEmpty') })
}
