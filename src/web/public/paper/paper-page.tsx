import { AUTHORS_TO_FOLLOW } from '../../../../config/limits-paper.ts'
import { PAPER_AUTHORS_SHOWN } from '../../../../config/limits-web.ts'
import type { Paper } from '../../../domain/paper.ts'
import { categoryPath, topicPath } from '../../../domain/topics/topic-slug.ts'
import { say } from '../../../language/language.ts'
import { sayWith } from '../../../language/markup.ts'
import type { Neighbour, PaperRecord } from '../../../ledger/editions/paper-record.ts'
import type { SimilarPaper } from '../../../ranking/similar.ts'
import { linkWords } from '../../../rendering/digest/link-words.ts'
import { longDay } from '../../../rendering/digest/view-model.ts'
import { paperPath } from '../../../security/signed-links.ts'
import { MathText } from '../../layout/mathematics.tsx'
import { authorInterest, followPath, interestsLike, searchPathOf } from '../follow-paths.ts'
import { CiteBlock } from './cite-block.tsx'
import { countedLinks, latestVotes } from './paper-links.ts'
import { VotesChart } from './votes-chart.tsx'

interface PaperPageProps {
  readonly record: PaperRecord
  readonly similar: readonly SimilarPaper[]
  /** The whole address of this page. */
  readonly url: string
}

/** One paper: what it says, what is similar, and how to cite it. */
export function PaperPage({ record, similar, url }: PaperPageProps) {
  const { paper } = record
  const [listed, votes] = [record.days.at(-1), latestVotes(record)]
  return (
    <article className="paper-page" data-copied={say('copy.copied')} data-selected={say('copy.selected')}>
      {listed === undefined ? null : (
        <p className="soft small">
          {sayWith(
            'paper.listed',
            { a: (text) => <a href={`/papers/${listed.day}`}>{text}</a> },
            { day: longDay(listed.day), rank: listed.rank, papers: listed.papers },
          )}
          {votes === null ? null : ` · ${say('count.votes', { count: votes })}`}
        </p>
      )}
      <h1 dir="auto">
        <MathText text={paper.title} latex={paper.latex?.title} />
      </h1>
      <Authors names={paper.authors} organization={paper.organization} />
      <Links record={record} />
      {paper.machineSummary === null ? null : (
        <div className="summary">
          <p dir="auto">
            {paper.machineSummary} <span className="soft small">{say('paper.machineFrom')}</span>
          </p>
        </div>
      )}
      <h2>{say('paper.abstract')}</h2>
      {paper.abstract === '' ? (
        <p className="soft">{say('paper.noAbstract')}</p>
      ) : (
        <p className="abstract" dir="auto">
          <MathText text={paper.abstract} latex={paper.latex?.abstract} />
        </p>
      )}
      <Topics paper={paper} />
      <Similar papers={similar} />
      <CiteBlock paper={paper} url={url} />
      <Around previous={record.previous} next={record.next} />
    </article>
  )
}

