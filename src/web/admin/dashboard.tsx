import type { FastifyInstance } from 'fastify'
import { GROWTH_DAYS } from '../../../config/limits-web.ts'
import { type Day, parseDay } from '../../domain/day.ts'
import type { GrowthDay, SendingSpan } from '../../ledger/reports/figures.ts'
import type { SendStatus } from '../../ledger/reports/send-status.ts'
import type { Waiting } from '../../pipeline/alerts/waiting.ts'
import { BarChart, LineChart } from '../layout/chart.tsx'
import type { Site } from '../layout/page.ts'
import type { AdminDeps } from './deps.ts'
import { sendAdminPage } from './layout/admin-page.tsx'
import { grouped } from './layout/figures.ts'
import { operatorOf } from './login/guard.ts'
import { ReturnedMails } from './returned.tsx'
import { SendActions, SendNumbers, SendStateTag, type SendView } from './todays-send.tsx'

const STRETCHES_MAX = 60

/** `/admin`: today's round, or the newest that there is, with its numbers live. */
export function addDashboard(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  admin.get<{ Querystring: { day?: string } }>('/', async (request, reply) => {
    const day = await shownDay(request.query.day, deps)
    const now = site.clock()
    const round = await deps.ledger.reports.readSendStatus(day, now)
    const [waiting, stretches, growth, notUnderstood, blocks] = await Promise.all([
      readTodaysWaiting(deps, day, now),
      round === null ? [] : readDayStretches(deps, round),
      deps.ledger.reports.readGrowth(deps.today(), GROWTH_DAYS),
      deps.ledger.reports.readUnrecognized(now),
      deps.ledger.reports.readProviderBlocks(now),
    ])
    return sendAdminPage(
      request,
      reply,
      { site, deps },
      {
        title: `Round of ${day}`,
        room: 'round',
        scripts: ['admin-live.js'],
        content: (
          <>
            <h1>Round of {day}</h1>
            {round === null ? (
              <p className="message">
                There is no edition of {day} yet. It is made when EDITION_CRON says so, or by{' '}
                <code>paperround publish</code>.
              </p>
            ) : (
              <LiveRound round={round} waiting={waiting} csrf={operatorOf(request).csrf} />
            )}
            <div className="charts">
              {stretches.length === 0 ? null : <SendsChart stretches={stretches} />}
              <GrowthChart growth={growth} />
            </div>
            <ReturnedMails notUnderstood={notUnderstood} blocks={blocks} />
          </>
        ),
      },
    )
  })
}

/** What waits of a day’s digests, and all transactional emails that wait. */
export function readTodaysWaiting({ ledger, sendingRules }: AdminDeps, day: Day, at: Date): Promise<Waiting[]> {
  return ledger.reports.readWaiting({ ...sendingRules, day, at, transactional: true })
}

/** The day that is asked for, else today's edition, else the newest. */
async function shownDay(asked: string | undefined, deps: AdminDeps): Promise<Day> {
  const named = asked === undefined ? null : parseDay(asked)
  if (named !== null) return named
  const today = deps.today()
  if ((await deps.ledger.editions.readEdition(today)) !== null) return today
  return (await deps.ledger.editions.readNewestDay()) ?? today
}

function LiveRound({ round, waiting, csrf }: SendView & { readonly csrf: string }) {
  return (
    <div data-live={`/admin/live?day=${round.day}`}>
      <div data-block="state">
        <SendStateTag round={round} waiting={waiting} />
      </div>
      <div data-block="acts">
        <SendActions round={round} csrf={csrf} />
      </div>
      <p className="soft small">
        {round.dispatchedAt === null && round.state === 'published' ? (
          <a href={`/admin/editions/${round.day}`}>Edit the papers before they go out</a>
        ) : (
          <a href={`/admin/editions/${round.day}`}>The edition’s papers</a>
        )}
      </p>
      <div data-block="numbers">
        <SendNumbers round={round} waiting={waiting} />
      </div>
    </div>
  )
}

async function readDayStretches(deps: AdminDeps, round: SendStatus): Promise<SendingSpan[]> {
  const { firstSettledAt, lastSettledAt } = round
  if (firstSettledAt === null || lastSettledAt === null) return []
  const seconds = (lastSettledAt.getTime() - firstSettledAt.getTime()) / 1_000
  const steps = [1, 5, 15, 60, 300, 900, 1_800, 3_600]
  const step = steps.find((each) => seconds / each < STRETCHES_MAX) ?? 7_200
  return deps.ledger.reports.readSendingSpans(round.day, step)
}

function SendsChart({ stretches }: { readonly stretches: readonly SendingSpan[] }) {
  const taken = stretches.map((stretch) => stretch.taken)
  const failed = stretches.map((stretch) => stretch.failed)
  const total = taken.reduce((sum, count) => sum + count, 0)
  return (
    <BarChart
      id="sends"
      title="Digests over time"
      words={`${grouped(total)} digests were taken by the provider; the busiest stretch had ${grouped(Math.max(...taken))}.`}
      labels={stretches.map((stretch) => stretch.at.toISOString().slice(5, 19).replace('T', ' '))}
      series={[
        { name: 'sent', points: taken },
        { name: 'failed', points: failed },
      ]}
      format={short}
    />
  )
}

function GrowthChart({ growth }: { readonly growth: readonly GrowthDay[] }) {
  const [first, last] = [growth[0]?.total ?? 0, growth.at(-1)?.total ?? 0]
  return (
    <LineChart
      id="growth"
      title={`Readers, ${GROWTH_DAYS} days`}
      words={`From ${grouped(first)} to ${grouped(last)} readers in ${GROWTH_DAYS} days.`}
      labels={growth.map((day) => day.day)}
      series={[{ name: 'readers', points: growth.map((day) => day.total) }]}
      format={short}
    />
  )
}

function short(value: number): string {
  return value >= 10_000 ? `${Math.round(value / 1_000)}k` : String(Math.round(value * 10) / 10)
}
