import { DAY_TOPICS_SHOWN } from '../../../../config/limits-web.ts'
import type { Day } from '../../../domain/day.ts'
import type { Entry } from '../../../domain/edition.ts'
import { type DayFacets, type DaySelection, hrefOf } from './selection.ts'

interface DayContextProps {
  readonly day: Day
  readonly today: Day
  /** The papers that the list shows, in its order. */
  readonly shown: readonly Entry[]
  readonly facets: DayFacets
  readonly selection: DaySelection
}

/** The column beside a day’s list: search, topics, other days, keys and a list of titles to jump to. */
export function DayContext({ day, today, shown, facets, selection }: DayContextProps) {
  const topics = facets.topics.slice(0, DAY_TOPICS_SHOWN)
  return (
    <>
      <form className="quick-search" method="get" action="/search">
        <label className="hidden" htmlFor="quick-search">
          Search all papers
        </label>
        <input id="quick-search" name="q" type="search" placeholder="Search all papers" maxLength={200} />
        <button type="submit" className="quiet">
          Search
        </button>
      </form>
      {topics.length === 0 ? null : (
        <section>
          <h2>Topics of the day</h2>
          <ul className="counts">
            {topics.map((topic) => (
              <li key={topic.slug}>
                <a href={hrefOf(selection, { topic })} rel="nofollow">
                  {topic.name}
                </a>{' '}
                <span className="soft">{topic.papers}</span>
              </li>
            ))}
          </ul>
          <p className="small">
            <a href="/topics">All topics</a>
          </p>
        </section>
      )}
      <section>
        <h2>Other days</h2>
        <p>
          <a href="/week">The week’s best</a> · <a href="/archive">Calendar</a>
        </p>
        <form method="get" action="/papers" className="day-choice">
          <label className="hidden" htmlFor="date">
            Choose a day
          </label>
          <input id="date" name="date" type="date" defaultValue={day} max={today} required />
          <button type="submit" className="quiet">
            Go
          </button>
        </form>
      </section>
      <section className="by-mail">
        <h2>By email</h2>
        <p>The papers that match your interests, each morning.</p>
        <p>
          <a href="/#subscribe">Subscribe</a> · <a href="/feed.xml">Feed</a>
        </p>
      </section>
      {/* Shown by list.js. Without it there are no keys. */}
      <button type="button" className="quiet keys-button" hidden data-keys="">
        Keyboard <kbd>?</kbd>
      </button>
      <Keys />
      {shown.length === 0 ? null : (
        <nav className="jump" aria-label="Papers of the day">
          <h2>All titles</h2>
          <ol>
            {shown.map(({ paper, rank }) => (
              <li key={paper.id} value={rank}>
                <a href={`#paper-${paper.id}`} dir="auto">
                  {paper.title}
                </a>
              </li>
            ))}
          </ol>
        </nav>
      )}
    </>
  )
}

const KEYS = [
  ['j', 'Next paper'],
  ['k', 'Previous paper'],
  ['o', 'Open the paper'],
  ['a', 'Show or hide its abstract'],
  ['d', 'Dense or comfortable list'],
  ['/', 'Search'],
  ['?', 'Show these keys'],
] as const

function Keys() {
  return (
    <dialog className="keys" aria-labelledby="keys-heading">
      <h2 id="keys-heading">Keys</h2>
      <dl>
        {KEYS.map(([key, words]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  )
}
