import type { Migration } from 'kysely'
import { up as dailyRound } from './migrations/0001-daily-round.ts'
import { up as operators } from './migrations/0006-operators.ts'

/** Every migration, oldest first. They are only ever added to: see CONTRIBUTING.md. */
export const MIGRATIONS: Record<string, Migration> = {
  '0001-daily-round': { up: dailyRound },
  '0006-operators': { up: operators },
}
