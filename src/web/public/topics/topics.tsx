import type { FastifyInstance } from 'fastify'
import { TOPIC_PAPERS_MAX, TOPIC_RECENT_DAYS, TOPIC_WEEK_DAYS } from '../../../../config/limits-topics.ts'
import { addDays, type Day, dayIn } from '../../../domain/day.ts'
import { canonicalCategory, categoryName } from '../../../domain/topics/category-names.ts'
import { categoryPath, topicPath, topicSlug } from '../../../domain/topics/topic-slug.ts'
import { say } from '../../../language/language.ts'
import { categoryKey } from '../../../ledger/editions/topics/topic-columns.ts'
import type { Clock } from '../../../platform/clock.ts'
import { sendErrorPage } from '../../layout/errors.tsx'
import type { Page, Site } from '../../layout/page.ts'
import { type CachedPagesDeps, readNewestDay } from '../cached-pages.ts'
import { readPageStars } from '../page-stars.ts'
import { readRecentTopics } from './recent-topics.ts'
import { CategoryList, TopicIndexPage, TopicSection } from './topic-index-page.tsx'
import { TopicPage } from './topic-page.tsx'
import { feedOf, isTopicView, type TopicSubject, type TopicView, wordsOfView } from './topic-views.ts'

/** `GET /topics`, `/topics/:slug` and `/topics/category/:category`, with `?best=day`, `week` or `month`, or `newest`. */
export function addTopics(web: FastifyInstance, site: Site, deps: CachedPagesDeps): void {
  const { sendCached } = deps
  const today = () => dayIn(deps.timezone, site.clock())

  web.get('/topics', (request, reply) =>
    sendCached(request, reply, { key: '/topics', make: () => indexPage(today(), deps) }),
  )
  web.get<Asked<'slug'>>('/topics/:slug', async (request, reply) => {
    const asked = request.params.slug
    const slug = topicSlug(asked)
    if (slug === '') return sendErrorPage(reply, site, 404, say('topic.unknown'))
    // Every spelling of a keyword leads to the one address of its topic.
    if (slug !== asked) return reply.redirect(topicPath(slug), 301)
    const view = viewOf(request.query.best)
    if (view === 'unknown') return sendErrorPage(reply, site, 400, say('topic.badView'))
    const subject: TopicSubject = { key: slug, path: topicPath(slug), category: null }
    return sendCached(request, reply, {
      key: `${subject.path}?best=${view}`,
      make: () => topicPage(subject, view, site.clock, deps),
      missing: say('topic.unknown'),
    })
  })
  web.get<Asked<'category'>>('/topics/category/:category', async (request, reply) => {
    const asked = request.params.category
    if (!CATEGORY.test(asked)) return sendErrorPage(reply, site, 404, say('topic.badCategory'))
    const category = canonicalCategory(asked)
    if (category !== asked) return reply.redirect(categoryPath(category), 301)
    const view = viewOf(request.query.best)
    if (view === 'unknown') return sendErrorPage(reply, site, 400, say('topic.badView'))
    const subject: TopicSubject = { key: categoryKey(category), path: categoryPath(category), category }
    return sendCached(request, reply, {
      key: `${subject.path}?best=${view}`,
      make: () => topicPage(subject, view, site.clock, deps),
      missing: categoryName(category) === null ? say('topic.badCategory') : say('topic.emptyCategory'),
    })
  })
}

interface Asked<Name extends string> {
  readonly Params: Record<Name, string>
  readonly Querystring: { readonly best?: unknown }
}

const CATEGORY = /^[a-z-]+(?:\.[a-z-]+)?$/i

/** Null where the address does not say. */
function viewOf(asked: unknown): TopicView | null | 'unknown' {
  if (asked === undefined) return null
  return isTopicView(asked) ? asked : 'unknown'
}

async function indexPage(today: Day, { ledger }: CachedPagesDeps): Promise<Page> {
  const { keywords, categories } = await readRecentTopics(ledger, today)
  return {
    title: say('nav.topics'),
    description: say('topicIndex.description', { days: TOPIC_RECENT_DAYS }),
    canonical: '/topics',
    current: 'topics',
    content: <TopicIndexPage keywords={keywords} />,
    ...(categories.length === 0 ? {} : { context: <CategoryList categories={categories} /> }),
  }
}

async function topicPage(
  subject: TopicSubject,
  asked: TopicView | null,
  clock: Clock,
  { ledger, timezone }: CachedPagesDeps,
): Promise<Page | null> {
  const { editions } = ledger
  const newest = await readNewestDay(editions, dayIn(timezone, clock()))
  const recentFrom = addDays(newest, 1 - TOPIC_RECENT_DAYS)
  const facts = await editions.readTopicFacts(subject.key, recentFrom)
  if (facts === null) return null
  // A topic without recent papers opens with its newest ones.
  const view = asked ?? (facts.recent > 0 ? 'month' : 'newest')
  const from = { day: newest, week: addDays(newest, 1 - TOPIC_WEEK_DAYS), month: recentFrom, newest: facts.firstDay }
  const papers = await editions.readTopicPapers(subject.key, {
    from: from[view],
    to: newest,
    order: view === 'newest' ? 'newest' : 'votes',
    limit: TOPIC_PAPERS_MAX,
  })
  const { growths } = await readPageStars(ledger, papers, clock())
  const neighbours = await editions.readTopicNeighbours(subject.key)
  const title = subject.category === null ? facts.name : (categoryName(subject.category) ?? subject.category)
  return {
    title: say('search.title', { query: title }),
    description: say('topic.description', { topic: title }),
    canonical: subject.path,
    feed: feedOf(subject),
    current: 'topics',
    scripts: ['list.js'],
    content: (
      <TopicPage
        subject={subject}
        title={title}
        facts={facts}
        view={view}
        explained={wordsOfView(view, newest)}
        papers={papers}
        growths={growths}
      />
    ),
    ...(neighbours.length === 0
      ? {}
      : { context: <TopicSection heading={say('topic.neighbours')} topics={neighbours} /> }),
  }
}
