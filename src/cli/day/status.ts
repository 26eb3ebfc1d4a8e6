import { sendingRulesOf } from '../../../workers/app/sending-rules.ts'
import type { Day } from '../../domain/day.ts'
import { acceptedOf } from '../../domain/delivery.ts'
import { allowanceOn, dayOfWarmUp, type WarmUp } from '../../domain/schedule/warmup.ts'
import type { DayStatus } from '../../ledger/reports/status.ts'
import { QUEUE_NAMES, type QueueDepth } from '../../queue/queues.ts'
import { papersCounted } from '../../rendering/digest/text.ts'
import { type CommandContext, dayOption, withApp } from '../context.ts'
import { describeReturned } from '../output/returned-words.ts'
import { describeAwaited, describeReports } from '../output/source-words.ts'
import { describeStars } from '../output/star-words.ts'
import { describeFeedback, describeStatus, describeWarmUp } from '../output/words.ts'

/** `status`: shows the sending of a day, by default of the newest edition. The format of `--json` is stable. */
export async function showStatus(options: { date?: string; json?: boolean }, context: CommandContext): Promise<number> {
  const asked = dayOption(options.date, context.config(), context.clock)
  return withApp(context, async (app) => {
    const { terminal } = context
    const { ledger } = app
    const now = app.clock()
    const day = (options.date === undefined ? await ledger.editions.readNewestDay() : null) ?? asked
    const edition = await ledger.editions.readEdition(day)
    const [awaited = null] = await ledger.editions.readAwaited(asked, asked)
    const status = await ledger.reports.readDayStatus(day, now)
    const waiting = await ledger.reports.readWaiting({ ...sendingRulesOf(app), day, at: now, transactional: true })
    const feedback = await ledger.reports.readDayFeedback(day)
    const returned = {
      notUnderstood: await ledger.reports.readUnrecognized(now),
      blocks: await ledger.reports.readProviderBlocks(now),
    }
    const stars = await ledger.editions.readStarsState()
    const queues: Record<string, QueueDepth> = {}
    for (const name of QUEUE_NAMES) queues[name] = await app.queues.depth(name)
    const workers = await ledger.dispatches.countWorkers(new Date(now.getTime() - 10_000))
    if (options.json === true) {
      const { entries, ...head } = edition ?? { entries: [] }
      terminal.out(
        JSON.stringify(
          {
            day,
            awaited,
            edition: edition === null ? null : { ...head, papers: entries.length },
            ...status,
            waiting,
            warmUp: warmUpOf(day, app.config.mail.warmUp),
            perSecond: perSecond(status),
            feedback,
            returned,
            stars,
            queues,
            workers,
          },
          null,
          2,
        ),
      )
      return 0
    }
    if (awaited !== null) terminal.out(describeAwaited(awaited, now))
    terminal.out(
      edition === null
        ? `There is no edition of ${day}.`
        : `${day}: ${edition.state}, ${papersCounted(edition.entries.length)}${edition.reason === null ? '' : ` (${edition.reason})`}, sending ${edition.sending}`,
    )
    for (const line of describeReports(edition?.reports ?? [])) terminal.out(line)
    for (const line of describeStatus(day, status, waiting, now)) terminal.out(line)
    for (const line of describeWarmUp(day, app.config.mail.warmUp)) terminal.out(line)
    terminal.out(describeFeedback(feedback))
    for (const line of describeReturned(returned)) terminal.out(line)
    if (app.config.github.token !== null) for (const line of describeStars(stars, true)) terminal.out(line)
    const rate = perSecond(status)
    if (rate !== null) terminal.out(`Throughput: ${rate} digests/s`)
    if (status.oldestUnsettledAt !== null)
      terminal.out(`Oldest unsettled: ${Math.round((now.getTime() - status.oldestUnsettledAt.getTime()) / 1000)} s`)
    terminal.out(
      `Queues: ${QUEUE_NAMES.map((name) => `${name} ${queues[name]?.waiting ?? 0} waiting, ${queues[name]?.active ?? 0} active, ${queues[name]?.delayed ?? 0} delayed`).join(' · ')}`,
    )
    terminal.out(`Workers: ${workers}`)
    return 0
  })
}

function warmUpOf(day: Day, warmUp: WarmUp | null): { day: number; allowance: number } | null {
  const allowance = warmUp === null ? null : allowanceOn(day, warmUp)
  return warmUp === null || allowance === null ? null : { day: dayOfWarmUp(day, warmUp), allowance }
}

function perSecond({ counts, firstSentAt, lastSentAt }: DayStatus): number | null {
  if (firstSentAt === null || lastSentAt === null || lastSentAt <= firstSentAt) return null
  return Math.round((acceptedOf(counts) / ((lastSentAt.getTime() - firstSentAt.getTime()) / 1000)) * 10) / 10
}
