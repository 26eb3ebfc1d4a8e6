import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PACKAGE_ROOT } from '../src/platform/paths.ts'
import type { Figures as Choice } from './choice.ts'
import type { Figures as Import } from './import.ts'
import { machineNow } from './report.ts'
import { type OtherReport, type Result, tableOf } from './results.ts'
import { SENDING, type SendingOptions } from './sending/benches.ts'
import { Installations } from './setup/installations.ts'
import { progressTo } from './setup/settings.ts'

interface AllOptions extends Omit<SendingOptions, 'sizes'> {
  readonly sizes?: string
  readonly quick?: boolean
}

/**
 * Two cores measure all of these sizes within five minutes. The benches of the Resend path have equal lists, so that they share
 * an installation. The warm-up has at least twice as many messages as there are in flight, for every way alike.
 */
const QUICK: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  sending: { subscribers: '4400', warm: '1600', scriptMessages: '300' },
  smtp: { subscribers: '1500', warm: '500', loopMessages: '300', sink: 'ours' },
  everything: { subscribers: '4400', warm: '1600' },
  choices: { subscribers: '4400', warm: '1600' },
  ledgers: { subscribers: '1500', warm: '500' },
  workers: { subscribers: '4400', warm: '1600' },
  dispatch: { sizes: '2000,6000' },
}

interface OtherBench {
  readonly full: readonly string[]
  readonly quick: readonly string[]
  readonly read: (json: never) => Readonly<Record<string, number>>
}

/** The benches that send nothing. Each runs in a process of its own, because it measures its own memory and CPU time. */
const OTHERS: Readonly<Record<string, OtherBench>> = {
  choice: {
    full: [],
    quick: ['--subscribers', '20000', '--sets', '10000'],
    read: ({ knownMicroseconds, newMicroseconds }: Choice) => ({ knownMicroseconds, newMicroseconds }),
  },
  import: {
    full: ['--lines', '1000000'],
    quick: ['--lines', '100000', '--rounds', '1'],
    read: ([{ ratio, peakMegabytes }]: readonly [Import]) => ({
      ratio,
      ...(peakMegabytes === null ? {} : { peakMegabytes }),
    }),
  },
  search: {
    full: [],
    quick: ['--papers', '5000', '--rounds', '3'],
    read: ({ costs }: { costs: readonly { own: number; postgres: number | null }[] }) => ({
      dearestMs: Math.max(...costs.map(({ own, postgres }) => own + (postgres ?? 0))),
    }),
  },
}

/** Runs every bench, one after the other. Returns the results. */
export async function benchAll(options: AllOptions): Promise<readonly Result[]> {
  const installations = new Installations()
  const results: Result[] = []
  const show = (made: readonly Result[]) => {
    results.push(...made)
    if (options.json !== true) process.stdout.write(made.map(tableOf).join(''))
  }
  const quick = options.quick === true
  try {
    for (const [name, { defaults, run }] of Object.entries(SENDING)) {
      const own: Readonly<Record<string, string>> = quick ? { ...QUICK[name], rounds: '1' } : {}
      const { sizes = own.sizes ?? defaults.sizes ?? '' } = options
      show(await run({ ...options, ...defaults, ...own, sizes, installations }))
    }
  } finally {
    await installations.close()
  }
  for (const [name, bench] of Object.entries(OTHERS)) {
    progressTo(options)(`${name}\n`)
    show([await runOther(name, bench, quick ? bench.quick : bench.full, options.database)])
  }
  return results
}

async function runOther(
  name: string,
  { read }: OtherBench,
  args: readonly string[],
  database: string,
): Promise<OtherReport> {
  const where = name === 'choice' ? [] : ['--database', database]
  const main = join(PACKAGE_ROOT, 'dist/bench/main.js')
  const { stdout } = await promisify(execFile)(process.execPath, [main, name, ...where, ...args, '--json'])
  const settings = { options: args.join(' ') }
  return { kind: 'other', bench: name, settings, machine: machineNow(), figures: read(JSON.parse(stdout) as never) }
}
