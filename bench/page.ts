import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../src/platform/paths.ts'
import { whole } from './figures.ts'
import type { Report } from './report.ts'
import { type Result, readResults } from './results.ts'
import { type DispatchReport, morningLines } from './sending/dispatching.ts'
import { FIGURE_HEADS, figureLines } from './wanted.ts'

export const PERFORMANCE_PAGE = join(PACKAGE_ROOT, 'docs/PERFORMANCE.md')

/** Writes the tables of docs/PERFORMANCE.md again from bench/results.json. */
export function writePage(): void {
  writeFileSync(PERFORMANCE_PAGE, renewPage(readFileSync(PERFORMANCE_PAGE, 'utf8'), readResults()))
}

/** Returns the page with new tables between its `bench` comments. The text around them stays as it is. */
export function renewPage(page: string, results: readonly Result[]): string {
  const parts: Readonly<Record<string, (results: readonly Result[]) => string>> = { figures, ways, mornings, runs }
  return page.replace(
    /(<!-- bench:(\w+) -->\n)[\s\S]*?(<!-- \/bench -->)/g,
    (_all, begin: string, name: string, end: string) => `${begin}\n${parts[name]?.(results) ?? ''}\n${end}`,
  )
}

function figures(results: readonly Result[]): string {
  return markdown(1, [FIGURE_HEADS, ...figureLines(results)])
}

function ways(results: readonly Result[]): string {
  const reports = results.filter((each): each is Report => each.kind === 'speed')
  const heads = ['bench', 'way', 'messages/s', 'CPU µs', 'PostgreSQL', 'Redis', 'sink']
  const lines = reports.flatMap(({ bench, settings, rows }) =>
    rows.map(({ name, messagesPerSecond, cpuMicros: { own, postgres, redis, sink } }, at) => [
      at > 0 ? '' : [bench, settings.sink ?? ''].join(' ').trim(),
      name,
      ...[messagesPerSecond, own, postgres, redis, sink].map(whole),
    ]),
  )
  return markdown(2, [heads, ...lines])
}

/** Shows a whole morning for lists of several sizes, with the count that ledger and provider agree on. */
function mornings(results: readonly Result[]): string {
  const reports = results.filter((each): each is DispatchReport => each.kind === 'dispatch')
  return reports
    .map(({ rows }) => `${markdown(1, morningLines(rows))}\n${rows.map(({ account }) => `- ${account}\n`).join('')}`)
    .join('\n')
}

const USUAL: Readonly<Record<string, unknown>> = { choices: 'own', rest: false, history: 0 }

/** Says when and with which sizes each bench ran, and on which machine. */
function runs(results: readonly Result[]): string {
  const machines = new Set(results.map(({ machine: { cores, model, node } }) => `${cores} × ${model}, Node ${node}`))
  const lines = results.map(({ bench, settings, machine: { date, commit, load } }) => {
    const set = Object.entries(settings).flatMap(([name, value]) => (USUAL[name] === value ? [] : [`${name} ${value}`]))
    return `- \`${bench}\`: ${[date, commit, `load ${load}`, ...set].join(', ')}\n`
  })
  return `${[...machines].join('; ')}\n\n${lines.join('')}`
}

/** Returns a table. It aligns the first columns to the left and the others, which are numbers, to the right. */
function markdown(words: number, lines: readonly (readonly string[])[]): string {
  const [heads = [], ...rows] = lines
  return [heads, heads.map((_, at) => (at < words ? '---' : '---:')), ...rows]
    .map((row) => `|${row.join('|')}|\n`)
    .join('')
}
