import type { Servers } from './installation.ts'
import type { Installations } from './installations.ts'
import type { Choices } from './list-options.ts'
import { wholeNumber } from './temp-database.ts'

/** Options of every measurement of sending. */
export interface CommonOptions extends Servers {
  readonly subscribers: string
  readonly warm: string
  readonly rounds: string
  readonly choices: Choices
  readonly rest?: boolean
  readonly history: string
  /** A file name also keeps the results. */
  readonly json?: boolean | string
  /** Installations that benches of one run share. Missing: the bench sets up its own. */
  readonly installations?: Installations
}

export interface Numbers {
  readonly subscribers: number
  readonly warm: number
  readonly rounds: number
}

/** @throws UserError (exit code 2) */
export function numbersOf({ subscribers, warm, rounds }: CommonOptions): Numbers {
  return {
    subscribers: wholeNumber(subscribers, '--subscribers'),
    warm: wholeNumber(warm, '--warm'),
    rounds: wholeNumber(rounds, '--rounds'),
  }
}

/** Returns the settings that a report shows. */
export function settingsOf(options: CommonOptions): Readonly<Record<string, string | number | boolean>> {
  return {
    ...numbersOf(options),
    choices: options.choices,
    rest: options.rest === true,
    history: Number(options.history),
  }
}

/** Returns the flag of an option: `--script-messages` for `scriptMessages`. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** Returns the edition and the list for the options. */
export function listOptionsOf(options: Pick<CommonOptions, 'choices' | 'rest' | 'history'>) {
  return {
    choices: options.choices,
    rest: options.rest === true,
    history: Number(options.history),
    papers: 100,
  } as const
}

/** Writes progress to standard error, but not with `--json` to standard output. */
export function progressTo({ json }: Pick<CommonOptions, 'json'>): (line: string) => void {
  return json === true ? () => {} : (line) => void process.stderr.write(line)
}
