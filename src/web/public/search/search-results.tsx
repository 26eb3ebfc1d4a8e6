import { AUTHORS_SHOWN } from '../../../../config/limits.ts'
import { SEARCH_PAGE_PAPERS, SEARCH_PAGES_MAX } from '../../../../config/limits-web.ts'
import { say } from '../../../language/language.ts'
import { sayWith } from '../../../language/markup.ts'
import type { Hit } from '../../../ledger/editions/search.ts'
import { createHighlighter, type Fragment, type Highlighter } from '../../../ranking/search/highlight.ts'
import { interestsOf } from '../../../ranking/search/query-parts.ts'
import { longDay } from '../../../rendering/digest/view-model.ts'
import { paperPath } from '../../../security/signed-links.ts'
import { MathText } from '../../layout/mathematics.tsx'
import { PageLinks } from '../../layout/page-links.tsx'
import { followPath } from '../follow-paths.ts'
import { Byline } from '../paper-card.tsx'
import { EMPTY_SEARCH, filterOf, type Search, searchPath } from './check-search.ts'

/** The result of a search. */
export interface Found {
  readonly hits: readonly Hit[]
  readonly total: number
  /** Whether more papers match than were ranked. */
  readonly more: boolean
  /** The corrected query, when the typed one had no results. */
  readonly insteadOf: string | null
  /** Papers of the corrected query, when the typed one had few results. */
  readonly also: { readonly query: string; readonly hits: readonly Hit[] } | null
  /** Whether no paper has all the words, and these have all but one. */
  readonly relaxed: boolean
}

export function Results({ search, found }: { readonly search: Search; readonly found: Found }) {
  const { also } = found
  return (
    <section aria-label={say('search.results')} className="results">
      <p className="soft" role="status">
        <Summary search={search} found={found} />
      </p>
      {found.total === 0 && also === null ? <NothingFound search={search} /> : null}
      <HitList hits={found.hits} query={found.insteadOf ?? search.query} />
      {also === null ? null : (
        <>
          <h2>
            {sayWith(
              'search.didYouMean',
              { a: (text) => <a href={searchPath(search, { query: also.query })}>{text}</a> },
              { query: also.query },
            )}
          </h2>
          <HitList hits={also.hits} query={also.query} />
        </>
      )}
      <Pages search={search} total={found.total} />
    </section>
  )
}

function Summary({ search, found }: { readonly search: Search; readonly found: Found }) {
  const { total, more } = found
  if (total === 0) return <>{say('search.none')}</>
  const papers = say('search.count', { count: total, more: more ? 'yes' : 'no' })
  if (found.insteadOf !== null)
    return (
      <>
        {sayWith(
          'search.insteadOf',
          { b: (text) => <b>{text}</b> },
          { query: search.query, corrected: found.insteadOf, papers },
        )}
      </>
    )
  if (found.relaxed) return <>{say('search.relaxed', { papers })}</>
  return <>{more ? say('search.addWords', { papers }) : papers}</>
}

function NothingFound({ search }: { readonly search: Search }) {
  const isFiltered = filterOf(search) !== '' || search.from !== null || search.to !== null
  return (
    <p className="message">
      {isFiltered && search.query !== ''
        ? sayWith('search.tryWithout', {
            a: (text) => <a href={searchPath({ ...EMPTY_SEARCH, query: search.query })}>{text}</a>,
          })
        : say('search.tryOther')}
    </p>
  )
}

function HitList({ hits, query }: { readonly hits: readonly Hit[]; readonly query: string }) {
  const highlighter = createHighlighter(query)
  return (
    <ul className="index">
      {hits.map((hit) => (
        <ResultItem key={hit.paper.id} hit={hit} highlighter={highlighter} />
      ))}
    </ul>
  )
}

