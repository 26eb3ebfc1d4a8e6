import { type Installation, install, type Shape } from './installation.ts'
import { type CommonOptions, listOptionsOf, numbersOf } from './settings.ts'

export interface InstallationKind {
  readonly shape: Shape
  readonly choices: CommonOptions['choices']
}

/** Sets up one installation on PostgreSQL and Redis for as long as the work takes. */
export function withInstallation<T>(options: CommonOptions, work: (at: Installation) => Promise<T>): Promise<T> {
  const place: InstallationKind = { shape: 'PostgreSQL and Redis', choices: options.choices }
  return withInstallations([place], options, ([at]) => work(at as Installation))
}

/** Sets up several installations, so that their rounds can alternate. They share one Redis database, one after another. */
export async function withInstallations<T>(
  places: readonly InstallationKind[],
  options: CommonOptions,
  work: (installed: readonly Installation[]) => Promise<T>,
): Promise<T> {
  const { subscribers, warm } = numbersOf(options)
  const installed: Installation[] = []
  try {
    for (const { shape, choices } of places)
      installed.push(
        await install(options, { ...listOptionsOf({ ...options, choices }), shape, subscribers: subscribers + warm }),
      )
    return await work(installed)
  } finally {
    for (const at of installed) await at.close()
  }
}
