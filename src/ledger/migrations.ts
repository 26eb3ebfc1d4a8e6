import type { Migration } from 'kysely'
import { up as initial } from './migrations/0001-initial.ts'

/** Every migration, oldest first. A migration that was released is never changed: add a new one instead. */
export const MIGRATIONS: Record<string, Migration> = {
  '0001-initial': { up: initial },
}