function ResultItem({ hit, highlighter }: { readonly hit: Hit; readonly highlighter: Highlighter }) {
  const { paper } = hit
  const title = highlighter.all(paper.title)
  const snippet = highlighter.excerpt(paper.abstract)
  const isFoundByName = snippet.length === 0 && !title.some(({ isMatch }) => isMatch)
  return (
    <li>
      <a className="title" href={paperPath(paper.id)} dir="auto">
        {paper.latex === undefined ? (
          <Marked fragments={title} />
        ) : (
          <MathText text={paper.title} latex={paper.latex.title} />
        )}
      </a>
      <Byline paper={paper} />
      <FoundAuthors authors={paper.authors} highlighter={highlighter} isFoundByName={isFoundByName} />
      {snippet.length === 0 ? null : (
        <p className="snippet" dir="auto">
          <Marked fragments={snippet} />
        </p>
      )}
      <p className="soft small">{longDay(hit.firstDay)}</p>
    </li>
  )
}

/** Authors after the first few whose names were searched. Without them, a reader would not see why the paper was found. */
function FoundAuthors({
  authors,
  highlighter,
  isFoundByName,
}: {
  readonly authors: readonly string[]
  readonly highlighter: Highlighter
  /** Then a part of the name is enough: neither the title nor the abstract has a searched word. */
  readonly isFoundByName: boolean
}) {
  const hidden = authors.length <= AUTHORS_SHOWN + 1 ? [] : authors.slice(AUTHORS_SHOWN)
  const found = hidden
    .map((name) => highlighter.all(name))
    .filter((name) =>
      isFoundByName
        ? name.some(({ isMatch }) => isMatch)
        : name.every(({ text, isMatch }) => isMatch || !/\p{L}/u.test(text)),
    )
  if (found.length === 0) return null
  return (
    <p className="byline" dir="auto">
      {say('search.with')}{' '}
      {found.slice(0, AUTHORS_SHOWN).map((name, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the names never move.
        <span key={index}>
          {index === 0 ? '' : ', '}
          <Marked fragments={name} />
        </span>
      ))}
    </p>
  )
}

function Marked({ fragments }: { readonly fragments: readonly Fragment[] }) {
  return fragments.map(({ text, isMatch }, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never move.
    isMatch ? <mark key={index}>{text}</mark> : text,
  )
}

/**
 * Links that follow the search: as interests, which find the same papers, and as a feed. An interest that is only a phrase finds
 * its exact words.
 */
export function Follow({ search, found }: { readonly search: Search; readonly found: Found }) {
  const interests = found.relaxed ? [] : interestsOf(found.insteadOf ?? search.query, filterOf(search))
  if (interests.length === 0) return null
  const path = followPath(interests)
  return (
    <section aria-labelledby="follow-search">
      <h2 id="follow-search">{say('search.follow')}</h2>
      <p>{say('search.followText')}</p>
      {interests.some((line) => ONLY_PHRASE.test(line)) ? <p className="soft">{say('search.exact')}</p> : null}
      {path === null ? null : (
        <p>
          <a href={path}>{say('search.subscribe')}</a>
        </p>
      )}
      <p>
        <a href={feedPathOf(interests)}>{say('feed.atom')}</a>
      </p>
    </section>
  )
}

const ONLY_PHRASE = /^-?"[^"]+"$/

function Pages({ search, total }: { readonly search: Search; readonly total: number }) {
  const last = Math.min(SEARCH_PAGES_MAX, Math.ceil(total / SEARCH_PAGE_PAPERS))
  const pathOf = (page: number) => searchPath(search, { page })
  return (
    <PageLinks
      page={search.page}
      last={last}
      pathOf={pathOf}
      previous={say('pages.previous')}
      next={say('pages.next')}
    />
  )
}

/** Returns the path of the feed with the papers of these interests, which are the alternatives of one search. */
export function feedPathOf(interests: readonly string[]): string {
  return `/feed.xml?q=${encodeURIComponent(interests.join(' or '))}`
}
