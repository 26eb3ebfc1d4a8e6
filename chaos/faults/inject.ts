import type { OwnServers } from '../../test/support/databases/own-servers.ts'
import type { Fleet } from '../fleet.ts'
import { draw } from '../random.ts'

export interface FaultDeps {
  readonly fleet: Fleet
  readonly servers: OwnServers
  readonly random: () => number
  /** Longer than a worker may miss heartbeats, and than a job is locked. */
  readonly stopMs: number
  /** Starts one more edition with two `run`s at once. */
  readonly nextEdition: () => void
  readonly leave: () => void
}

type WeightedFault = readonly [weight: number, name: string, act: () => Promise<void> | void]

/** Injects one fault. Returns its name. */
export async function injectFaults(parts: FaultDeps): Promise<string> {
  const [name, act] = draw(
    parts.random,
    faultTable(parts).map(([weight, ...rest]) => [weight, rest] as const),
  )
  await act()
  return name
}

function faultTable({ fleet, servers, random, stopMs, nextEdition, leave }: FaultDeps): WeightedFault[] {
  const slot = (kind: string) => {
    const slots = fleet.slots.filter(({ name }) => name.startsWith(kind))
    return draw(
      random,
      slots.map((each) => [1, each] as const),
    )
  }
  return [
    [7, 'a worker is killed (SIGKILL)', () => fleet.signal(slot('worker'), 'SIGKILL')],
    [2, 'a worker is stopped (SIGTERM)', () => fleet.signal(slot('worker'), 'SIGTERM')],
    [4, 'a worker is frozen (SIGSTOP)', () => fleet.stop(slot('worker'), stopMs)],
    [1, 'the website is killed', () => fleet.signal(slot('web'), 'SIGKILL')],
    [1, 'a scheduler is killed', () => fleet.signal(slot('scheduler'), 'SIGKILL')],
    [2, 'Redis is emptied', () => servers.flushRedis()],
    [1, 'Redis is killed', () => servers.restartRedis()],
    [2, 'PostgreSQL is killed', () => servers.restartPostgres()],
    [2, 'an edition starts with two runs at once', nextEdition],
    [4, 'subscribers leave', leave],
  ]
}
