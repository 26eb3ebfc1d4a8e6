import type { App } from '../../../workers/app/app.ts'
import { sendingRulesOf } from '../../../workers/app/sending-rules.ts'
import type { Day } from '../../domain/day.ts'
import { acceptedOf } from '../../domain/delivery.ts'
import { allowanceOn, dayOfWarmUp, type WarmUp } from '../../domain/schedule/warmup.ts'
import type { DayStatus } from '../../ledger/reports/status.ts'
import { describeState } from '../../pipeline/state/state-words.ts'
import { QUEUE_NAMES, type QueueDepth } from '../../queue/queues.ts'
import { type CommandContext, dayOption, withApp } from '../context.ts'
import { describeReturned } from '../output/returned-words.ts'
import { describeReports } from '../output/source-words.ts'
import { describeStars } from '../output/star-words.ts'
import { describeFeedback, describeStatus, describeWarmUp } from '../output/words.ts'

/** `status`: shows the sending of a day, by default of the newest edition. The format of `--json` is stable. */
export async function showStatus(options: { date?: string; json?: boolean }, context: CommandContext): Promise<number> {
  const asked = dayOption(options.date, context.config(), context.clock)
  return withApp(context, async (app) => {
    const found = await readStatus(app, asked, options.date !== undefined)
    if (options.json === true) context.terminal.out(JSON.stringify(jsonOf(found, app), null, 2))
    else for (const line of linesOf(found, app)) context.terminal.out(line)
    return 0
  })
}

type Found = Awaited<ReturnType<typeof readStatus>>

/** Reads the figures of a day, and the state of today's edition if no day was named. */
export async function readStatus(app: App, asked: Day, isNamed: boolean) {
  const { ledger } = app
  const now = app.clock()
  const day = (isNamed ? null : await ledger.editions.readNewestDay()) ?? asked
  const current = isNamed ? day : await ledger.editions.readCurrentDay(asked)
  const [awaited = null] = await ledger.editions.readAwaited(asked, asked)
  const sendOf = (of: Day) => ledger.reports.readSend({ ...sendingRulesOf(app), day: of, at: now })
  const send = await sendOf(day)
  const queues: Record<string, QueueDepth> = {}
  for (const name of QUEUE_NAMES) queues[name] = await app.queues.depth(name)
  return {
    now,
    day,
    state: current === day ? send.state : (await sendOf(current)).state,
    stateOfDay: send.state,
    awaited,
    edition: await ledger.editions.readEdition(day),
    status: await ledger.reports.readDayStatus(day, now),
    waiting: send.waiting,
    feedback: await ledger.reports.readDayFeedback(day),
    returned: {
      notUnderstood: await ledger.reports.readUnrecognized(now),
      blocks: await ledger.reports.readProviderBlocks(now),
    },
    stars: await ledger.editions.readStarsState(),
    queues,
    workers: await ledger.dispatches.countWorkers(new Date(now.getTime() - 10_000)),
  }
}

/** Returns what `--json` prints. */
export function jsonOf({ edition, status, now: _now, stateOfDay: _state, ...found }: Found, { config }: App) {
  const { entries, ...head } = edition ?? { entries: [] }
  const { day, state, awaited, waiting, feedback, returned, stars, queues, workers } = found
  return {
    day,
    state,
    awaited,
    edition: edition === null ? null : { ...head, papers: entries.length },
    ...status,
    waiting,
    warmUp: warmUpOf(day, config.mail.warmUp),
    perSecond: perSecond(status),
    feedback,
    returned,
    stars,
    queues,
    workers,
  }
}

/** Returns the lines for people. */
export function linesOf(found: Found, { config }: App): string[] {
  const { now, day, edition, status, queues } = found
  const rate = perSecond(status)
  const oldest = status.oldestUnsettledAt
  const depths = QUEUE_NAMES.map((name) => {
    const { waiting = 0, active = 0, delayed = 0 } = queues[name] ?? {}
    return `${name} ${waiting} waiting, ${active} active, ${delayed} delayed`
  })
  return [
    ...(found.state.day === day ? [] : [describeState(found.state, now)]),
    describeState(found.stateOfDay, now),
    ...(edition?.state === 'published' ? [`Papers: ${edition.entries.length}`] : []),
    ...describeReports(edition?.reports ?? []),
    ...describeStatus(day, status, found.waiting, now),
    ...describeWarmUp(day, config.mail.warmUp),
    describeFeedback(found.feedback),
    ...describeReturned(found.returned),
    ...(config.github.token === null ? [] : describeStars(found.stars, true)),
    ...(rate === null ? [] : [`Throughput: ${rate} digests/s`]),
    ...(oldest === null ? [] : [`Oldest unsettled: ${Math.round((now.getTime() - oldest.getTime()) / 1000)} s`]),
    `Queues: ${depths.join(' · ')}`,
    `Workers: ${found.workers}`,
  ]
}

function warmUpOf(day: Day, warmUp: WarmUp | null): { day: number; allowance: number } | null {
  const allowance = warmUp === null ? null : allowanceOn(day, warmUp)
  return warmUp === null || allowance === null ? null : { day: dayOfWarmUp(day, warmUp), allowance }
}

function perSecond({ counts, firstSentAt, lastSentAt }: DayStatus): number | null {
  if (firstSentAt === null || lastSentAt === null || lastSentAt <= firstSentAt) return null
  return Math.round((acceptedOf(counts) / ((lastSentAt.getTime() - firstSentAt.getTime()) / 1000)) * 10) / 10
}
