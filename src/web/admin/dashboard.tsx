import type { FastifyInstance } from 'fastify'
import { GROWTH_DAYS } from '../../../config/limits-web.ts'
import { type Day, parseDay } from '../../domain/day.ts'
import type { GrowthDay, SendingSpan } from '../../ledger/reports/figures.ts'
import type { SendStatus } from '../../ledger/reports/send-status.ts'
import { BarChart, LineChart } from '../layout/chart.tsx'
import type { Site } from '../layout/page.ts'
import type { AdminDeps } from './deps.ts'
import { sendAdminPage } from './layout/admin-page.tsx'
import { grouped } from './layout/figures.ts'
import { operatorOf } from './login/guard.ts'
import { ReturnedMails } from './returned.tsx'
import { SendActions, SendNumbers, SendStateTag, type SendView } from './todays-send.tsx'

const SPANS_MAX = 60

/** Adds `/admin`: the send of today or of the newest edition, with live numbers. */
export function addDashboard(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  admin.get<{ Querystring: { day?: string } }>('/', async (request, reply) => {
    const day = await shownDay(request.query.day, deps)
    const now = site.clock()
    const { state, status, waiting } = await deps.ledger.reports.readSend({ ...deps.sendingRules, day, at: now })
    const [spans, growth, unrecognized, blocks] = await Promise.all([
      status === null ? [] : readDaySpans(deps, status),
      deps.ledger.reports.readGrowth(deps.today(), GROWTH_DAYS),
      deps.ledger.reports.readUnrecognized(now),
      deps.ledger.reports.readProviderBlocks(now),
    ])
    return sendAdminPage(
      request,
      reply,
      { site, deps },
      {
        title: `Send of ${day}`,
        section: 'today',
        scripts: ['admin-live.js'],
        content: (
          <>
            <h1>Send of {day}</h1>
            {status === null ? (
              <SendStateTag state={state} at={now} />
            ) : (
              <LiveStatus state={state} status={status} waiting={waiting} csrf={operatorOf(request).csrf} />
            )}
            <div className="charts">
              {spans.length === 0 ? null : <SendsChart spans={spans} />}
              <GrowthChart growth={growth} />
            </div>
            <ReturnedMails unrecognized={unrecognized} blocks={blocks} />
          </>
        ),
      },
    )
  })
}

/** Returns the requested day, or the day whose state matters now. */
async function shownDay(requested: string | undefined, deps: AdminDeps): Promise<Day> {
  const named = requested === undefined ? null : parseDay(requested)
  if (named !== null) return named
  return deps.ledger.editions.readCurrentDay(deps.today())
}

function LiveStatus({ state, status, waiting, csrf }: SendView & { readonly csrf: string }) {
  return (
    <div data-live={`/admin/live?day=${status.day}`}>
      <div data-block="state">
        <SendStateTag state={state} at={status.at} />
      </div>
      <div data-block="actions">
        <SendActions status={status} csrf={csrf} />
      </div>
      <p className="soft small">
        {status.dispatchedAt === null && status.state === 'published' ? (
          <a href={`/admin/editions/${status.day}`}>Edit papers before sending</a>
        ) : (
          <a href={`/admin/editions/${status.day}`}>View papers</a>
        )}
      </p>
      <div data-block="numbers">
        <SendNumbers status={status} waiting={waiting} />
      </div>
    </div>
  )
}

async function readDaySpans(deps: AdminDeps, status: SendStatus): Promise<SendingSpan[]> {
  const { firstSettledAt, lastSettledAt } = status
  if (firstSettledAt === null || lastSettledAt === null) return []
  const seconds = (lastSettledAt.getTime() - firstSettledAt.getTime()) / 1_000
  const steps = [1, 5, 15, 60, 300, 900, 1_800, 3_600]
  const step = steps.find((each) => seconds / each < SPANS_MAX) ?? 7_200
  return deps.ledger.reports.readSendingSpans(status.day, step)
}

function SendsChart({ spans }: { readonly spans: readonly SendingSpan[] }) {
  const accepted = spans.map((span) => span.taken)
  const failed = spans.map((span) => span.failed)
  const total = accepted.reduce((sum, count) => sum + count, 0)
  return (
    <BarChart
      id="sends"
      title="Digests over time"
      words={`The provider accepted ${grouped(total)} digests, at most ${grouped(Math.max(...accepted))} in one interval.`}
      labels={spans.map((span) => span.at.toISOString().slice(5, 19).replace('T', ' '))}
      series={[
        { name: 'sent', points: accepted },
        { name: 'failed', points: failed },
      ]}
      format={formatShort}
    />
  )
}

function GrowthChart({ growth }: { readonly growth: readonly GrowthDay[] }) {
  const [first, last] = [growth[0]?.total ?? 0, growth.at(-1)?.total ?? 0]
  return (
    <LineChart
      id="growth"
      title={`Subscribers, last ${GROWTH_DAYS} days`}
      words={`From ${grouped(first)} to ${grouped(last)} subscribers in ${GROWTH_DAYS} days.`}
      labels={growth.map((day) => day.day)}
      series={[{ name: 'subscribers', points: growth.map((day) => day.total) }]}
      format={formatShort}
    />
  )
}

function formatShort(value: number): string {
  return value >= 10_000 ? `${Math.round(value / 1_000)}k` : String(Math.round(value * 10) / 10)
}
