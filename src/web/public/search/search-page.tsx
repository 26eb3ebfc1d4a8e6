import { say } from '../../../language/language.ts'
import { sayWith } from '../../../language/markup.ts'
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
      <h1>{say('nav.search')}</h1>
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
        <h2 id="search-words">{say('search.narrow')}</h2>
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
          {sayWith(
            'search.notListed',
            {
              a: (text) => (
                <a href={`https://arxiv.org/abs/${answer.id}`} rel="noopener nofollow">
                  {text}
                </a>
              ),
            },
            { id: answer.id },
          )}
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
  ['"a phrase"', 'syntax.phrase'],
  ['-word', 'syntax.without'],
  ['this or that', 'syntax.either'],
  ['author:"Ada Lovelace"', 'syntax.author'],
  ['org:"University of Oxford"', 'syntax.org'],
  ['keyword:"diffusion models"', 'syntax.keyword'],
  ['category:cs.CL', 'syntax.category'],
  ['code:yes', 'syntax.code'],
] as const

function SyntaxHelp() {
  return (
    <div className="soft search-help">
      <p>{say('search.help')}</p>
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
          <dd>{say(meaning)}</dd>
        </div>
      ))}
    </dl>
  )
}
