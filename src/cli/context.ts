import type { Config } from '../../config/config.ts'
import { type OpenLedger, openLedger } from '../../workers/ledger.ts'
import { type App, openApp } from '../../workers/wiring.ts'
import type { Clock, Day } from '../day.ts'
import { dayIn, parseDay } from '../day.ts'
import { Fault, misuse } from '../fault.ts'
import { createLogger } from '../log.ts'
import { checkAddress } from '../subscriber.ts'
import type { Terminal } from './terminal.ts'

/** What every command is given. */
export interface CommandContext {
  /** Reads the configuration; throws a Fault with every finding. */
  readonly config: () => Config
  readonly terminal: Terminal
  readonly clock: Clock
  /** Resolves when the process is asked to end. */
  readonly interrupted: Promise<void>
}

/** A command that runs once logs only what needs an eye, unless LOG_LEVEL asks for more than `info`. */
export async function withApp<T>(context: CommandContext, work: (app: App) => Promise<T>): Promise<T> {
  const config = context.config()
  const app = await openApp(config, {
    clock: context.clock,
    log: createLogger(config.logLevel === 'info' ? 'warn' : config.logLevel),
  })
  try {
    return await work(app)
  } finally {
    await app.close()
  }
}

/**
 * What `work` gives, or a Fault as soon as the process is asked to end. For work that may be left at any point, such as
 * asking a source, which can take minutes and writes in one transaction at its end.
 */
export async function unlessInterrupted<T>({ interrupted }: CommandContext, work: Promise<T>): Promise<T> {
  const ending = interrupted.then((): never => {
    throw new Fault('Interrupted before the edition was made. Run the same command again.')
  })
  return Promise.race([work, ending])
}

/** For commands that need neither queue nor transport. */
export async function withLedger<T>(
  context: CommandContext,
  work: (ledger: OpenLedger, config: Config) => Promise<T>,
): Promise<T> {
  const config = context.config()
  const ledger = await openLedger(config)
  try {
    return await work(ledger, config)
  } finally {
    await ledger.close()
  }
}

/** The day that `--date`, or another option, names, or today where editions are made. Throws a Fault (exit 2) when it is no day. */
export function dayOption(text: string | undefined, config: Config, clock: Clock, option = '--date'): Day {
  if (text === undefined) return dayIn(config.edition.timezone, clock())
  const day = parseDay(text)
  if (day === null) throw misuse(`${option} ${text} is not a day. Write it as YYYY-MM-DD, such as 2026-11-24.`)
  return day
}

/** An address that was typed, checked. Throws a Fault (exit 2). */
export function addressOption(text: string): { email: string; key: string } {
  const checked = checkAddress(text)
  if (!checked.ok) throw misuse(`“${text}” is not a usable address: ${checked.reason}.`)
  return checked
}
