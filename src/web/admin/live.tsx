import { PassThrough } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { ReactElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { LIVE_EVERY_MS, LIVE_VIEWERS_MAX } from '../../../config/limits-web.ts'
import { type Day, parseDay } from '../../domain/day.ts'
import type { Role } from '../../domain/operator.ts'
import { sendErrorPage } from '../layout/errors.tsx'
import type { Site } from '../layout/page.ts'
import { basePathOf, putBase } from '../requests/mount.ts'
import type { AdminDeps } from './deps.ts'
import { operatorOf } from './login/guard.ts'
import { withoutForbidden } from './login/permitted-forms.ts'
import { SendActions, SendNumbers, SendStateTag, type SendView } from './todays-send.tsx'

interface Viewer {
  readonly day: Day
  readonly sessionId: string
  readonly csrf: string
  readonly role: Role
  readonly stream: PassThrough
}

/**
 * Adds `/admin/live`: server-sent events with the rendered blocks of the dashboard. Each tick reads a day once for all
 * viewers, and ends the streams of sessions that were logged out.
 */
export function addLive(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  const viewers = new Set<Viewer>()
  let timer: NodeJS.Timeout | null = null
  const schedule = () => {
    timer = viewers.size === 0 ? null : setTimeout(tick, LIVE_EVERY_MS)
  }
  const tick = () => {
    updateAll(viewers, site, deps)
      .catch((error: Error) => deps.log.warn({ reason: error.message }, 'cannot read the live numbers'))
      .finally(schedule)
  }
  admin.get<{ Querystring: { day?: string } }>('/live', async (request, reply) => {
    const day = parseDay(request.query.day ?? '')
    if (day === null) return sendErrorPage(reply, site, 400, 'The day is missing or invalid.')
    if (viewers.size >= LIVE_VIEWERS_MAX)
      return sendErrorPage(reply, site, 503, 'Too many live views are open. Reload the page instead.')
    const { id, csrf, role } = operatorOf(request)
    const viewer = { day, sessionId: id, csrf, role, stream: new PassThrough() }
    viewers.add(viewer)
    viewer.stream.on('close', () => viewers.delete(viewer))
    viewer.stream.write('retry: 2000\n\n')
    if (timer === null) {
      timer = setTimeout(tick, 0)
    }
    // Turns off response buffering in nginx, which would hold events back.
    return reply.header('x-accel-buffering', 'no').type('text/event-stream').send(viewer.stream)
  })
  admin.addHook('preClose', async () => {
    if (timer !== null) clearTimeout(timer)
    for (const viewer of viewers) viewer.stream.end()
    viewers.clear()
  })
}

async function updateAll(viewers: ReadonlySet<Viewer>, site: Site, deps: AdminDeps): Promise<void> {
  const at = site.clock()
  const base = basePathOf(site.brand.publicUrl)
  const days = [...new Set([...viewers].map((viewer) => viewer.day))]
  const statuses = new Map<Day, SendView | null>()
  for (const day of days) statuses.set(day, await readView(deps, day, at))
  for (const viewer of viewers) {
    const view = statuses.get(viewer.day)
    if (!(await deps.ledger.operators.isSessionOpen(viewer.sessionId, at)))
      viewer.stream.end('event: over\ndata: {}\n\n')
    // Skips viewers that do not read fast enough.
    else if (view !== null && view !== undefined && !viewer.stream.writableNeedDrain)
      viewer.stream.write(eventOf(view, viewer, base))
  }
}

async function readView(deps: AdminDeps, day: Day, at: Date): Promise<SendView | null> {
  const { status, ...send } = await deps.ledger.reports.readSend({ ...deps.sendingRules, day, at })
  return status === null ? null : { ...send, status }
}

function eventOf({ state, status, waiting }: SendView, { csrf, role }: Viewer, base: string): string {
  const rendered = (block: ReactElement) => putBase(base, withoutForbidden(renderToStaticMarkup(block), role))
  const blocks = {
    state: rendered(<SendStateTag state={state} at={status.at} />),
    actions: rendered(<SendActions status={status} csrf={csrf} />),
    numbers: rendered(<SendNumbers status={status} waiting={waiting} />),
  }
  return `data: ${JSON.stringify(blocks)}\n\n`
}
