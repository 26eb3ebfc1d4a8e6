import { bindDatabase } from '../connection/bind-database.ts'
import type { Database } from '../schema/database.ts'
import * as addPending from './add-pending.ts'
import * as confirmations from './confirmations.ts'
import * as openSignup from './open-signup.ts'
import * as signups from './signups.ts'

/** Binds the functions for sign-ups, from the form to the confirmation. */
export function signUpStore(db: Database) {
  return bindDatabase(db, { ...signups, ...openSignup, ...confirmations, ...addPending })
}
