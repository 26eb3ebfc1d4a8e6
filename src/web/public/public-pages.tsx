import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  ARCHIVE_PAGE_DAYS,
  PAGE_CACHE_MAX,
  PAGE_CACHE_MS,
  SEARCHES_PER_NETWORK_MINUTE,
} from '../../../config/limits-web.ts'
import { addDays, type Day, dayIn, parseDay } from '../../domain/day.ts'
import type { Stores } from '../../ledger/stores.ts'
import { createLoadingCache } from '../../platform/cache.ts'
import { longDay } from '../../rendering/digest/view-model.ts'
import { escapeHtml } from '../../rendering/escape.ts'
import { networkOf } from '../../security/client-ip.ts'
import { sendErrorPage } from '../layout/errors.tsx'
import type { Page, Site } from '../layout/page.ts'
import { renderPage, sendRendered } from '../layout/site.ts'
import { singleLine } from '../requests/query-string.ts'
import { ArchivePage } from './archive-page.tsx'
import { addFeed } from './feed.ts'
import { addPaper } from './paper/paper.tsx'
import { addRobots } from './robots.ts'
import { addScorecard } from './scorecard/scorecard.tsx'
import { createQueryLimiter } from './search/query-limiter.ts'
import { addSearch } from './search/search.tsx'
import { DayPage } from './today-page.tsx'

/** Dependencies of the public pages. */
export interface PublicPagesDeps {
  readonly ledger: Stores
  /** IANA time zone of the editions' days. */
  readonly timezone: string
  /** Returns a new token for the form of the banner. */
  readonly formToken: () => string
}

/** `/`, `/papers/:date`, `/archive`, `/paper/:id`, `/search`, `/feed.xml`, `/scorecard`, `/robots.txt`, `/sitemap.xml`. */
export function addPublicPages(web: FastifyInstance, site: Site, deps: PublicPagesDeps): void {
  addDayPages(web, site, deps)
  addPaper(web, site, deps)
  web.register(async (scope) => {
    // Search is expensive and uncacheable, so it is rate-limited.
    await scope.register(rateLimit, {
      max: SEARCHES_PER_NETWORK_MINUTE,
      timeWindow: 60_000,
      keyGenerator: ({ ip }) => networkOf(ip),
    })
    const limiter = createQueryLimiter(site)
    addSearch(scope, site, { ...deps, limiter })
    addFeed(scope, site, { ...deps, limiter })
  })
  addScorecard(web, site, deps)
  addRobots(web, site, deps)
}

function addDayPages(web: FastifyInstance, site: Site, deps: PublicPagesDeps): void {
  const pages = createLoadingCache<string>({ max: PAGE_CACHE_MAX, expiry: { ms: PAGE_CACHE_MS, clock: site.clock } })
  const today = () => dayIn(deps.timezone, site.clock())
  const send = (request: FastifyRequest, reply: FastifyReply, key: string, page: () => Promise<Page>) =>
    pages(key, async () => renderPage(site, await page())).then((html) => sendRendered(request, reply, html))

  web.get<{ Querystring: { interests?: unknown } }>('/', async (request, reply) => {
    const wanted = singleLine(request.query.interests).slice(0, INTERESTS_CHARS_MAX)
    if (wanted === '') return send(request, reply, 'today', () => todayPage(today(), '', site, deps))
    // The page is cached once for all interests. Otherwise every new value of the parameter would build the page again.
    const html = await pages('today with interests', async () =>
      renderPage(site, await todayPage(today(), INTERESTS_SLOT, site, deps)),
    )
    return sendRendered(
      request,
      reply,
      html.replace(INTERESTS_SLOT, () => escapeHtml(wanted)),
    )
  })
  // The date picker submits here, because a form cannot build a path.
  web.get<{ Querystring: { date?: unknown } }>('/papers', async ({ query }, reply) => {
    const day = parseDay(String(query.date ?? ''))
    return day === null ? reply.redirect('/', 302) : reply.redirect(`/papers/${day}`, 302)
  })
  web.get<{ Params: { date: string } }>('/papers/:date', async (request, reply) => {
    const day = parseDay(request.params.date)
    if (day === null) return sendErrorPage(reply, site, 404, 'A day is written as in /papers/2026-11-24.')
    return send(request, reply, `day ${day}`, () => dayPage(day, today(), deps))
  })
  web.get<{ Querystring: { before?: unknown } }>('/archive', async (request, reply) => {
    const before = parseDay(String(request.query.before ?? '')) ?? addDays(today(), 1)
    return send(request, reply, `archive ${before}`, () => archivePage(before, deps))
  })
}

const INTERESTS_CHARS_MAX = 500
// Source texts contain no private-use characters: the sources remove them.
const INTERESTS_SLOT = '\ue002'

async function todayPage(today: Day, interests: string, site: Site, deps: PublicPagesDeps): Promise<Page> {
  const { ledger } = deps
  const own = await ledger.editions.readEdition(today)
  // Shows the newest earlier day, under its own date, until today's papers are published or if there are none.
  const day = own?.state === 'published' ? today : ((await ledger.editions.readDayUpTo(today)) ?? today)
  const edition = day === today ? own : await ledger.editions.readEdition(day)
  const first = edition?.entries[0]?.paper.title
  return {
    title: site.brand.name,
    description:
      first === undefined
        ? 'The day’s trending research papers, by email and on the web.'
        : `The trending research papers of ${longDay(day)}: ${first} and ${(edition?.entries.length ?? 1) - 1} more.`,
    canonical: '/',
    current: 'today',
    scripts: ['subscribe.js'],
    content: (
      <DayPage
        day={day}
        today={today}
        edition={edition}
        {...(await ledger.editions.readNeighbours(day))}
        missing={day === today ? null : whyMissing(own?.state ?? null, own?.reason ?? null)}
        banner={{ formToken: deps.formToken(), interests }}
      />
    ),
  }
}

/** Explains why the page of today shows an earlier day. */
function whyMissing(state: 'published' | 'empty' | 'failed' | null, reason: string | null): string {
  if (state === 'failed') return 'Today’s sources have not answered yet. We keep trying. These are the newest papers.'
  if (state === 'empty')
    return reason === 'weekend'
      ? 'No list is published on weekends. These are the newest papers.'
      : 'Today’s list is empty, as is usual on holidays. These are the newest papers.'
  return 'Today’s list is not ready yet. These are the newest papers.'
}

async function dayPage(day: Day, today: Day, { ledger }: PublicPagesDeps): Promise<Page> {
  const edition = await ledger.editions.readEdition(day)
  const neighbours = await ledger.editions.readNeighbours(day)
  return {
    title: `Papers of ${longDay(day)}`,
    description: `Research papers that trended on ${longDay(day)}, with abstracts, votes, code and links.`,
    canonical: `/papers/${day}`,
    content: <DayPage day={day} today={today} edition={edition} {...neighbours} missing={null} banner={null} />,
  }
}

async function archivePage(before: Day, { ledger }: PublicPagesDeps): Promise<Page> {
  const days = await ledger.editions.readArchiveDays(before, ARCHIVE_PAGE_DAYS)
  const last = days.at(-1)?.day
  return {
    title: 'All days',
    description: 'All days with papers in the archive.',
    canonical: '/archive',
    content: <ArchivePage days={days} older={days.length === ARCHIVE_PAGE_DAYS && last ? last : null} />,
  }
}
