import type { FastifyInstance, FastifyReply } from 'fastify'
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
import { addDays, type Day, dayIn } from '../../../domain/day.ts'
import type { Stores } from '../../../ledger/stores.ts'
import { sendErrorPage } from '../../layout/errors.tsx'
import type { Page, Site } from '../../layout/page.ts'
import { type CachedPagesDeps, readNewestDay } from '../cached-pages.ts'
import { TopicSection } from '../topics/topic-index-page.tsx'
import { BestPage } from './best-page.tsx'
import { RisingPage } from './rising-page.tsx'
import { spanTitle } from './span-words.ts'

/** `GET /week`, `/week/2026-W48`, `/month`, `/month/2026-11` and `/rising`. */
export function addPeriods(web: FastifyInstance, site: Site, deps: CachedPagesDeps): void {
  const { sendCached } = deps
  const today = () => dayIn(deps.timezone, site.clock())

  for (const kind of ['week', 'month'] as const) {
    web.get(`/${kind}`, (request, reply) =>
      sendCached(request, reply, { key: `/${kind}`, make: () => newestSpanPage(kind, today(), deps) }),
    )
    web.get<{ Params: { name: string } }>(`/${kind}/:name`, async (request, reply) => {
      const span = parseSpan(kind, request.params.name)
      if (span === null) return sendWrongName(reply, site, kind)
      const key = `/${kind}/${span.name}`
      return sendCached(request, reply, { key, make: () => bestPage(span, key, today(), deps) })
    })
  }
  web.get('/rising', (request, reply) =>
    sendCached(request, reply, { key: '/rising', make: () => risingPage(today(), deps) }),
  )
}

function sendWrongName(reply: FastifyReply, site: Site, kind: SpanKind) {
  const words =
    kind === 'week'
      ? 'There is no such week. A week is written as in /week/2026-W48, and a year has 52 or 53.'
      : 'There is no such month. A month is written as in /month/2026-11.'
  return sendErrorPage(reply, site, 404, words)
}

/** The week or month of today. Until it has papers, it is the newest one that has some. */
async function newestSpanPage(kind: SpanKind, today: Day, deps: CachedPagesDeps): Promise<Page> {
  const newest = await readNewestDay(deps.ledger.editions, today)
  return bestPage(spanOf(kind, newest), `/${kind}`, today, deps)
}

async function bestPage(span: CalendarSpan, path: string, today: Day, { ledger }: CachedPagesDeps): Promise<Page> {
  const { editions } = ledger
  const best = await editions.readBestPapers({ from: span.from, to: span.to, limit: BEST_PAPERS_MAX })
  // Only weeks and months with papers are linked. Otherwise a robot could follow the links for ever.
  const { previous } = await editions.readNeighbours(span.from)
  const { next } = await editions.readNeighbours(span.to)
  const title = spanTitle(span)
  return {
    title,
    description: `The research papers with the most votes in the lists from ${span.from} to ${span.to}.`,
    canonical: best.lists === 0 && path !== `/${span.kind}` ? null : path,
    feed: `/feed.xml?best=${span.kind}`,
    ...(span.kind === 'week' ? { current: 'week' as const } : {}),
    scripts: ['list.js'],
    content: (
      <BestPage
        span={span}
        title={title}
        today={today}
        best={best}
        previous={previous === null ? null : spanOf(span.kind, previous)}
        next={next === null ? null : spanOf(span.kind, next)}
      />
    ),
    ...(await topicsOf(`Topics of the ${span.kind}`, span, ledger)),
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

async function risingPage(today: Day, { ledger }: CachedPagesDeps): Promise<Page> {
  const newest = await readNewestDay(ledger.editions, today)
  // Without the newest list: the votes of all its papers are still growing.
  const span = { from: addDays(newest, -RISING_DAYS), to: addDays(newest, -1) }
  const papers = await ledger.editions.readRisingPapers({
    ...span,
    votesMin: RISING_VOTES_MIN,
    timesMin: RISING_TIMES_MIN,
    limit: RISING_PAPERS_MAX,
  })
  return {
    title: 'Rising again',
    description: 'Research papers whose votes grew most after the day on which they were listed.',
    canonical: '/rising',
    content: <RisingPage papers={papers} />,
    ...(await topicsOf(`Topics of the ${RISING_DAYS} days before`, span, ledger)),
  }
}
