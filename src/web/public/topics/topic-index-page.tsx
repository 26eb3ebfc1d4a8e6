import { TOPIC_LISTED_PAPERS_MIN, TOPIC_RECENT_DAYS } from '../../../../config/limits-topics.ts'
import { categoryName } from '../../../domain/topics/category-names.ts'
import { categoryPath, topicPath } from '../../../domain/topics/topic-slug.ts'
import { language, say } from '../../../language/language.ts'
import type { TopicCount } from '../../../ledger/editions/topics/topics.ts'

/** Lists the keywords of the last weeks, those with most papers first. */
export function TopicIndexPage({ keywords }: { readonly keywords: readonly TopicCount[] }) {
  return (
    <>
      <h1>{say('nav.topics')}</h1>
      <p className="lead">{say('topicIndex.lead', { days: TOPIC_RECENT_DAYS })}</p>
      {keywords.length === 0 ? (
        <p className="message">{say('topicIndex.none', { papers: TOPIC_LISTED_PAPERS_MIN })}</p>
      ) : (
        <section aria-labelledby="keywords-heading">
          <h2 id="keywords-heading" className="small-heading">
            {say('topicIndex.keywords', { papers: TOPIC_LISTED_PAPERS_MIN })}
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
        {say('topicIndex.categories')}
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
          <a href={topicPath(key)} dir="auto">
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
      {language().number(papers)}
      <span className="hidden"> {say('count.papersAlone', { count: papers })}</span>
    </span>
  )
}
