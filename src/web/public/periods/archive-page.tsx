import { spanOf } from '../../../domain/calendar-span.ts'
import { addDays, type Day, isoWeek } from '../../../domain/day.ts'
import type { Month } from '../../../domain/month.ts'
import { language, say } from '../../../language/language.ts'
import { weekdayName } from '../../../language/weekdays.ts'
import { monthName, monthWords } from './span-words.ts'

interface ArchivePageProps {
  readonly month: Month
  /** All months with papers, oldest first. */
  readonly months: readonly Month[]
  /** The papers of each day of the month that has some. */
  readonly counts: ReadonlyMap<Day, number>
  readonly today: Day
}

/** One month as a calendar, with links to the days that have papers. */
export function ArchivePage(props: ArchivePageProps) {
  const { month, months, counts } = props
  const papers = [...counts.values()].reduce((sum, each) => sum + each, 0)
  return (
    <>
      <h1>{say('nav.archive')}</h1>
      {months.length === 0 ? (
        <p className="message">{say('archive.empty')}</p>
      ) : (
        <>
          <Around month={month} months={months} />
          <Calendar {...props} />
          <p className="soft">
            {counts.size === 0 ? (
              say('archive.noList', { month: monthWords(month) })
            ) : (
              <>
                {say('archive.counts', { papers, days: counts.size })}{' '}
                <a href={`/month/${month}`}>{say('best.ofMonth', { month: monthWords(month) })}</a>
              </>
            )}
          </p>
        </>
      )}
    </>
  )
}

function Around({ month, months }: Pick<ArchivePageProps, 'month' | 'months'>) {
  const previous = months.findLast((each) => each < month)
  const next = months.find((each) => each > month)
  return (
    <nav className="around" aria-label={say('archive.months')}>
      {previous === undefined ? null : (
        <a href={`/archive/${previous}`} rel="prev">
          ← {monthWords(previous)}
        </a>
      )}
      {next === undefined ? null : (
        <a href={`/archive/${next}`} rel="next">
          {monthWords(next)} →
        </a>
      )}
    </nav>
  )
}

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7]

function Calendar({ month, counts, today }: ArchivePageProps) {
  return (
    <table className="calendar">
      <caption>{monthWords(month)}</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="hidden">{say('nav.week')}</span>
          </th>
          {WEEKDAYS.map((weekday) => (
            <th key={weekday} scope="col">
              <abbr title={weekdayName(weekday)}>{weekdayName(weekday, 'shortWeekday')}</abbr>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOf(month).map((week) => (
          <Week key={week[0]} week={week} month={month} counts={counts} today={today} />
        ))}
      </tbody>
    </table>
  )
}

function Week({ week, month, counts, today }: Omit<ArchivePageProps, 'months'> & { readonly week: readonly Day[] }) {
  const name = isoWeek(week[0] as Day)
  const number = say('archive.week', { week: name.slice(-2) })
  return (
    <tr>
      <th scope="row">
        {week.some((day) => counts.has(day)) ? (
          <a href={`/week/${name}`} title={say('archive.bestOfWeek', { week: Number(name.slice(-2)) })}>
            {number}
          </a>
        ) : (
          number
        )}
      </th>
      {week.map((day) => (
        <td key={day} {...(day === today ? { 'aria-current': 'date' as const } : {})}>
          {day.startsWith(month) ? <DayInMonth day={day} papers={counts.get(day) ?? 0} /> : null}
        </td>
      ))}
    </tr>
  )
}

/** A link is read aloud with its whole date: “Friday, 20 November 2026, 3 papers”. */
function DayInMonth({ day, papers }: { readonly day: Day; readonly papers: number }) {
  const { date } = language()
  const number = Number(day.slice(-2))
  if (papers === 0) return <span className="empty">{number}</span>
  return (
    <a href={`/papers/${day}`}>
      <b>
        <span className="hidden">{date(day, 'weekday')}, </span>
        {number}
        <span className="hidden"> {date(day, 'month')}, </span>
      </b>
      <span className="count">
        {papers}
        <span className="hidden"> {say('count.papersAlone', { count: papers })}</span>
      </span>
    </a>
  )
}

/** Returns the weeks of a month, from Monday. The first and last may have days of other months. */
function weeksOf(month: Month): Day[][] {
  const { from, to } = spanOf('month', `${month}-01` as Day)
  const weeks: Day[][] = []
  for (let { from: monday } = spanOf('week', from); monday <= to; monday = addDays(monday, 7))
    weeks.push(WEEKDAYS.map((_, index) => addDays(monday, index)))
  return weeks
}

/** Links to the years, each to its newest month, and to the months of the shown year. */
export function Years({ month, months }: Pick<ArchivePageProps, 'month' | 'months'>) {
  const year = month.slice(0, 4)
  const newestOf = new Map(months.map((each) => [each.slice(0, 4), each]))
  return (
    <nav className="years" aria-labelledby="years-heading">
      <h2 id="years-heading" className="small-heading">
        {say('archive.allMonths')}
      </h2>
      {newestOf.size < 2 ? null : (
        <ul>
          {[...newestOf].reverse().map(([each, newest]) => (
            <li key={each}>
              <a href={`/archive/${newest}`} {...(each === year ? { 'aria-current': 'true' as const } : {})}>
                {each}
              </a>
            </li>
          ))}
        </ul>
      )}
      <ul>
        {months
          .filter((each) => each.startsWith(year))
          .map((each) => (
            <li key={each}>
              <a href={`/archive/${each}`} {...(each === month ? { 'aria-current': 'true' as const } : {})}>
                {newestOf.size < 2 ? monthWords(each) : monthName(each)}
              </a>
            </li>
          ))}
      </ul>
    </nav>
  )
}