/** Beside the paper: its votes, its days and what to follow. */
export function PaperContext({ record }: { readonly record: PaperRecord }) {
  const moments = record.votes.flatMap(({ at, upvotes }) => (upvotes === null ? [] : [{ at, upvotes }]))
  const last = moments.at(-1)
  return (
    <div className="paper-context">
      {last === undefined ? null : (
        <section aria-labelledby="votes-heading">
          <h2 id="votes-heading">{say('count.votes', { count: last.upvotes })}</h2>
          <VotesChart moments={moments} />
        </section>
      )}
      <Follow paper={record.paper} />
      {record.days.length === 0 ? null : (
        <section aria-labelledby="days">
          <h2 id="days">{say('paper.days')}</h2>
          <ul className="plain">
            {record.days.map(({ day, rank, papers }) => (
              <li key={day}>
                {sayWith(
                  'paper.listed',
                  { a: (text) => <a href={`/papers/${day}`}>{text}</a> },
                  { day: longDay(day), rank, papers },
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}

function Authors({ names, organization }: { readonly names: readonly string[]; readonly organization: string | null }) {
  // A single name is not worth unfolding.
  const shown = names.length === PAPER_AUTHORS_SHOWN + 1 ? names.length : PAPER_AUTHORS_SHOWN
  const rest = names.slice(shown)
  return (
    <div className="byline" dir="auto">
      {names.length === 0 ? null : (
        <p>
          {names.slice(0, shown).map((name, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two authors may have one name, and none ever moves.
            <span key={at}>
              {at === 0 ? '' : ', '}
              <a href={searchPathOf('author', name)}>{name}</a>
            </span>
          ))}
        </p>
      )}
      {rest.length === 0 ? null : (
        <details>
          <summary>{say('authors.more', { count: rest.length })}</summary>
          <p className="small">{rest.join(', ')}</p>
        </details>
      )}
      {organization === null ? null : (
        <p>
          <a href={searchPathOf('org', organization)}>{organization}</a>
        </p>
      )}
    </div>
  )
}

function Links({ record: { paper, votes, growth } }: { readonly record: PaperRecord }) {
  return (
    <ul className="links paper-links" aria-label={say('paper.links')}>
      {countedLinks(paper, votes.at(-1), growth).map(({ label, url, count }) => (
        <li key={label}>
          <a href={url} rel="noopener nofollow">
            {linkWords(label)}
            {count === null ? null : (
              <>
                <span className="count" aria-hidden="true">
                  {count.shown}
                </span>
                <span className="hidden">, {count.meaning}</span>
              </>
            )}
          </a>
        </li>
      ))}
      <li>
        <a href="#cite">{say('paper.cite')}</a>
      </li>
      <li>
        {/* assets/paper.js makes it copy. Without JavaScript it is a link to copy. */}
        <a href={paperPath(paper.id)} data-copies-link={say('copy.link')}>
          {say('paper.linkToPage')}
        </a>
      </li>
    </ul>
  )
}

function Topics({ paper: { keywords, categories } }: { readonly paper: Paper }) {
  if (keywords.length === 0 && categories.length === 0) return null
  return (
    <>
      <h2>{say('paper.topicsTitle')}</h2>
      <ul className="keywords">
        {keywords.map((word) => (
          <li key={word}>
            <a href={topicPath(word)}>{word}</a>
          </li>
        ))}
        {categories.map((category) => (
          <li key={category}>
            <a href={categoryPath(category)}>{category}</a>
          </li>
        ))}
      </ul>
    </>
  )
}

function Similar({ papers }: { readonly papers: readonly SimilarPaper[] }) {
  if (papers.length === 0) return null
  return (
    <section aria-labelledby="similar">
      <h2 id="similar">{say('paper.similar')}</h2>
      <ul className="similar">
        {papers.map(({ id, title, shared }) => (
          <li key={id} dir="auto">
            <a href={paperPath(id)}>{title}</a>
            {shared.length === 0 ? null : (
              <span className="soft small">{say('paper.both', { topics: shared.join(', ') })}</span>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Links that fill in the form to subscribe. */
function Follow({ paper }: { readonly paper: Paper }) {
  const authors = paper.authors.flatMap((name, at) => {
    const path = followPath([authorInterest(name)])
    return path === null ? [] : [{ at, name, path }]
  })
  // The last author often leads the group.
  const isFirst = ({ at }: { readonly at: number }) => at < AUTHORS_TO_FOLLOW || at === paper.authors.length - 1
  const others = authors.filter((each) => !isFirst(each)).slice(0, PAPER_AUTHORS_SHOWN)
  const item = ({ at, name, path }: (typeof authors)[number]) => (
    <li key={at} dir="auto">
      <a href={path}>{say('paper.follow', { name })}</a>
    </li>
  )
  return (
    <section aria-labelledby="follow">
      <h2 id="follow">{say('paper.getMore')}</h2>
      <ul className="plain">
        <li>
          <a href={followPath(interestsLike(paper)) ?? '/#subscribe'}>{say('paper.followLike')}</a>
        </li>
        {authors.filter(isFirst).map(item)}
      </ul>
      {others.length === 0 ? null : (
        <details>
          <summary>{say('paper.followAuthor')}</summary>
          <ul className="plain">{others.map(item)}</ul>
        </details>
      )}
    </section>
  )
}

/** The papers before and after this one on its day. */
function Around({ previous, next }: { readonly previous: Neighbour | null; readonly next: Neighbour | null }) {
  if (previous === null && next === null) return null
  return (
    <nav className="paper-around" aria-label={say('context.papers')}>
      {previous === null ? null : (
        <a href={paperPath(previous.id)} rel="prev" dir="auto">
          <span className="soft small">{say('paper.previous')}</span>
          {previous.title}
        </a>
      )}
      {next === null ? null : (
        <a href={paperPath(next.id)} rel="next" dir="auto">
          <span className="soft small">{say('paper.next')}</span>
          {next.title}
        </a>
      )}
    </nav>
  )
}
