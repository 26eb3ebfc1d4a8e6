import { TOPIC_PAPERS_MAX, TOPIC_RECENT_DAYS } from '../../../../config/limits-topics.ts'
import { say } from '../../../language/language.ts'
import type { TopicFacts, TopicPaper } from '../../../ledger/editions/topics/topics.ts'
import { longDay } from '../../../rendering/digest/view-model.ts'
import { followPath, keywordInterest, searchPathOf } from '../follow-paths.ts'
import type { PageStars } from '../page-stars.ts'
import { PaperCard } from '../paper-card.tsx'
import { feedOf, TOPIC_VIEWS, type TopicSubject, type TopicView } from './topic-views.ts'

interface TopicPageProps {
  readonly subject: TopicSubject
  readonly title: string
  readonly facts: TopicFacts
  readonly view: TopicView
  /** A sentence about the view. */
  readonly explained: string
  readonly papers: readonly TopicPaper[]
  readonly growths: PageStars['growths']
}

/** The papers of one topic: the best of the day, week or month, or the newest. */
export function TopicPage({ subject, title, facts, view, explained, papers, growths }: TopicPageProps) {
  return (
    <>
      <header className="list-head">
        <p className="soft small">
          <a href="/topics">{say('nav.topics')}</a>
          {subject.category === null ? null : ` · ${say('topic.category', { category: subject.category })}`}
        </p>
        <h1 dir="auto">{capitalized(title)}</h1>
        <p className="soft">
          {say('topic.facts', {
            count: facts.papers,
            recent: facts.recent,
            days: TOPIC_RECENT_DAYS,
            first: longDay(facts.firstDay),
          })}
        </p>
        <Follow subject={subject} name={facts.name} />
        <Tabs subject={subject} view={view} />
        <p className="soft small">{explained}</p>
      </header>
      {papers.length === 0 ? <p className="message">{say('topic.none', { view })}</p> : null}
      <div className="entries">
        {papers.map(({ paper, signals, firstDay }, index) => (
          <PaperCard
            key={paper.id}
            paper={paper}
            signals={signals}
            rank={view === 'newest' ? null : index + 1}
            why={longDay(firstDay)}
            growth={growths.get(paper.id)}
          />
        ))}
      </div>
      {papers.length < TOPIC_PAPERS_MAX ? null : (
        <p className="message">
          {say('topic.many', { papers: TOPIC_PAPERS_MAX })}{' '}
          <a
            href={
              subject.category === null
                ? searchPathOf('keyword', facts.name)
                : searchPathOf('category', subject.category)
            }
          >
            {say('topic.searchAll')}
          </a>
        </p>
      )}
    </>
  )
}

function Tabs({ subject, view }: { readonly subject: TopicSubject; readonly view: TopicView }) {
  return (
    <nav className="tabs" aria-label={say('tab.label')}>
      {TOPIC_VIEWS.map((each) => (
        <a key={each} href={`${subject.path}?best=${each}`} {...(each === view ? { 'aria-current': 'page' } : {})}>
          {say(`topic.view.${each}`)}
        </a>
      ))}
    </nav>
  )
}

/** How to follow a topic by email or feed. */
function Follow({ subject, name }: { readonly subject: TopicSubject; readonly name: string }) {
  const interest = subject.category === null ? keywordInterest(name) : `category:${subject.category}`
  const path = followPath([interest])
  return (
    <p className="follow">
      {path === null ? null : (
        <a className="button" href={path}>
          {say('topic.follow')}
        </a>
      )}
      <a href={feedOf(subject)}>{say('feed.atom')}</a>
    </p>
  )
}

/** Begins a heading with a capital letter, unless the word has its own spelling, such as `dLLM` or `k-means`. */
function capitalized(title: string): string {
  return /^\p{Ll}{2,}(?!\S*\p{Lu})/u.test(title) ? title.charAt(0).toUpperCase() + title.slice(1) : title
}
