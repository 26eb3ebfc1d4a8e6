import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DAY_CACHE_MAX, PAGE_CACHE_MS } from '../../../../config/limits-web.ts'
import { type Day, dayIn, parseDay } from '../../../domain/day.ts'
import type { Edition } from '../../../domain/edition.ts'
import { say } from '../../../language/language.ts'
import type { Stores } from '../../../ledger/stores.ts'
import { createLoadingCache } from '../../../platform/cache.ts'
import type { Clock } from '../../../platform/clock.ts'
import { longDay } from '../../../rendering/digest/view-model.ts'
import { escapeHtml } from '../../../rendering/escape.ts'
import { sendErrorPage } from '../../layout/errors.tsx'
import type { Page, Site } from '../../layout/page.ts'
import type { SendCached } from '../../layout/page-cache.ts'
import { singleLine } from '../../requests/query-string.ts'
import { CardTags } from '../cards/card-tags.tsx'
import { cardText, dayCard } from '../cards/card-words.ts'
import { readPageStars } from '../page-stars.ts'
import type { BannerProps } from './banner.tsx'
import { DayContext } from './day-context.tsx'
import { type DayData, DayPage } from './day-page.tsx'
import {
  type DaySelection,
  facetsOf,
  hasSelection,
  hrefOf,
  isFiltered,
  NO_SELECTION,
  readSelection,
  selectEntries,
} from './selection.ts'

interface DayPagesDeps {
  readonly ledger: Pick<Stores, 'editions'>
  /** IANA time zone of the editions' days. */
  readonly timezone: string
  /** Returns a new token for the sign-up forms. */
  readonly formToken: () => string
  readonly sendCached: SendCached
}

type Query = Readonly<Record<string, unknown>>

/** `/`, `/papers` and `/papers/:date`, each in the order and with the filters of the query string. */
export function addDayPages(web: FastifyInstance, site: Site, deps: DayPagesDeps): void {
  const days = createLoadingCache<DayData>({
    max: DAY_CACHE_MAX,
    expiry: { ms: PAGE_CACHE_MS, clock: site.clock },
  })
  const today = () => dayIn(deps.timezone, site.clock())
  const reading = { ledger: deps.ledger, clock: site.clock }

  const send = async (request: FastifyRequest, reply: FastifyReply, source: DaySource): Promise<FastifyReply> => {
    const { key, read, pageOf } = source
    const query = request.query as Query
    if (!hasSelection(query))
      return deps.sendCached(request, reply, { key, make: async () => pageOf(await days(key, read), NO_SELECTION) })
    // The key names only choices that the day offers, so a day has a bounded number of pages.
    const data = await days(key, read)
    const selection = readSelection(query, data.facets)
    return deps.sendCached(request, reply, {
      key: `${key}${hrefOf(selection)}`,
      make: async () => pageOf(data, selection),
    })
  }

  const front: DaySource = {
    key: '/',
    read: () => readToday(today(), reading),
    pageOf: (data, selection) => frontPage(data, selection, { formToken: deps.formToken(), interests: '' }, site),
  }
  web.get<{ Querystring: Query }>('/', async (request, reply) => {
    const wanted = singleLine(request.query.interests).slice(0, INTERESTS_CHARS_MAX)
    if (wanted === '') return send(request, reply, front)
    // The page is cached once for all interests. Otherwise every new value of the parameter would build the page again.
    return deps.sendCached(request, reply, {
      key: '/?interests=',
      make: async () => {
        const banner = { formToken: deps.formToken(), interests: INTERESTS_SLOT }
        return frontPage(await days(front.key, front.read), NO_SELECTION, banner, site)
      },
      fill: (html) => html.replace(INTERESTS_SLOT, () => escapeHtml(wanted)),
    })
  })
  // The date picker submits here, because a form cannot build a path.
  web.get<{ Querystring: { date?: unknown } }>('/papers', async ({ query }, reply) => {
    const day = parseDay(String(query.date ?? ''))
    return day === null ? reply.redirect('/', 302) : reply.redirect(`/papers/${day}`, 302)
  })
  web.get<{ Params: { date: string }; Querystring: Query }>('/papers/:date', async (request, reply) => {
    const day = parseDay(request.params.date)
    if (day === null) return sendErrorPage(reply, site, 404, say('day.badAddress'))
    return send(request, reply, {
      key: `/papers/${day}`,
      read: () => readDay(day, today(), reading),
      pageOf: (data, selection) => dayPage(data, selection, site),
    })
  })
}

