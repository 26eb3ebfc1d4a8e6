import { setTimeout as pause } from 'node:timers/promises'
import type { Config } from '../../config/config.ts'
import { INTERRUPTED_GRACE_MS, SHUTDOWN_GRACE_MS } from '../../config/limits-processes.ts'
import type { App } from '../../workers/app/app.ts'
import { type OpenLedger, openLedger } from '../../workers/app/ledger.ts'
import type { Day } from '../domain/day.ts'
import { dayIn, parseDay } from '../domain/day.ts'
import { checkAddress } from '../domain/subscriber.ts'
import type { Clock } from '../platform/clock.ts'
import { InterruptedError, usageError } from '../platform/errors.ts'
import { createLogger } from '../platform/log/log.ts'
import { isLost } from './output/lost-database.ts'
import type { Terminal } from './output/terminal.ts'

/** The context of every command. */
export interface CommandContext {
  /** Reads the configuration. Throws a UserError that lists all findings. */
  readonly config: () => Config
  readonly terminal: Terminal
  /** For programs that a command starts. The configuration comes from `config`. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** Resolves when the process is asked to end. */
  readonly interrupted: Promise<void>
}

/** How a command reacts to a signal. */
export interface CommandResult {
  /** Whether the work checks `interrupted` itself and finishes its current step. Otherwise it is abandoned. */
  readonly endsItself?: boolean
  /** The message when the work is abandoned. */
  readonly words?: string
}

/** Runs `work` with an open app. A command that runs once logs only warnings and errors, unless LOG_LEVEL differs from `info`. */
export async function withApp<T>(
  context: CommandContext,
  work: (app: App) => Promise<T>,
  ending: CommandResult = {},
): Promise<T> {
  const config = context.config()
  const log = createLogger(config.logLevel === 'info' ? 'warn' : config.logLevel)
  // Loaded only here, because the queue, the templates and the transports take 50 MB, and many commands need only the ledger.
  const opening = import('../../workers/app/wiring.ts').then(({ openApp }) =>
    openApp(config, { clock: context.clock, log }),
  )
  return withOpen(context, opening, work, ending)
}

/** Runs `work` with an open ledger, for commands that need neither a queue nor a transport. */
export async function withLedger<T>(
  context: CommandContext,
  work: (ledger: OpenLedger, config: Config) => Promise<T>,
  ending: CommandResult = {},
): Promise<T> {
  const config = context.config()
  return withOpen(context, openLedger(config), (ledger) => work(ledger, config), ending)
}

async function withOpen<P extends { close(): Promise<void> }, T>(
  context: CommandContext,
  opening: Promise<P>,
  work: (part: P) => Promise<T>,
  { endsItself = false, words }: CommandResult,
): Promise<T> {
  const part = await unlessInterrupted(context, opening, words)
  let leave = context.interrupted
  try {
    return endsItself ? await unlessOverdue(context, work(part)) : await unlessInterrupted(context, work(part), words)
  } catch (error) {
    if (isLost(error)) leave = Promise.resolve()
    throw error
  } finally {
    // A running query keeps its connection and may wait for a server that is gone.
    await Promise.race([closeOf(part), leave.then(() => pause(INTERRUPTED_GRACE_MS))])
  }
}

/** Returns what `work` returns. Throws if `work` does not end within the grace period after a signal, because a lost server may block it. */
function unlessOverdue<T>({ interrupted }: CommandContext, work: Promise<T>): Promise<T> {
  const overdue = interrupted
    .then(() => pause(SHUTDOWN_GRACE_MS))
    .then((): never => {
      throw new InterruptedError(
        `Interrupted, and the current work did not end within ${SHUTDOWN_GRACE_MS / 1_000} s. It is safe to run the same command again.`,
      )
    })
  return Promise.race([work, overdue])
}

/** Closes. A connection that is lost now does not matter, because the work has already succeeded or failed. */
async function closeOf(part: { close(): Promise<void> }): Promise<void> {
  await part.close().catch((error: unknown) => {
    if (!isLost(error)) throw error
  })
}

/**
 * Returns the result of `work`, or throws as soon as the process receives a signal. Use it for work that can be abandoned at any
 * point, because each step is one transaction and reconcile finishes the rest.
 */
export async function unlessInterrupted<T>(
  { interrupted }: CommandContext,
  work: Promise<T>,
  words = 'Interrupted. It is safe to run the same command again.',
): Promise<T> {
  const ending = interrupted.then((): never => {
    throw new InterruptedError(words)
  })
  return Promise.race([work, ending])
}

/** Returns the day of an option, by default today in EDITION_TIMEZONE. Throws a UserError (exit 2) if it is not a day. */
export function dayOption(text: string | undefined, config: Config, clock: Clock, option = '--date'): Day {
  if (text === undefined) return dayIn(config.edition.timezone, clock())
  const day = parseDay(text)
  if (day === null) throw usageError(`${option} ${text} is not a day. Write it as YYYY-MM-DD, such as 2026-11-24.`)
  return day
}

/** Checks an address from the command line. Throws a UserError (exit 2). */
export function addressOption(text: string): { email: string; key: string } {
  const checked = checkAddress(text)
  if (!checked.ok) throw usageError(`“${text}” is not a usable address: ${checked.reason}.`)
  return checked
}
