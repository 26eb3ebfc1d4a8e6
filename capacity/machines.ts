import type { Needs } from './needs.ts'
import type { Machine, Prices } from './prices.ts'

export interface Tier {
  readonly name: string
  readonly machines: number
  readonly machine: Machine
  /** Of the program; PostgreSQL and Redis have their own. */
  readonly processes: number
  readonly note: string
}

export interface Fleet {
  readonly tiers: readonly Tier[]
  /** Of all tiers. */
  readonly machines: number
}

const GB = 1e9
const TOGETHER_CORES_MAX = 8 // A larger machine costs what two do, and two survive one.
const ROOM = 1.25 // For the system, and for a heap that grows before it is collected.
const PROCESS_BYTES = 0.5 * GB // Of web and scheduler; a worker’s is measured.

/** Machines by tier, for all installations together. */
export function fleetOf(needs: Needs, installations: number, workerBytes: number, prices: Prices): Fleet {
  const tiers =
    (installations === 1 ? together(needs, workerBytes, prices) : null) ??
    apart(needs, workerBytes, prices).map((tier) => ({
      ...tier,
      machines: tier.machines * installations,
      processes: tier.processes * installations,
    }))
  return { tiers, machines: tiers.reduce((sum, tier) => sum + tier.machines, 0) }
}

/** Everything on one machine, while it is small; null when it is not. */
function together(needs: Needs, workerBytes: number, prices: Prices): Tier[] | null {
  const { useOfACore } = prices.assumptions
  const { postgres, redis, workers, webs, schedulers } = needs
  // A worker’s rate leaves room already.
  const workerCores = needs.rates.digestsPerSecond / needs.workerRate
  const cores = (postgres.cores + redis.cores + needs.webCores) / useOfACore + workerCores
  const bytes = postgres.memoryBytes + redis.memoryBytes + workers * workerBytes + (webs + schedulers) * PROCESS_BYTES
  const machine = prices.machines.sizes.find((size) => size.cores >= cores && size.memoryGb * GB >= bytes * ROOM)
  if (machine === undefined || machine.cores > TOGETHER_CORES_MAX) return null
  const processes = workers + webs + schedulers
  return [{ name: 'everything', machines: 1, machine, processes, note: 'a second one, if a day may not be lost' }]
}

function apart(needs: Needs, workerBytes: number, prices: Prices): Tier[] {
  const { worker, sizes } = prices.machines
  const { postgres, redis, workers, webs, schedulers } = needs
  const largest = sizes.at(-1) ?? worker
  const fits = (cores: number, bytes: number) =>
    sizes.find((size) => size.cores * prices.assumptions.useOfACore >= cores && size.memoryGb * GB >= bytes) ?? largest
  // One process a core; more wait for each other, and fewer leave a core idle.
  const perMachine = Math.max(1, Math.min(worker.cores, Math.floor((worker.memoryGb * GB) / (workerBytes * ROOM))))
  const byNetwork = Math.ceil(needs.rates.gbitPerSecond / prices.network.gbitPerSecondOfAMachine)
  return [
    {
      name: 'workers',
      machines: Math.max(2, byNetwork, Math.ceil(workers / perMachine)),
      machine: worker,
      processes: workers,
      note: 'any of them may end at any moment',
    },
    {
      name: 'web and scheduler',
      machines: Math.max(2, Math.ceil((webs + schedulers) / worker.cores)),
      machine: worker,
      processes: webs + schedulers,
      note: 'behind a balancer',
    },
    {
      name: 'PostgreSQL',
      machines: 2,
      machine: fits(postgres.cores, postgres.memoryBytes),
      processes: 0,
      note: 'one, and a standby',
    },
    {
      name: 'Redis',
      machines: 2,
      machine: fits(redis.cores, redis.memoryBytes),
      processes: 0,
      note: 'one, and a replica',
    },
  ]
}
