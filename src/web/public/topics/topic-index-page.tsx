import { TOPIC_LISTED_PAPERS_MIN, TOPIC_RECENT_DAYS } from '../../../../config/limits-topics.ts'
import { categoryName } from '../../../domain/category-names.ts'
import { categoryPath } from '../../../domain/topic-slug.ts'
import type { TopicCount } from '../../../ledger/editions/topics/topics.ts'

interface TopicIndexProps {
  readonly keywords: readonly TopicCount[]
  readonly categories: readonly TopicCount[]
}

/** Lists the topics of the last weeks, those with most papers first. */
export function TopicIndexPage({ keywords, categories }: TopicIndexProps) {
  return (
    <>
      <h1>Topics</h1>
      <p className="lead">What the papers of the last {TOPIC_RECENT_DAYS} days are about.</p>
      <section aria-labelledby="keywords-heading">
        <h2 id="keywords-heading">Keywords</h2>
        {keywords.length === 0 ? (
          <p className="message">
            No keyword has {TOPIC_LISTED_PAPERS_MIN} papers yet. The keywords of a paper are on its own page.
          </p>
        ) : (
          <TopicList topics={keywords} />
        )}
      </section>
      {categories.length === 0 ? null : (
        <section aria-labelledby="categories-heading">
          <h2 id="categories-heading">arXiv categories</h2>
          <ul className="topics">
            {categories.map(({ key, name, papers }) => (
              <li key={key}>
                <a href={categoryPath(name)}>
                  {categoryName(name) ?? name} <span className="code">{name}</span>
                </a>{' '}
                <Count papers={papers} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

/** A list of keywords with their numbers of papers. */
export function TopicList({ topics }: { readonly topics: readonly TopicCount[] }) {
  return (
    <ul className="topics">
      {topics.map(({ key, name, papers }) => (
        <li key={key}>
          <a href={`/topics/${encodeURIComponent(key)}`} dir="auto">
            {name}
          </a>{' '}
          <Count papers={papers} />
        </li>
      ))}
    </ul>
  )
}

function Count({ papers }: { readonly papers: number }) {
  return (
    <span className="count">
      {papers.toLocaleString('en-US')}
      <span className="hidden"> {papers === 1 ? 'paper' : 'papers'}</span>
    </span>
  )
}
