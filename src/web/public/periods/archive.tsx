import type { FastifyInstance } from 'fastify'
import { parseMonth, spanOf } from '../../../domain/calendar-span.ts'
import { addDays, type Day, dayIn, parseDay } from '../../../domain/day.ts'
import { type Month, monthOf } from '../../../domain/month.ts'
import { say } from '../../../language/language.ts'
import { sendErrorPage } from '../../layout/errors.tsx'
import type { Page, Site } from '../../layout/page.ts'
import type { CachedPagesDeps } from '../cached-pages.ts'
import { ArchivePage, Years } from './archive-page.tsx'
import { monthWords } from './span-words.ts'

/** `GET /archive`: the newest month as a calendar, and `/archive/2026-11`. */
export function addArchive(web: FastifyInstance, site: Site, deps: CachedPagesDeps): void {
  const { sendCached } = deps
  const today = () => dayIn(deps.timezone, site.clock())

  web.get<{ Querystring: { before?: unknown } }>('/archive', async (request, reply) => {
    // Old links to the days before a day.
    const before = parseDay(String(request.query.before ?? ''))
    if (before !== null) return reply.redirect(`/archive/${monthOf(addDays(before, -1))}`, 301)
    return sendCached(request, reply, { key: '/archive', make: () => archivePage(null, today(), deps) })
  })
  web.get<{ Params: { month: string } }>('/archive/:month', async (request, reply) => {
    const month = parseMonth(request.params.month)
    if (month === null) return sendErrorPage(reply, site, 404, say('archive.badMonth'))
    return sendCached(request, reply, { key: `/archive/${month}`, make: () => archivePage(month, today(), deps) })
  })
}

/** @param asked null for the newest month with papers. */
async function archivePage(asked: Month | null, today: Day, { ledger }: CachedPagesDeps): Promise<Page> {
  const months = await ledger.editions.readMonthsWithPapers()
  const month = asked ?? months.at(-1) ?? monthOf(today)
  const { from, to } = spanOf('month', `${month}-01` as Day)
  const counts = await ledger.editions.readDayCounts(from, to)
  return {
    title: asked === null ? say('nav.archive') : say('archive.title', { month: monthWords(month) }),
    description: say('archive.description', { month: monthWords(month) }),
    canonical: asked === null ? '/archive' : counts.size === 0 ? null : `/archive/${month}`,
    current: 'archive',
    content: <ArchivePage month={month} months={months} counts={counts} today={today} />,
    ...(months.length === 0 ? {} : { context: <Years month={month} months={months} /> }),
  }
}
