import { type Sink, type Usage, usageOf } from '../setup/children.ts'
import type { Installation } from '../setup/installation.ts'
import type { OpenInstallation } from '../setup/open-installation.ts'

/** CPU time for each message in µs; null where it cannot be read. */
export interface Costs {
  /** The sending processes, after the warm-up, which compiles code. */
  readonly own: number | null
  /** The servers, from the beginning: a dispatch writes the rows of a short list before the warm-up ends. */
  readonly redis: number | null
  /** PostgreSQL’s backends of this ledger and its background writers. */
  readonly postgres: number | null
  /** The receiving process, which must not be the limit. */
  readonly sink: number | null
}

interface Spent {
  readonly messages: number
  readonly ms: Readonly<Record<keyof Costs, number | null>>
}

/** Reads CPU times now and at the end of the warm-up. `stop` returns the CPU time of each message since then. */
export async function watchCosts(
  sink: Sink,
  own: () => Usage,
  servers: () => Promise<ServerTimes>,
): Promise<{ stop(): Promise<Costs> }> {
  let from: Spent | null = null
  const spentNow = async (): Promise<Spent> => {
    const { messages } = await sink.report()
    return { messages, ms: { own: own().cpuMs, sink: sink.usage().cpuMs, ...(await servers()) } }
  }
  const begun = await spentNow()
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
      const perMessage = (of: keyof Costs, since: Spent | null) => {
        const [before, after] = [since?.ms[of] ?? null, to.ms[of]]
        const messages = to.messages - (since?.messages ?? 0)
        return before === null || after === null || messages === 0 ? null : ((after - before) * 1_000) / messages
      }
      return {
        own: perMessage('own', from),
        redis: perMessage('redis', begun),
        postgres: perMessage('postgres', begun),
        sink: perMessage('sink', from),
      }
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

export type TableSize = {
  readonly table: string
  /** With the long values that are stored apart (TOAST). */
  readonly tableBytes: number
  readonly indexBytes: number
}

/** Returns the size of each table of the ledger, with all partitions. */
export async function tableSizes({ query }: OpenInstallation): Promise<TableSize[]> {
  return query<TableSize>(
    `select coalesce(pg_partition_root(c.oid), c.oid)::regclass::text as "table",
      sum(pg_table_size(c.oid))::float8 as "tableBytes", sum(pg_indexes_size(c.oid))::float8 as "indexBytes"
    from pg_class c where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace group by 1 order by 1`,
  )
}

/** Returns the size of some tables with their indexes and partitions, or of all. */
export async function ledgerBytes(inside: OpenInstallation, ...tables: readonly string[]): Promise<number> {
  const sizes = (await tableSizes(inside)).filter(({ table }) => tables.length === 0 || tables.includes(table))
  return sizes.reduce((sum, { tableBytes, indexBytes }) => sum + tableBytes + indexBytes, 0)
}
