import { type Installation, install, type Shape } from './installation.ts'
import { PAPERROUND, type Report, reportOf } from './report.ts'
import { runOverResend } from './resend.ts'
import { interleave, type Way } from './rounds.ts'
import { type CommonOptions, numbersOf, orderOf, settingsOf, tellTo } from './settings.ts'

interface Place {
  readonly name: string
  readonly shape: Shape
  readonly choices: CommonOptions['choices']
}

/** The same papers for all, against a choice that nobody shares. */
export function benchChoices(options: CommonOptions): Promise<Report[]> {
  const shape = 'PostgreSQL and Redis'
  return overPlaces('choices', options, [
    { name: `${PAPERROUND}, everyone the same papers`, shape, choices: 'same' },
    { name: `${PAPERROUND}, everyone their own`, shape, choices: 'own' },
  ])
}

/** The three shapes: PostgreSQL with Redis, PostgreSQL for the queue too, and the embedded one. */
export function benchLedgers(options: CommonOptions): Promise<Report[]> {
  const { choices } = options
  return overPlaces('ledgers', options, [
    { name: `${PAPERROUND} on PostgreSQL and Redis`, shape: 'PostgreSQL and Redis', choices },
    { name: `${PAPERROUND} on PostgreSQL`, shape: 'PostgreSQL', choices },
    { name: `${PAPERROUND}, embedded (PGlite)`, shape: 'embedded', choices },
  ])
}

/** One, two and four worker processes. */
export async function benchWorkers(options: CommonOptions): Promise<Report[]> {
  const { warm } = numbersOf(options)
  const shape = 'PostgreSQL and Redis'
  return within([{ name: '', shape, choices: options.choices }], options, async ([at]) =>
    measure(
      'workers',
      options,
      [1, 2, 4].map((workers) => ({
        name: `${PAPERROUND}, ${workers} ${workers === 1 ? 'worker' : 'workers'}`,
        run: () => runOverResend(at as Installation, warm, workers),
      })),
    ),
  )
}

async function overPlaces(bench: string, options: CommonOptions, places: readonly Place[]): Promise<Report[]> {
  const { warm } = numbersOf(options)
  return within(places, options, (installed) =>
    measure(
      bench,
      options,
      installed.map((at, index) => ({ name: places[index]?.name ?? '', run: () => runOverResend(at, warm) })),
    ),
  )
}

async function measure(bench: string, options: CommonOptions, ways: readonly Way[]): Promise<Report[]> {
  const measured = await interleave(ways, numbersOf(options).rounds, tellTo(options))
  return [reportOf(bench, settingsOf(options), measured)]
}

/** Installations side by side, so that their rounds may take turns; all use one Redis database, one after the other. */
async function within<T>(
  places: readonly Place[],
  options: CommonOptions,
  work: (installed: readonly Installation[]) => Promise<T>,
): Promise<T> {
  const { subscribers, warm } = numbersOf(options)
  const installed: Installation[] = []
  try {
    for (const { shape, choices } of places)
      installed.push(
        await install(options, {
          ...orderOf({ ...options, choices }),
          shape,
          readers: subscribers + warm,
        }),
      )
    return await work(installed)
  } finally {
    for (const at of installed) await at.close()
  }
}
