import { SPAM_CHECK_MS_MAX } from '../../../config/limits-web.ts'
import type { App } from '../../../workers/app/app.ts'
import { openLook } from '../../../workers/app/look/open-look.ts'
import { commandLine } from '../../domain/actor.ts'
import { allowanceOn, sendingDay } from '../../domain/schedule/warmup.ts'
import type { SendStatus } from '../../ledger/reports/send-status.ts'
import { describeForecast, rulesOf } from '../../pipeline/look/forecast.ts'
import { approveChecked } from '../../preview/approve-checked.ts'
import type { EditionReport } from '../../preview/edition-checks.ts'
import { counted } from '../../text/counted.ts'
import type { Look } from '../../web/admin/deps.ts'
import { type CommandContext, dayOption, withApp } from '../context.ts'

/** A command can wait longer than a page, also for SpamAssassin. */
const WAITS = { waitMs: 120_000, spamWaitMs: SPAM_CHECK_MS_MAX }
const PLACES_SHOWN = 3

/**
 * `approve`: releases an edition that waits for approval. It says who gets it and what the checks found, and asks on a terminal.
 * With faults it needs `--anyway REASON`.
 */
export async function approve(
  options: { date?: string; yes?: true; anyway?: string },
  context: CommandContext,
): Promise<number> {
  const day = dayOption(options.date, context.config(), context.clock)
  const { terminal } = context
  return withApp(context, async (app) => {
    const look = openLook(app, WAITS)
    const status = await app.ledger.reports.readSendStatus(day, app.clock())
    const edition = await app.ledger.editions.readEdition(day)
    if (status === null || edition === null || !waitsForApproval(status)) return nothingToApprove(day, context)
    const report = await look.checks.check(edition)
    terminal.out(`Edition of ${day}, revision ${status.revision}:`)
    for (const line of await describe(app, look, status, report)) terminal.out(`  ${line}`)
    if (report.counts.fault > 0 && options.anyway === undefined) {
      terminal.err(
        `Not approved: the checks found ${counted(report.counts.fault, 'fault')}. Correct the edition, or approve it with --anyway "REASON".`,
      )
      return 1
    }
    if (options.yes !== true && terminal.ask !== undefined) {
      const answer = await terminal.ask('Approve and send? [y/N] ')
      if (!/^y(es)?$/i.test(answer.trim())) {
        terminal.err('Not approved.')
        return 1
      }
    }
    const edit = { day, actor: commandLine(context.environment), at: app.clock() }
    const { revision } = status
    const { editions } = app.ledger
    const reason = options.anyway ?? null
    const result = await approveChecked(edit, { revision, reason }, { checks: look.checks, editions })
    if (result.kind !== 'done') return nothingToApprove(day, context)
    terminal.out(`The edition of ${day} is approved.`)
    await app.reconcile({ editions: true })
    return 0
  })
}

function waitsForApproval({ state, needsApproval, approvedAt }: SendStatus): boolean {
  return state === 'published' && needsApproval && approvedAt === null
}

function nothingToApprove(day: string, { terminal }: CommandContext): number {
  terminal.err(`There is no edition of ${day} with papers that waits for approval.`)
  return 1
}

async function describe(app: App, look: Look, status: SendStatus, report: EditionReport): Promise<string[]> {
  const { warmUp } = app.config.mail
  const allowance = warmUp === null ? null : allowanceOn(sendingDay(app.clock()), warmUp)
  const forecast = await look.forecast(status.day, status)
  return [
    ...describeForecast(forecast, rulesOf(status, allowance)),
    `Checked in ${report.digests.length} digests: ${counted(report.counts.fault, 'fault')}, ${counted(report.counts.warning, 'warning')}, ${counted(report.counts.note, 'note')}.`,
    ...report.findings.map(({ severity, check, words, where = [] }) => {
      const places = where.length === 0 ? '' : ` (${where.slice(0, PLACES_SHOWN).join('; ')})`
      return `- ${severity}: ${check}: ${words}${places}`
    }),
    ...report.absent.map(({ title, reason }) => `- not checked: ${title}: ${reason}`),
  ]
}
