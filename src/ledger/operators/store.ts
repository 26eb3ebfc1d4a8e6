import { bindDatabase } from '../connection/bind-database.ts'
import type { Database } from '../schema/database.ts'
import * as audit from './audit.ts'
import * as loginLimits from './login-limits.ts'
import * as sessions from './sessions.ts'

/** Binds the functions for operators: sessions, login limits and the audit log. */
export function operatorStore(db: Database) {
  return bindDatabase(db, { ...sessions, ...loginLimits, ...audit })
}
