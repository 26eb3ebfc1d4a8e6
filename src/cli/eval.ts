import { writeFile } from 'node:fs/promises'
import { usageError } from '../platform/errors.ts'
import { type RecordedDay, readRecordedDays } from '../ranking/eval/days.ts'
import { type Evaluation, evaluate } from '../ranking/eval/evaluate.ts'
import { fitTrend } from '../ranking/eval/fit.ts'
import type { Measured } from '../ranking/eval/statistics.ts'
import { readParameters } from '../ranking/parameters.ts'
import { parseDailyPapers } from '../sources/daily-papers.ts'
import type { CommandContext } from './context.ts'

const SEED = 20_251_001

interface EvalOptions {
  readonly data: string
  readonly json?: boolean
  readonly fit?: string
}

/** `eval`: measures the ranking on recorded days. With `--fit`, first fits the parameters and writes them to a file. */
export async function evaluateRanking(options: EvalOptions, { terminal, clock }: CommandContext): Promise<number> {
  const days = await readRecordedDays(options.data, { parse: parseDailyPapers })
  if (options.fit !== undefined) {
    const fit = fitTrend(earlierOf(days), clock().toISOString().slice(0, 10), SEED)
    await writeFile(options.fit, `${JSON.stringify(fit, null, 2)}\n`)
    terminal.err(`Fitted on ${fit.days} days, ${fit.from} to ${fit.to}: ${options.fit}`)
    report(evaluate(days, { parameters: fit, seed: SEED }), options, terminal)
    return 0
  }
  report(evaluate(days, { parameters: readParameters(), seed: SEED }), options, terminal)
  return 0
}

const FIT_SHARE = 0.6

/** Returns the earlier days, which are used for fitting. The later days are used for measuring. */
function earlierOf(days: readonly RecordedDay[]): readonly RecordedDay[] {
  const some = days.slice(0, Math.floor(days.length * FIT_SHARE))
  if (some.length === 0) throw usageError('There are too few days to fit and measure on different days.')
  return some
}

function report(evaluation: Evaluation, { json }: EvalOptions, terminal: CommandContext['terminal']): void {
  if (json === true) terminal.out(JSON.stringify(evaluation, null, 2))
  else for (const line of describe(evaluation)) terminal.out(line)
}

function describe({ days, heldOut, fittedTo, withinDay, weekly, interests, learning }: Evaluation): string[] {
  return [
    `${days.count} days, ${days.from} to ${days.to}, ${days.papers} papers${heldOut ? `; fitted on days up to ${fittedTo}` : '; some of these days were fitted on'}`,
    '',
    table(
      'Within the day, against votes a day later',
      ['NDCG@10', 'NDCG@10, linear', 'top-10 overlap'],
      Object.entries(withinDay).map(([name, row]) => [name, [row.ndcg10, row.ndcg10Linear, row.overlap10]]),
    ),
    ...Object.entries(weekly).flatMap(([size, carrying]) =>
      Object.entries(carrying).map(([back, rows]) =>
        table(
          `Of a week’s most voted, what a reader of ${size} a day was sent; candidates of ${back === '0' ? 'the day alone' : `the day and ${back} before`}`,
          ['recall@10', 'recall@20'],
          Object.entries(rows).map(([name, row]) => [name, [row.recall10, row.recall20]]),
        ),
      ),
    ),
    ...Object.entries(interests).map(([protocol, rows]) =>
      table(
        `Readers drawn from keywords, by ${protocol}`,
        ['recall@10', 'nDCG@10'],
        Object.entries(rows).map(([name, row]) => [name, [row.recall10, row.ndcg10]]),
      ),
    ),
    table(
      'Learnt from likes alone, by how many there are',
      ['recall@10', 'nDCG@10'],
      Object.entries(learning).map(([likes, row]) => [likes, [row.recall10, row.ndcg10]]),
    ),
  ]
}

const NAME_CHARS = 14
const CELL_CHARS = 24

function table(title: string, heads: readonly string[], rows: readonly [string, readonly Measured[]][]): string {
  const head = `${' '.repeat(NAME_CHARS)}${heads.map((each) => each.padEnd(CELL_CHARS)).join('')}`
  return [
    title,
    head.trimEnd(),
    ...rows.map(([name, cells]) => `${name.padEnd(NAME_CHARS)}${cells.map(cell).join('')}`.trimEnd()),
    '',
  ].join('\n')
}

function cell({ mean, low, high, count }: Measured): string {
  const text = count === 0 ? '–' : `${mean.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`
  return text.padEnd(CELL_CHARS)
}
