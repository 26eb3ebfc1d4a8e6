import type { Day } from '../../domain/day.ts'
import type { DayInArchive } from '../../ledger/editions/public-queries.ts'
import { longDay } from '../../rendering/digest/view-model.ts'

/** Lists all days with papers, newest first. */
export function ArchivePage({ days, older }: { readonly days: readonly DayInArchive[]; readonly older: Day | null }) {
  return (
    <>
      <h1>All days</h1>
      {days.length === 0 ? (
        <p className="message">No papers yet. They appear with the first edition.</p>
      ) : (
        <ul className="index">
          {days.map(({ day, papers, first }) => (
            <li key={day}>
              <a className="title" href={`/papers/${day}`}>
                {longDay(day)}
              </a>
              <div className="soft small" dir="auto">
                {papers} {papers === 1 ? 'paper' : 'papers'} · {first}
              </div>
            </li>
          ))}
        </ul>
      )}
      {older === null ? null : (
        <nav className="pages" aria-label="Pages">
          <a href={`/archive?before=${older}`} rel="next">
            Earlier days →
          </a>
        </nav>
      )}
    </>
  )
}
