import { SEARCH_CHARS_MAX, SEARCH_PAGE_PAPERS, SEARCH_PAGES_MAX } from '../../../../config/limits-web.ts'
import type { Day } from '../../../domain/day.ts'
import { type Hit, MARK_BEGIN, MARK_END } from '../../../ledger/editions/search.ts'
import { longDay } from '../../../rendering/digest/view-model.ts'
import { paperPath } from '../../../security/signed-links.ts'
import { MathText } from '../../layout/mathematics.tsx'
import { Byline } from '../paper-card.tsx'

interface SearchPageProps {
  readonly search: Search
  /** Null before the first search. */
  readonly found: Found | null
  readonly faults: readonly string[]
}

export function SearchPage({ search, found, faults }: SearchPageProps) {
  return (
    <>
      <h1>Search</h1>
      <SearchForm search={search} />
      {faults.length === 0 ? null : (
        <div className="message bad" role="alert">
          {faults.map((fault) => (
            <p key={fault}>{fault}</p>
          ))}
        </div>
      )}
      {found === null ? (
        <p className="soft">
          Titles count most, then keywords and authors, then abstracts. Use <code>"a phrase"</code> to keep words
          together and <code>-word</code> to exclude papers.
        </p>
      ) : (
        <Results search={search} found={found} />
      )}
    </>
  )
}

function SearchForm({ search }: { readonly search: Search }) {
  return (
    <form className="stack search" method="get" action="/search">
      <div className="field">
        <label htmlFor="q">Search terms</label>
        <input id="q" name="q" type="search" defaultValue={search.query} maxLength={SEARCH_CHARS_MAX} dir="auto" />
      </div>
      <div className="row">
        <div className="field">
          <label htmlFor="from">From</label>
          <input id="from" name="from" type="date" defaultValue={search.from ?? ''} />
        </div>
        <div className="field">
          <label htmlFor="to">To</label>
          <input id="to" name="to" type="date" defaultValue={search.to ?? ''} />
        </div>
      </div>
      <div>
        <button type="submit">Search</button>
      </div>
    </form>
  )
}

function Results({ search, found }: { readonly search: Search; readonly found: Found }) {
  const asked = encodeURIComponent(search.query)
  return (
    <section aria-label="Results">
      <p className="soft" role="status">
        {found.insteadOf === null ? null : (
          <>
            No results for “{search.query}”. Showing results for <b>{found.insteadOf}</b>.{' '}
          </>
        )}
        {found.total === 0
          ? 'No papers found.'
          : `${found.more ? 'More than ' : ''}${found.total.toLocaleString('en-US')} ${found.total === 1 && !found.more ? 'paper' : 'papers'}`}
        {found.more ? '. Add more words to find older ones.' : null}
      </p>
      {found.total === 0 ? <p className="message">Try fewer or different words, or a wider date range.</p> : null}
      <ul className="index">
        {found.hits.map((hit) => (
          <ResultItem key={hit.paper.id} hit={hit} />
        ))}
      </ul>
      <Pages search={search} total={found.total} />
      <p className="message">
        <a href={`/?interests=${asked}#subscribe`}>Turn this search into a subscription</a>, or follow it as an{' '}
        <a href={`/feed.xml?q=${asked}`}>Atom feed</a>.
      </p>
    </section>
  )
}

function ResultItem({ hit }: { readonly hit: Hit }) {
  const { paper } = hit
  return (
    <li>
      <a className="title" href={paperPath(paper.id)} dir="auto">
        <MathText text={paper.title} latex={paper.latex?.title} />
      </a>
      <Byline paper={paper} />
      {hit.snippet === '' ? null : (
        <p className="snippet" dir="auto">
          {marked(hit.snippet)}
        </p>
      )}
      <p className="soft small">{longDay(hit.firstDay)}</p>
    </li>
  )
}

/** Wraps the matches in `<mark>`. All other text is escaped by React. */
function marked(snippet: string) {
  return snippet.split(MARK_BEGIN).flatMap((fragment, index) => {
    const [match = '', rest] = fragment.split(MARK_END)
    if (index === 0 || rest === undefined) return [fragment]
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never move.
    return [<mark key={index}>{match}</mark>, rest]
  })
}

function Pages({ search, total }: { readonly search: Search; readonly total: number }) {
  const last = Math.min(SEARCH_PAGES_MAX, Math.ceil(total / SEARCH_PAGE_PAPERS))
  if (last <= 1) return null
  const href = (page: number) => {
    const query = new URLSearchParams({ q: search.query })
    if (search.from !== null) query.set('from', search.from)
    if (search.to !== null) query.set('to', search.to)
    if (page > 1) query.set('page', String(page))
    return `/search?${query}`
  }
  return (
    <nav className="pages" aria-label="Pages">
      {search.page > 1 ? (
        <a href={href(search.page - 1)} rel="prev">
          ← Previous
        </a>
      ) : null}
      <span className="soft">
        Page {search.page} of {last}
      </span>
      {search.page < last ? (
        <a href={href(search.page + 1)} rel="next">
          Next →
        </a>
      ) : null}
    </nav>
  )
}

/** A validated search. */
export interface Search {
  readonly query: string
  readonly from: Day | null
  readonly to: Day | null
  /** From 1. */
  readonly page: number
}

export interface Found {
  readonly hits: readonly Hit[]
  readonly total: number
  /** Whether more papers match than were ranked. */
  readonly more: boolean
  /** The corrected query, when the typed one had no results. */
  readonly insteadOf: string | null
}
