import { PAPERROUND, type Report, reportOf } from '../report.ts'
import { interleave, type Way } from '../rounds.ts'
import { type CommonOptions, numbersOf, progressTo, settingsOf } from '../setup/settings.ts'
import { type InstallationKind, withInstallation, withInstallations } from '../setup/with-installation.ts'
import { runOverResend } from './resend.ts'

type NamedKind = InstallationKind & { readonly name: string }

/** Compares the same papers for everyone with different papers for everyone. */
export function benchChoices(options: CommonOptions): Promise<Report[]> {
  const shape = 'PostgreSQL and Redis'
  return overKinds('choices', options, [
    { name: `${PAPERROUND}, everyone the same papers`, shape, choices: 'same' },
    { name: `${PAPERROUND}, everyone their own`, shape, choices: 'own' },
  ])
}

/** Compares the three shapes: PostgreSQL with Redis, PostgreSQL alone, and embedded. */
export function benchLedgers(options: CommonOptions): Promise<Report[]> {
  const { choices } = options
  return overKinds('ledgers', options, [
    { name: `${PAPERROUND} on PostgreSQL and Redis`, shape: 'PostgreSQL and Redis', choices },
    { name: `${PAPERROUND} on PostgreSQL`, shape: 'PostgreSQL', choices },
    { name: `${PAPERROUND}, embedded (PGlite)`, shape: 'embedded', choices },
  ])
}

/** Compares one, two and four worker processes. */
export async function benchWorkers(options: CommonOptions): Promise<Report[]> {
  const { warm } = numbersOf(options)
  return withInstallation(options, (at) =>
    measure(
      'workers',
      options,
      [1, 2, 4].map((workers) => ({
        name: `${PAPERROUND}, ${workers} ${workers === 1 ? 'worker' : 'workers'}`,
        run: () => runOverResend(at, warm, workers),
      })),
    ),
  )
}

async function overKinds(bench: string, options: CommonOptions, places: readonly NamedKind[]): Promise<Report[]> {
  const { warm } = numbersOf(options)
  return withInstallations(places, options, (installed) =>
    measure(
      bench,
      options,
      installed.map((at, index) => ({ name: places[index]?.name ?? '', run: () => runOverResend(at, warm) })),
    ),
  )
}

async function measure(bench: string, options: CommonOptions, ways: readonly Way[]): Promise<Report[]> {
  const measured = await interleave(ways, numbersOf(options).rounds, progressTo(options))
  return [reportOf(bench, settingsOf(options), measured)]
}
