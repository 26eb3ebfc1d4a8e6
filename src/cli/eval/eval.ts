import { writeFile } from 'node:fs/promises'
import { usageError } from '../../platform/errors.ts'
import { type RecordedDay, type Recording, readRecording } from '../../ranking/eval/days.ts'
import { evaluate, PARTS, type Part } from '../../ranking/eval/evaluate.ts'
import { fitTrend } from '../../ranking/eval/fit/fit.ts'
import { type Fitted, readParameters } from '../../ranking/parameters.ts'
import { parseDailyPapers } from '../../sources/daily-papers.ts'
import type { CommandContext } from '../context.ts'
import { describe } from './eval-tables.ts'

const SEED = 20_251_001

interface EvalOptions {
  readonly data: string
  readonly json?: boolean
  readonly fit?: string
  readonly only?: string
}

/** `eval`: measures the ranking on recorded days. With `--fit`, first fits the parameters and writes them to a file. */
export async function evaluateRanking(options: EvalOptions, { terminal, clock }: CommandContext): Promise<number> {
  const only = partsIn(options.only)
  const recording = await readRecording(options.data, { parse: parseDailyPapers })
  if (options.fit === undefined) {
    report(recording, readParameters(), { ...options, only }, terminal)
    return 0
  }
  const fit = fitTrend(earlierOf(recording.days), clock().toISOString().slice(0, 10), SEED)
  await writeFile(options.fit, `${JSON.stringify(fit, null, 2)}\n`)
  terminal.err(`Fitted on ${fit.days} days, ${fit.from} to ${fit.to}: ${options.fit}`)
  report(recording, fit, { ...options, only }, terminal)
  return 0
}

/** Returns the parts named by `--only`, separated by commas. */
function partsIn(text: string | undefined): readonly Part[] {
  if (text === undefined) return PARTS
  return text.split(',').map((name) => {
    const part = PARTS.find((each) => each === name.trim())
    if (part === undefined) throw usageError(`--only has no part “${name.trim()}”. The parts are ${PARTS.join(', ')}.`)
    return part
  })
}

const FIT_SHARE = 0.6

/** Returns the earlier days, which are used for fitting. The later days are used for measuring. */
function earlierOf(days: readonly RecordedDay[]): readonly RecordedDay[] {
  const some = days.slice(0, Math.floor(days.length * FIT_SHARE))
  if (some.length === 0) throw usageError('There are too few days to fit and measure on different days.')
  return some
}

function report(
  recording: Recording,
  parameters: Fitted,
  { json, only }: { readonly json?: boolean; readonly only: readonly Part[] },
  terminal: CommandContext['terminal'],
): void {
  const evaluation = evaluate(recording, { parameters, seed: SEED, only })
  if (json === true) terminal.out(JSON.stringify(evaluation, null, 2))
  else for (const line of describe(evaluation)) terminal.out(line)
}
