import type { Installation, InstallationOptions, Shape } from './installation.ts'
import { Installations } from './installations.ts'
import { type CommonOptions, listOptionsOf, numbersOf } from './settings.ts'

export interface InstallationKind {
  readonly shape: Shape
  readonly choices: CommonOptions['choices']
}

const SERVERS: Shape = 'PostgreSQL and Redis'

/** Sets up one installation on PostgreSQL and Redis for as long as the work takes. */
export function withInstallation<T>(options: CommonOptions, work: (at: Installation) => Promise<T>): Promise<T> {
  return withInstallations([{ shape: SERVERS, choices: options.choices }], options, ([at]) => work(at as Installation))
}

/** Sets up one on PostgreSQL and Redis with a list of this size. */
export function withList<T>(
  subscribers: number,
  options: Omit<CommonOptions, 'subscribers' | 'warm' | 'rounds'>,
  work: (at: Installation) => Promise<T>,
): Promise<T> {
  const list = { ...listOptionsOf(options), shape: SERVERS, subscribers }
  return withLists([list], options, ([at]) => work(at as Installation))
}

/** Sets up several installations, so that their rounds can alternate. They share one Redis database, one after another. */
export function withInstallations<T>(
  places: readonly InstallationKind[],
  options: CommonOptions,
  work: (installed: readonly Installation[]) => Promise<T>,
): Promise<T> {
  const { subscribers, warm } = numbersOf(options)
  const lists = places.map(({ shape, choices }) => ({
    ...listOptionsOf({ ...options, choices }),
    shape,
    subscribers: subscribers + warm,
  }))
  return withLists(lists, options, work)
}

async function withLists<T>(
  lists: readonly InstallationOptions[],
  options: Pick<CommonOptions, 'database' | 'redis' | 'installations'>,
  work: (installed: readonly Installation[]) => Promise<T>,
): Promise<T> {
  const installations = options.installations ?? new Installations()
  try {
    const installed: Installation[] = []
    for (const list of lists) installed.push(await installations.take(options, list))
    return await work(installed)
  } finally {
    if (installations !== options.installations) await installations.close()
  }
}