/** The origin of a page of a day. */
interface DaySource {
  readonly key: string
  readonly read: () => Promise<DayData>
  readonly pageOf: (data: DayData, selection: DaySelection) => Page
}

const INTERESTS_CHARS_MAX = 500
// Source texts contain no private-use characters: the sources remove them.
const INTERESTS_SLOT = '\ue002'

interface DayReading extends Pick<DayPagesDeps, 'ledger'> {
  readonly clock: Clock
}

async function readDay(day: Day, today: Day, deps: DayReading): Promise<DayData> {
  return withNeighbours({ day, today, edition: await deps.ledger.editions.readEdition(day), missing: null }, deps)
}

/** Reads the newest earlier day, under its own date, until today's papers are published or if there are none. */
async function readToday(today: Day, deps: DayReading): Promise<DayData> {
  const { editions } = deps.ledger
  const own = await editions.readEdition(today)
  const day = own?.state === 'published' ? today : ((await editions.readDayUpTo(today)) ?? today)
  if (day === today) return withNeighbours({ day, today, edition: own, missing: null }, deps)
  const missing = whyMissing(own?.state ?? null, own?.reason ?? null)
  return withNeighbours({ day, today, edition: await editions.readEdition(day), missing }, deps)
}

async function withNeighbours(
  read: Pick<DayData, 'day' | 'today' | 'edition' | 'missing'>,
  { ledger, clock }: DayReading,
): Promise<DayData> {
  const entries = read.edition?.entries ?? []
  const { growths } = await readPageStars(ledger, entries, clock())
  return { ...read, ...(await ledger.editions.readNeighbours(read.day)), facets: facetsOf(entries), growths }
}

/** Explains why the page of today shows an earlier day. */
function whyMissing(state: Edition['state'] | null, reason: string | null): string {
  if (state === 'failed') return say('front.failed')
  if (state === 'empty') return reason === 'weekend' ? say('front.weekend') : say('front.holiday')
  return say('front.notReady')
}

function frontPage(data: DayData, selection: DaySelection, banner: BannerProps, site: Site): Page {
  const { day, edition } = data
  const first = edition?.entries[0]?.paper.title
  return {
    ...contentOf(data, selection, banner),
    ...pictureOf(edition, site),
    title: site.brand.name,
    description:
      first === undefined
        ? say('front.description')
        : say('front.descriptionOfDay', { day: longDay(day), title: first, count: (edition?.entries.length ?? 1) - 1 }),
    canonical: isFiltered(selection) || selection.order !== 'trending' ? null : '/',
    current: 'today',
    scripts: ['subscribe.js', 'list.js'],
  }
}

function dayPage(data: DayData, selection: DaySelection, site: Site): Page {
  const words = longDay(data.day)
  return {
    ...contentOf(data, selection, null),
    ...pictureOf(data.edition, site),
    title: say('day.pageTitle', { day: words }),
    description: say('day.description', { day: words }),
    canonical: isFiltered(selection) || selection.order !== 'trending' ? null : `/papers/${data.day}`,
    scripts: ['list.js'],
  }
}

function contentOf(data: DayData, selection: DaySelection, banner: BannerProps | null) {
  const shown = selectEntries(data.edition?.entries ?? [], selection)
  return {
    content: <DayPage {...data} selection={selection} shown={shown} banner={banner} />,
    context: <DayContext {...data} selection={selection} shown={shown} />,
  }
}

/** Returns the tags of the picture of a day that has papers. */
function pictureOf(edition: Edition | null, { links }: Site): Pick<Page, 'head'> {
  if (edition === null || edition.entries.length === 0) return {}
  return { head: <CardTags page={links.edition(edition.day)} alt={cardText(dayCard(edition))} /> }
}
