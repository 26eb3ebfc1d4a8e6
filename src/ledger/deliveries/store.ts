import { bindDatabase } from '../connection/bind-database.ts'
import type { Database } from '../schema/database.ts'
import * as claim from './claim/claim.ts'
import * as providerEvents from './provider-events.ts'
import * as receivedDigests from './received-digests.ts'
import * as recordCalls from './record-calls.ts'
import * as requeue from './requeue.ts'
import * as restore from './restore.ts'
import * as samples from './samples.ts'
import * as sentDigest from './sent-digest.ts'
import * as settle from './settle.ts'
import * as takeBack from './take-back.ts'
import * as transactional from './transactional.ts'

/**
 * Binds the functions for parcels, deliveries and transactional emails, from the claim to the reports of providers.
 * @param records the database for the statement that is repeated for every few messages.
 */
export function deliveryStore(db: Database, records: Database) {
  return {
    ...bindDatabase(db, {
      ...claim,
      ...settle,
      ...takeBack,
      ...requeue,
      ...restore,
      ...transactional,
      ...providerEvents,
      ...sentDigest,
      ...receivedDigests,
      ...samples,
    }),
    ...bindDatabase(records, { ...recordCalls }),
  }
}
