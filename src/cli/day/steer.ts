import { resumeAll } from '../../../workers/app/resume.ts'
import { commandLine } from '../../domain/actor.ts'
import type { SendingState } from '../../domain/edition.ts'
import { type CommandContext, dayOption, withApp } from '../context.ts'

const DONE: Readonly<Record<SendingState, string>> = {
  paused: 'is paused: calls in progress are finished, and no new ones are started',
  running: 'continues',
  cancelled: 'is cancelled permanently: deliveries that were not sent are skipped',
}

/** `pause`, `resume` and `cancel`, of the newest edition or of `--date`. `resume` also ends the pauses of transports. */
export async function steer(to: SendingState, options: { date?: string }, context: CommandContext): Promise<number> {
  const asked = dayOption(options.date, context.config(), context.clock)
  return withApp(context, async (app) => {
    const { terminal } = context
    const { ledger } = app
    const day = (options.date === undefined ? await ledger.editions.readNewestDay() : null) ?? asked
    const edition = await ledger.editions.readEditionHead(day)
    if (edition === null) {
      terminal.err(`There is no edition of ${day}. Name one with --date YYYY-MM-DD.`)
      return 1
    }
    if (!(await ledger.editions.setSending(day, to, app.clock()))) {
      terminal.err(`The edition of ${day} is ${edition.sending} and cannot be ${to === 'running' ? 'resumed' : to}.`)
      return 1
    }
    const act = { action: `edition.${to}`, day, before: { sending: edition.sending }, after: { sending: to } }
    await ledger.operators.recordAction(commandLine(context.environment), act, app.clock())
    terminal.out(`The edition of ${day} ${DONE[to]}.`)
    if (to === 'running' && (await ledger.dispatches.resumeAllTransports()) > 0)
      terminal.out('Paused transports are resumed.')
    // Delayed jobs run at once.
    if (to !== 'paused') await resumeAll(app)
    return 0
  })
}
