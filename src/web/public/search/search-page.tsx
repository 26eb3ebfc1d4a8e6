import type { Search } from './check-search.ts'
import { SearchForm } from './search-form.tsx'
import { Follow, type Found, Results } from './search-results.tsx'

/** The part of the page below the form. */
export type Answer =
  | { readonly kind: 'nothing-asked' }
  | { readonly kind: 'faults'; readonly faults: readonly string[] }
  | { readonly kind: 'found'; readonly found: Found }
  /** The query is the id of a paper that no edition has had. */
  | { readonly kind: 'not-listed'; readonly id: string }

export function SearchPage({ search, answer }: { readonly search: Search; readonly answer: Answer }) {
  return (
    <>
      <h1>Search</h1>
      <SearchForm search={search} />
      <AnswerSection search={search} answer={answer} />
    </>
  )
}

/** Beside the results: how to follow the search, and how to narrow it. */
export function SearchContext({ search, found }: { readonly search: Search; readonly found: Found }) {
  return (
    <>
      <Follow search={search} found={found} />
      <section aria-labelledby="search-words" className="search-help">
        <h2 id="search-words">Narrow a search</h2>
        <Syntax />
      </section>
    </>
  )
}

function AnswerSection({ search, answer }: { readonly search: Search; readonly answer: Answer }) {
  switch (answer.kind) {
    case 'found':
      return <Results search={search} found={answer.found} />
    case 'nothing-asked':
      return <SyntaxHelp />
    case 'not-listed':
      return (
        <p className="message" role="status">
          {answer.id} has been in none of our lists.{' '}
          <a href={`https://arxiv.org/abs/${answer.id}`} rel="noopener nofollow">
            Open it on arXiv
          </a>
          .
        </p>
      )
    case 'faults':
      return (
        <div className="message bad" role="alert">
          {answer.faults.map((fault) => (
            <p key={fault}>{fault}</p>
          ))}
        </div>
      )
  }
}

const SYNTAX = [
  ['"a phrase"', 'keeps words together'],
  ['-word', 'leaves papers out'],
  ['this or that', 'finds either'],
  ['author:"Ada Lovelace"', 'searches authors'],
  ['org:"University of Oxford"', 'searches organisations'],
  ['keyword:"diffusion models"', 'searches keywords'],
  ['category:cs.CL', 'finds an arXiv category'],
  ['code:yes', 'finds papers with code'],
] as const

function SyntaxHelp() {
  return (
    <div className="soft search-help">
      <p>
        Titles count most, then keywords, organisations and authors, then abstracts. An arXiv id or address opens the
        paper.
      </p>
      <Syntax />
    </div>
  )
}

function Syntax() {
  return (
    <dl>
      {SYNTAX.map(([typed, meaning]) => (
        <div key={typed}>
          <dt>
            <code>{typed}</code>
          </dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  )
}
