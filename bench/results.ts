import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../src/platform/paths.ts'
import { type MachineReport, type Report, speedTable } from './report.ts'
import { type DispatchReport, dispatchTable } from './sending/dispatching.ts'

/** The results that docs/PERFORMANCE.md shows. */
export const RESULTS_FILE = join(PACKAGE_ROOT, 'bench/results.json')

/** The figures of a bench that sends nothing. */
export interface OtherReport extends MachineReport {
  readonly kind: 'other'
  readonly figures: Readonly<Record<string, number>>
}

export type Result = Report | DispatchReport | OtherReport

export function readResults(file = RESULTS_FILE): Result[] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Result[]) : []
}

/** Writes new results into a file. It keeps the results of other benches, so that each may be measured in a run of its own. */
export function keepResults(file: string, results: readonly Result[]): void {
  const replaced = new Set(results.map(keyOf))
  const kept = readResults(file).filter((each) => !replaced.has(keyOf(each)))
  writeFileSync(file, `${JSON.stringify([...kept, ...results], null, 2)}\n`)
}

function keyOf({ bench, settings }: Result): string {
  return `${bench} ${settings.sink ?? ''}`
}

/** Returns the table of one bench; '' where the table of wanted figures says it all. */
export function tableOf(result: Result): string {
  switch (result.kind) {
    case 'speed':
      return speedTable(result)
    case 'dispatch':
      return dispatchTable(result)
    case 'other':
      return ''
  }
}
