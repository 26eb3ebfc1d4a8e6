import { bindDatabase } from '../connection/bind-database.ts'
import type { Database } from '../schema/database.ts'
import * as find from './find.ts'
import * as segments from './segments.ts'

/** Binds the functions for searches of subscribers and saved segments. */
export function segmentStore(db: Database) {
  return bindDatabase(db, { ...find, ...segments })
}
