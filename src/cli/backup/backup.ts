import { existsSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import type pg from 'pg'
import type { Config } from '../../../config/config.ts'
import { assertReachable, openPool } from '../../ledger/connection/database.ts'
import { backUpPostgres } from '../../ledger/connection/postgres-backup.ts'
import { isDatabaseLost } from '../../ledger/connection/reconnecting-pool.ts'
import { backUpEmbedded } from '../../ledger/embedded/backup.ts'
import { openEmbedded } from '../../ledger/embedded/embedded.ts'
import { checkNewFile, writePrivately } from '../../platform/atomic-file.ts'
import { InterruptedError, UserError, usageError } from '../../platform/errors.ts'
import type { CommandContext } from '../context.ts'

/**
 * `backup FILE`: writes a dump of the ledger, which may be in use. It migrates nothing, so a new version can make a backup
 * before its first start.
 */
export async function backUp(
  file: string,
  { force = false }: { readonly force?: boolean },
  context: CommandContext,
): Promise<number> {
  const config = context.config()
  checkNewFile(file, { force })
  if (config.databaseUrl === null) checkPlace(file, config)
  const stopping = new AbortController()
  void context.interrupted.then(() => stopping.abort())
  try {
    await writePrivately(file, { force }, (draft) => dump(draft, config, context, stopping.signal))
  } catch (error) {
    if (stopping.signal.aborted) throw new InterruptedError(`Interrupted. ${file} was not written.`)
    if (!isDatabaseLost(error)) throw error
    throw new UserError(
      `The database went away (${(error as Error).message}): ${file} was not written. Run the same command again.`,
    )
  }
  const size = `${(statSync(file).size / 1e6).toFixed(1)} MB`
  context.terminal.out(
    hasSecret(config)
      ? `${file} is written: ${size}, the ledger and the secret that signs links. Keep it as you keep passwords.`
      : `${file} is written: ${size}, the ledger. SECRET and OLD_SECRETS are not in it: keep them apart.`,
  )
  return 0
}

function hasSecret({ databaseUrl, dataDir }: Config): boolean {
  return databaseUrl === null && existsSync(join(dataDir, 'secret'))
}

/** Rejects a file within the folder of the embedded database, because PostgreSQL's folder must contain nothing else. */
function checkPlace(file: string, { dataDir }: Config): void {
  const db = join(dataDir, 'db')
  if (!existsSync(db))
    throw new UserError(`There is no ledger in ${dataDir}: nothing is there to back up. Is DATA_DIR the right folder?`)
  const way = relative(realpathSync(db), realpathSync(dirname(resolve(file))))
  if (!way.startsWith('..'))
    throw usageError(`${file} is within the database ${db}. Name a file elsewhere, best on another disk.`)
}

async function dump(draft: string, config: Config, context: CommandContext, signal: AbortSignal): Promise<void> {
  if (config.databaseUrl === null) {
    const embedded = await openEmbedded(config.dataDir, { runtimeDir: config.runtimeDir })
    const pool = openPool(embedded.address)
    try {
      await backUpEmbedded(pool, config.dataDir, { file: draft, signal })
    } finally {
      await pool.end()
      await embedded.close()
    }
    return
  }
  const url = config.databaseUrl
  const version = await versionOf(openPool({ kind: 'url', url }))
  await backUpPostgres({ url, version, file: draft, environment: context.environment, signal })
}

/** Returns the server's major version. */
async function versionOf(pool: pg.Pool): Promise<number> {
  try {
    await assertReachable(pool, 'DATABASE_URL')
    const { rows } = await pool.query<{ server_version_num: string }>('show server_version_num')
    return Math.floor(Number(rows[0]?.server_version_num) / 10_000)
  } finally {
    await pool.end()
  }
}
