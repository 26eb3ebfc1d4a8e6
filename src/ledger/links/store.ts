import { bindDatabase } from '../connection/bind-database.ts'
import type { Database } from '../schema/database.ts'
import * as addressChange from './address-change.ts'
import * as formerAddresses from './former-addresses.ts'
import * as freshLinks from './fresh-links.ts'
import * as linkGenerations from './link-generations.ts'

/** Binds the functions for the links of subscribers: generations, new links and address changes. */
export function linkStore(db: Database) {
  return bindDatabase(db, { ...linkGenerations, ...freshLinks, ...addressChange, ...formerAddresses })
}
