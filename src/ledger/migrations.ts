import type { Migration } from 'kysely'
import { up as dailyRound } from './migrations/0001-daily-round.ts'
import { up as providerEvents } from './migrations/0005-provider-events.ts'

/** Every migration, oldest first. They are only ever added to: see CONTRIBUTING.md. */
export const MIGRATIONS: Record<string, Migration> = {
  '0001-daily-round': { up: dailyRound },
  '0005-provider-events': { up: providerEvents },
}
