import { DAY_TOPICS_SHOWN } from '../../../../config/limits-web.ts'
import type { Day } from '../../../domain/day.ts'
import type { Entry } from '../../../domain/edition.ts'
import { say } from '../../../language/language.ts'
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
          {say('context.searchAll')}
        </label>
        <input id="quick-search" name="q" type="search" placeholder={say('context.searchAll')} maxLength={200} />
        <button type="submit" className="quiet">
          {say('nav.search')}
        </button>
      </form>
      {topics.length === 0 ? null : (
        <section>
          <h2>{say('context.topics')}</h2>
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
            <a href="/topics">{say('context.allTopics')}</a>
          </p>
        </section>
      )}
      <section>
        <h2>{say('context.otherDays')}</h2>
        <p>
          <a href="/week">{say('context.week')}</a> · <a href="/archive">{say('context.calendar')}</a>
        </p>
        <form method="get" action="/papers" className="day-choice">
          <label className="hidden" htmlFor="date">
            {say('context.chooseDay')}
          </label>
          <input id="date" name="date" type="date" defaultValue={day} max={today} required />
          <button type="submit" className="quiet">
            {say('context.go')}
          </button>
        </form>
      </section>
      <section className="by-mail">
        <h2>{say('context.byEmail')}</h2>
        <p>{say('context.byEmailText')}</p>
        <p>
          <a href="/#subscribe">{say('nav.subscribe')}</a> · <a href="/feed.xml">{say('context.feed')}</a>
        </p>
      </section>
      {/* Shown by list.js. Without it there are no keys. */}
      <button type="button" className="quiet keys-button" hidden data-keys="">
        {say('keys.button')} <kbd>?</kbd>
      </button>
      <Keys />
      {shown.length === 0 ? null : (
        <nav className="jump" aria-label={say('context.papers')}>
          <h2>{say('context.titles')}</h2>
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
  ['j', 'keys.next'],
  ['k', 'keys.previous'],
  ['o', 'keys.open'],
  ['a', 'keys.abstract'],
  ['d', 'keys.density'],
  ['/', 'keys.search'],
  ['?', 'keys.show'],
] as const

function Keys() {
  return (
    <dialog className="keys" aria-labelledby="keys-heading">
      <h2 id="keys-heading">{say('keys.title')}</h2>
      <dl>
        {KEYS.map(([key, words]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{say(words)}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit">{say('keys.close')}</button>
      </form>
    </dialog>
  )
}
