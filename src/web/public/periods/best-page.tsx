import { type CalendarSpan, spanOf } from '../../../domain/calendar-span.ts'
import type { Day } from '../../../domain/day.ts'
import { say } from '../../../language/language.ts'
import { sayWith } from '../../../language/markup.ts'
import type { BestPapers } from '../../../ledger/editions/periods/best.ts'
import { longDay } from '../../../rendering/digest/view-model.ts'
import { dateWords } from '../../layout/dates.ts'
import type { PageStars } from '../page-stars.ts'
import { PaperCard } from '../paper-card.tsx'
import { BestTabs } from './best-tabs.tsx'
import { spanWords } from './span-words.ts'

interface BestPageProps {
  readonly span: CalendarSpan
  readonly title: string
  readonly today: Day
  readonly best: BestPapers
  readonly stars: PageStars
  /** The nearest weeks or months with papers. */
  readonly previous: CalendarSpan | null
  readonly next: CalendarSpan | null
}

/** The papers of a week or month with the most votes. */
export function BestPage({ span, title, today, best, stars, previous, next }: BestPageProps) {
  const { papers } = best
  return (
    <>
      <header className="list-head">
        <BestTabs current={span.kind} hasCode={stars.hasCode} />
        <h1>{title}</h1>
        <p className="soft">
          {sayWith(
            'best.span',
            {
              from: (text) => <time dateTime={span.from}>{text}</time>,
              to: (text) => <time dateTime={span.to}>{text}</time>,
            },
            { from: dateWords(span.from), to: dateWords(span.to) },
          )}{' '}
          {countWords(best)}
        </p>
        {span.from <= today && today <= span.to ? (
          <p className="message">{say('best.running', { span: span.kind })}</p>
        ) : null}
        <Around previous={previous} next={next} span={span} label={say('best.other', { span: span.kind })} />
      </header>
      {papers.length === 0 ? <p className="message">{whyNone(span, today)}</p> : null}
      <div className="entries">
        {papers.map(({ paper, signals, day }, index) => (
          <PaperCard
            key={paper.id}
            paper={paper}
            signals={signals}
            rank={index + 1}
            why={longDay(day)}
            growth={stars.growths.get(paper.id)}
          />
        ))}
      </div>
      {papers.length === 0 ? null : (
        <Around previous={previous} next={next} span={span} label={say('best.more', { span: span.kind })} />
      )}
    </>
  )
}

function countWords({ papers, total, lists }: BestPapers): string {
  if (lists === 0) return ''
  const counts = { total, lists }
  return papers.length < total ? say('best.countsOf', { ...counts, shown: papers.length }) : say('best.counts', counts)
}

function whyNone({ kind, from }: CalendarSpan, today: Day): string {
  return from > today ? say('best.future', { span: kind }) : say('best.noList', { span: kind })
}

function Around({
  previous,
  next,
  span,
  label,
}: Pick<BestPageProps, 'previous' | 'next' | 'span'> & { readonly label: string }) {
  return (
    <nav className="around" aria-label={label}>
      {previous === null ? null : (
        <a href={`/${previous.kind}/${previous.name}`} rel="prev">
          ← {spanWords(previous)}
        </a>
      )}
      {next === null ? null : (
        <a href={`/${next.kind}/${next.name}`} rel="next">
          {spanWords(next)} →
        </a>
      )}
      {span.kind === 'month' ? (
        <a href={`/archive/${span.name}`}>{say('best.days')}</a>
      ) : (
        <a href={`/month/${spanOf('month', span.from).name}`}>{spanWords(spanOf('month', span.from))}</a>
      )}
    </nav>
  )
}
