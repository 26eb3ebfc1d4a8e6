import { PassThrough } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { ReactElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { LIVE_EVERY_MS, LIVE_VIEWERS_MAX } from '../../../config/limits-web.ts'
import { type Day, parseDay } from '../../domain/day.ts'
import { sendErrorPage } from '../layout/errors.tsx'
import type { Site } from '../layout/page.ts'

import { basePathOf, putBase } from '../requests/mount.ts'
import { readTodaysWaiting } from './dashboard.tsx'
import type { AdminDeps } from './deps.ts'
import { operatorOf } from './login/guard.ts'
import { SendActions, SendNumbers, SendStateTag, type SendView } from './todays-send.tsx'

interface Viewer {
  readonly day: Day
  readonly sessionId: string
  readonly csrf: string
  readonly stream: PassThrough
}

/**
 * `/admin/live`: server-sent events with the blocks of the dashboard as the server renders them. However many look
 * on, a day is read once a tick; who was logged out meanwhile is left at the next.
 */
export function addLive(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  const viewers = new Set<Viewer>()
  let timer: NodeJS.Timeout | null = null
  const schedule = () => {
    timer = viewers.size === 0 ? null : setTimeout(tick, LIVE_EVERY_MS)
  }
  const tick = () => {
    showAll(viewers, site, deps)
      .catch((error: Error) => deps.log.warn({ reason: error.message }, 'the live numbers could not be read'))
      .finally(schedule)
  }
  admin.get<{ Querystring: { day?: string } }>('/live', async (request, reply) => {
    const day = parseDay(request.query.day ?? '')
    if (day === null) return sendErrorPage(reply, site, 400, 'Which day?')
    if (viewers.size >= LIVE_VIEWERS_MAX)
      return sendErrorPage(reply, site, 503, 'Too many are looking on. Reload the page instead.')
    const { id, csrf } = operatorOf(request)
    const viewer = { day, sessionId: id, csrf, stream: new PassThrough() }
    viewers.add(viewer)
    viewer.stream.on('close', () => viewers.delete(viewer))
    viewer.stream.write('retry: 2000\n\n')
    if (timer === null) {
      timer = setTimeout(tick, 0)
    }
    // A proxy that collects an answer before it passes it on would show nothing (nginx: X-Accel-Buffering).
    return reply.header('x-accel-buffering', 'no').type('text/event-stream').send(viewer.stream)
  })
  admin.addHook('preClose', async () => {
    if (timer !== null) clearTimeout(timer)
    for (const viewer of viewers) viewer.stream.end()
    viewers.clear()
  })
}

async function showAll(viewers: ReadonlySet<Viewer>, site: Site, deps: AdminDeps): Promise<void> {
  const at = site.clock()
  const base = basePathOf(site.brand.publicUrl)
  const days = [...new Set([...viewers].map((viewer) => viewer.day))]
  const rounds = new Map<Day, SendView | null>()
  for (const day of days) rounds.set(day, await readView(deps, day, at))
  for (const viewer of viewers) {
    const view = rounds.get(viewer.day)
    if (!(await deps.ledger.operators.isSessionOpen(viewer.sessionId, at)))
      viewer.stream.end('event: over\ndata: {}\n\n')
    // Whoever does not read gets no more until they do.
    else if (view !== null && view !== undefined && !viewer.stream.writableNeedDrain)
      viewer.stream.write(eventOf(view, viewer.csrf, base))
  }
}

async function readView(deps: AdminDeps, day: Day, at: Date): Promise<SendView | null> {
  const round = await deps.ledger.reports.readSendStatus(day, at)
  return round === null ? null : { round, waiting: await readTodaysWaiting(deps, day, at) }
}

function eventOf({ round, waiting }: SendView, csrf: string, base: string): string {
  const rendered = (block: ReactElement) => putBase(base, renderToStaticMarkup(block))
  const blocks = {
    state: rendered(<SendStateTag round={round} waiting={waiting} />),
    acts: rendered(<SendActions round={round} csrf={csrf} />),
    numbers: rendered(<SendNumbers round={round} waiting={waiting} />),
  }
  return `data: ${JSON.stringify(blocks)}\n\n`
}
