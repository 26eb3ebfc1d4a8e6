import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import type { Config } from '../../../config/config.ts'
import { WORKER_SILENT_MS } from '../../../config/limits.ts'
import { assertReachable, openPool } from '../../ledger/connection/database.ts'
import { restorePostgres } from '../../ledger/connection/postgres-restore.ts'
import { restoreEmbedded } from '../../ledger/embedded/restore.ts'
import { InterruptedError, UserError, usageError } from '../../platform/errors.ts'
import type { CommandContext } from '../context.ts'

/** `restore FILE`: puts a file of `backup` in place of the ledger, completely or not at all. `restore-check` comes after it. */
export async function restore(
  file: string,
  { replace = false }: { readonly replace?: boolean },
  context: CommandContext,
): Promise<number> {
  const config = context.config()
  if (!existsSync(file)) throw usageError(`${file} does not exist.`)
  const stopping = new AbortController()
  void context.interrupted.then(() => stopping.abort())
  try {
    await put(file, replace, config, context, stopping.signal)
  } catch (error) {
    if (stopping.signal.aborted) throw new InterruptedError('Interrupted. The ledger is as it was.')
    throw error
  }
  context.terminal.out(`${file} is restored.`)
  context.terminal.out(
    'Before anything sends, run restore-check with --access-log, and with --sent-through if mails went out since the backup.',
  )
  return 0
}

async function put(
  file: string,
  replace: boolean,
  config: Config,
  { environment, clock, terminal }: CommandContext,
  signal: AbortSignal,
): Promise<void> {
  if (config.databaseUrl === null) {
    if (existsSync(join(config.dataDir, 'db'))) checkReplace(replace, config.dataDir)
    const stamp = clock().toISOString().slice(0, 19).replaceAll(':', '')
    const kept = await restoreEmbedded(file, config.dataDir, { stamp, signal })
    if (kept.length > 0) terminal.out(`What was there is kept as ${kept.join(', ')}.`)
    return
  }
  const pool = openPool({ kind: 'url', url: config.databaseUrl })
  try {
    await assertReachable(pool, 'DATABASE_URL')
    if (await hasLedger(pool)) {
      checkReplace(replace, 'The database')
      await checkStopped(pool)
    }
    await restorePostgres({ url: config.databaseUrl, file, environment, signal })
    // They ran when the backup was made.
    await pool.query('delete from workers')
  } finally {
    await pool.end()
  }
}

function checkReplace(replace: boolean, place: string): void {
  if (replace) return
  throw usageError(
    `${place} has a ledger already. Make a backup of it if it is worth anything, then add --replace. Nothing was changed.`,
  )
}

async function hasLedger(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ found: boolean }>(
    `select to_regclass('public.kysely_migration') is not null and to_regclass('public.workers') is not null as found`,
  )
  return rows[0]?.found === true
}

/** Checks with the database's clock, because a later schema may have another table for it, and only this column is needed. */
async function checkStopped(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ live: boolean }>(
    `select exists (select from workers where seen_at > now() - make_interval(secs => $1)) as live`,
    [WORKER_SILENT_MS / 1_000],
  )
  if (rows[0]?.live === true)
    throw new UserError(
      `A worker is running on this ledger, or was within the last ${WORKER_SILENT_MS / 1_000} s. Stop every process and run this command again.`,
    )
}
