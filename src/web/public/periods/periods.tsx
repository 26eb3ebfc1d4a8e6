import type { FastifyInstance, FastifyReply } from 'fastify'
import { STARS_LISTED_MAX } from '../../../../config/limits-stars.ts'
import {
  BEST_PAPERS_MAX,
  BEST_TOPIC_PAPERS_MIN,
  BEST_TOPICS_MAX,
  RISING_DAYS,
  RISING_PAPERS_MAX,
  RISING_TIMES_MIN,
  RISING_VOTES_MIN,
} from '../../../../config/limits-topics.ts'
import { type CalendarSpan, parseSpan, type SpanKind, spanOf } from '../../../domain/calendar-span.ts'
import { addDays, dayIn } from '../../../domain/day.ts'
import { say } from '../../../language/language.ts'
import type { Stores } from '../../../ledger/stores.ts'
import type { Clock } from '../../../platform/clock.ts'
import { sendErrorPage } from '../../layout/errors.tsx'
import type { Page, Site } from '../../layout/page.ts'
import { type CachedPagesDeps, readNewestDay } from '../cached-pages.ts'
import { readPageStars } from '../page-stars.ts'
import { TopicSection } from '../topics/topic-index-page.tsx'
import { BestPage } from './best-page.tsx'
import { CodePage } from './code-page.tsx'
import { RisingPage } from './rising-page.tsx'
import { spanTitle } from './span-words.ts'

/** `GET /week`, `/week/2026-W48`, `/month`, `/month/2026-11`, `/rising` and `/code`. */
export function addPeriods(web: FastifyInstance, site: Site, deps: CachedPagesDeps): void {
  const { sendCached } = deps
  const { clock } = site

  for (const kind of ['week', 'month'] as const) {
    web.get(`/${kind}`, (request, reply) =>
      sendCached(request, reply, { key: `/${kind}`, make: () => newestSpanPage(kind, clock, deps) }),
    )
    web.get<{ Params: { name: string } }>(`/${kind}/:name`, async (request, reply) => {
      const span = parseSpan(kind, request.params.name)
      if (span === null) return sendWrongName(reply, site, kind)
      const key = `/${kind}/${span.name}`
      return sendCached(request, reply, { key, make: () => bestPage(span, key, clock, deps) })
    })
  }
  web.get('/rising', (request, reply) =>
    sendCached(request, reply, { key: '/rising', make: () => risingPage(clock, deps) }),
  )
  web.get('/code', (request, reply) =>
    sendCached(request, reply, { key: '/code', make: () => codePage(clock, deps), missing: say('code.notRead') }),
  )
}

function sendWrongName(reply: FastifyReply, site: Site, kind: SpanKind) {
  const words = kind === 'week' ? say('week.bad') : say('month.bad')
  return sendErrorPage(reply, site, 404, words)
}

/** The week or month of today. Until it has papers, it is the newest one that has some. */
async function newestSpanPage(kind: SpanKind, clock: Clock, deps: CachedPagesDeps): Promise<Page> {
  const newest = await readNewestDay(deps.ledger.editions, dayIn(deps.timezone, clock()))
  return bestPage(spanOf(kind, newest), `/${kind}`, clock, deps)
}

async function bestPage(
  span: CalendarSpan,
  path: string,
  clock: Clock,
  { ledger, timezone }: CachedPagesDeps,
): Promise<Page> {
  const { editions } = ledger
  const best = await editions.readBestPapers({ from: span.from, to: span.to, limit: BEST_PAPERS_MAX })
  // Only weeks and months with papers are linked. Otherwise a robot could follow the links for ever.
  const { previous } = await editions.readNeighbours(span.from)
  const { next } = await editions.readNeighbours(span.to)
  const title = spanTitle(span)
  return {
    title,
    description: say('best.description', { from: span.from, to: span.to }),
    canonical: best.lists === 0 && path !== `/${span.kind}` ? null : path,
    feed: `/feed.xml?best=${span.kind}`,
    ...(span.kind === 'week' ? { current: 'week' as const } : {}),
    scripts: ['list.js'],
    content: (
      <BestPage
        span={span}
        title={title}
        today={dayIn(timezone, clock())}
        best={best}
        stars={await readPageStars(ledger, best.papers, clock())}
        previous={previous === null ? null : spanOf(span.kind, previous)}
        next={next === null ? null : spanOf(span.kind, next)}
      />
    ),
    ...(await topicsOf(say('best.topics', { span: span.kind }), span, ledger)),
  }
}

/** The column beside a list: what the papers of these days are about. */
async function topicsOf(heading: string, { from, to }: Pick<CalendarSpan, 'from' | 'to'>, ledger: Stores) {
  const { keywords: topics } = await ledger.editions.readTopicCounts({
    from,
    to,
    papersMin: BEST_TOPIC_PAPERS_MIN,
    limit: BEST_TOPICS_MAX,
  })
  return topics.length === 0 ? {} : { context: <TopicSection heading={heading} topics={topics} /> }
}

async function risingPage(clock: Clock, { ledger, timezone }: CachedPagesDeps): Promise<Page> {
  const newest = await readNewestDay(ledger.editions, dayIn(timezone, clock()))
  // Without the newest list: the votes of all its papers are still growing.
  const span = { from: addDays(newest, -RISING_DAYS), to: addDays(newest, -1) }
  const papers = await ledger.editions.readRisingPapers({
    ...span,
    votesMin: RISING_VOTES_MIN,
    timesMin: RISING_TIMES_MIN,
    limit: RISING_PAPERS_MAX,
  })
  return {
    title: say('tab.rising'),
    description: say('rising.description'),
    canonical: '/rising',
    content: <RisingPage papers={papers} stars={await readPageStars(ledger, papers, clock())} />,
    ...(await topicsOf(say('rising.topics', { days: RISING_DAYS }), span, ledger)),
  }
}

/** Returns null if there are no readings. */
async function codePage(clock: Clock, { ledger }: CachedPagesDeps): Promise<Page | null> {
  const now = clock()
  if (!(await ledger.editions.hasStarReadings(now))) return null
  const papers = await ledger.editions.readTrendingCode(now, STARS_LISTED_MAX)
  return {
    title: say('code.title'),
    description: say('code.description'),
    canonical: '/code',
    content: <CodePage papers={papers} />,
  }
}
