import { TOPIC_LISTED_PAPERS_MIN, TOPIC_RECENT_DAYS } from '../../../../config/limits-topics.ts'
import { categoryName } from '../../../domain/topics/category-names.ts'
import { categoryPath } from '../../../domain/topics/topic-slug.ts'
import type { TopicCount } from '../../../ledger/editions/topics/topics.ts'

/** Lists the keywords of the last weeks, those with most papers first. */
export function TopicIndexPage({ keywords }: { readonly keywords: readonly TopicCount[] }) {
  return (
    <>
      <h1>Topics</h1>
      <p className="lead">The topics of the {TOPIC_RECENT_DAYS} days up to the newest list.</p>
      {keywords.length === 0 ? (
        <p className="message">
          No keyword has {TOPIC_LISTED_PAPERS_MIN} papers yet. The keywords of a paper are on its own page.
        </p>
      ) : (
        <section aria-labelledby="keywords-heading">
          <h2 id="keywords-heading" className="small-heading">
            Keywords with at least {TOPIC_LISTED_PAPERS_MIN} papers
          </h2>
          <TopicList topics={keywords} />
        </section>
      )}
    </>
  )
}

/** Lists arXiv’s categories. */
export function CategoryList({ categories }: { readonly categories: readonly TopicCount[] }) {
  return (
    <section aria-labelledby="categories-heading">
      <h2 id="categories-heading" className="small-heading">
        arXiv categories
      </h2>
      <ul className="topics">
        {categories.map(({ key, name, papers }) => (
          <li key={key}>
            <a href={categoryPath(name)}>
              {categoryName(name) ?? ''} <span className="code">{name}</span>
            </a>{' '}
            <Count papers={papers} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The keywords that come with a topic, or that the papers of a week have. */
export function TopicSection({
  heading,
  topics,
}: {
  readonly heading: string
  readonly topics: readonly TopicCount[]
}) {
  return (
    <section aria-labelledby="topics-heading">
      <h2 id="topics-heading" className="small-heading">
        {heading}
      </h2>
      <TopicList topics={topics} />
    </section>
  )
}

function TopicList({ topics }: { readonly topics: readonly TopicCount[] }) {
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
