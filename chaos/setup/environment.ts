import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'
import { writePapers } from '../../test/support/invented-papers.ts'
import { HURRY, MUTATIONS } from '../faults/changes.ts'
import { type ClockChange, PAPERS_A_DAY, SCHEDULED } from './editions.ts'
import type { ChaosRun } from './options.ts'

export const SECRET = 'a secret of the chaos harness, long enough'

interface EnvironmentOptions extends Pick<ChaosRun, 'options' | 'servers' | 'provider' | 'clock'> {
  readonly port: number
  readonly dir: string
  readonly clockChange: ClockChange
}

/** Returns the environment of the program’s processes, with their clock and their changed code. */
export function environment({ options, servers, provider, clock, port, dir, clockChange }: EnvironmentOptions) {
  const changes = [...(options.hurry ? HURRY : []), ...(options.mutation ? MUTATIONS[options.mutation] : [])]
  return {
    NODE_OPTIONS: `--import=${join(PACKAGE_ROOT, 'chaos/preload.js')}`,
    CHAOS: JSON.stringify({ clock: clock.file, changes }),
    DATABASE_URL: servers.databaseUrl,
    REDIS_URL: servers.redisUrl,
    DATA_DIR: dir,
    SECRET,
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    MAIL_FROM: 'Paperround <digest@papers.example.org>',
    PARCEL_SIZE: String(options.parcelSize),
    EDITION_SOURCES: writePapers(dir, clockChange.day, PAPERS_A_DAY, SCHEDULED),
    EDITION_TIMEZONE: 'Europe/Berlin',
    EDITION_CRON: '0 2 * * *',
    LOG_LEVEL: process.env.CHAOS_LOG ?? 'silent',
    ...provider.env,
  }
}
