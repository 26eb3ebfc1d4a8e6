import { type Sink, type Usage, usageOf } from '../setup/children.ts'
import type { Installation } from '../setup/installation.ts'
import type { OpenInstallation } from '../setup/open-installation.ts'

/** CPU time for each message after the warm-up in µs; null where it cannot be read. */
export interface Costs {
  /** The sending processes. */
  readonly own: number | null
  readonly redis: number | null
  /** PostgreSQL’s backends of this ledger and its background writers. */
  readonly postgres: number | null
}

interface Spent {
  readonly messages: number
  readonly ms: Readonly<Record<keyof Costs, number | null>>
}

/** Reads CPU times at the end of the warm-up. `stop` returns the CPU time of each later message. */
export function watchCosts(
  sink: Sink,
  own: () => Usage,
  servers: () => Promise<ServerTimes>,
): { stop(): Promise<Costs> } {
  let from: Spent | null = null
  const spentNow = async (): Promise<Spent> => {
    const { messages } = await sink.report()
    return { messages, ms: { own: own().cpuMs, ...(await servers()) } }
  }
  let looking = true
  const watching = (async () => {
    while (looking && from === null) {
      if ((await sink.report()).warmAt !== null) from = await spentNow()
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
  })()
  return {
    async stop() {
      looking = false
      const to = await spentNow()
      await watching
      const perMessage = (of: keyof Costs) => {
        const [before, after] = [from?.ms[of] ?? null, to.ms[of]]
        const messages = to.messages - (from?.messages ?? 0)
        return before === null || after === null || messages === 0 ? null : ((after - before) * 1_000) / messages
      }
      return { own: perMessage('own'), redis: perMessage('redis'), postgres: perMessage('postgres') }
    },
  }
}

const LOOK_MS = 20

type ServerTimes = Readonly<Record<'redis' | 'postgres', number | null>>

export const NO_SERVERS = async (): Promise<ServerTimes> => ({ redis: null, postgres: null })

/** Reads the CPU times of the servers. PostgreSQL’s processes must run on this machine. */
export function serversOf({ query }: OpenInstallation, { redis, shape }: Installation): () => Promise<ServerTimes> {
  return async () => {
    const info = (await redis?.client.info('cpu')) ?? ''
    const seconds = ['used_cpu_user', 'used_cpu_sys'].map((name) =>
      Number(new RegExp(`${name}:([\\d.]+)`).exec(info)?.[1]),
    )
    const pids = shape === 'embedded' ? [] : await query<{ pid: number }>(BACKENDS)
    const backends = pids.map(({ pid }) => usageOf(pid, 'postgres').cpuMs)
    return {
      redis: redis === null ? null : seconds.reduce((sum, each) => sum + each, 0) * 1_000,
      postgres:
        backends.length === 0 || backends.includes(null)
          ? null
          : backends.reduce<number>((sum, each) => sum + (each ?? 0), 0),
    }
  }
}

const BACKENDS = 'select pid from pg_stat_activity where datname = current_database() or datname is null'

/** Returns the size of tables with their indexes and partitions. */
export async function tableBytes({ query }: OpenInstallation, ...tables: readonly string[]): Promise<number> {
  const [row] = await query<{ bytes: string }>(
    `select sum(pg_total_relation_size(relid)) as bytes from unnest($1::regclass[]) as given(root),
      lateral (select root as relid union select relid from pg_partition_tree(root)) as parts`,
    [tables],
  )
  return Number(row?.bytes ?? 0)
}
