import { bindDatabase } from '../connection/bind-database.ts'
import type { Database } from '../schema/database.ts'
import * as claim from './claim.ts'
import * as providerEvents from './provider-events.ts'
import * as requeue from './requeue.ts'
import * as restore from './restore.ts'
import * as sentDigest from './sent-digest.ts'
import * as settle from './settle.ts'
import * as takeBack from './take-back.ts'
import * as transactional from './transactional.ts'

/** Parcels, deliveries and transactional emails, from the claim to what providers report about them. */
export function deliveryStore(db: Database) {
  return bindDatabase(db, {
    ...claim,
    ...settle,
    ...takeBack,
    ...requeue,
    ...restore,
    ...transactional,
    ...providerEvents,
    ...sentDigest,
  })
}
