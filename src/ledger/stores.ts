import { bulkStore } from './bulk/store.ts'
import { bindDatabase } from './connection/bind-database.ts'
import * as settings from './connection/settings.ts'
import { deliveryStore } from './deliveries/store.ts'
import { dispatchStore } from './dispatch/store.ts'
import { editionStore } from './editions/store.ts'
import { linkStore } from './links/store.ts'
import { maintenanceStore } from './maintenance/store.ts'
import { operatorStore } from './operators/store.ts'
import { reportStore } from './reports/store.ts'
import type { Database } from './schema/database.ts'
import { segmentStore } from './segments/store.ts'
import { signUpStore } from './signups/store.ts'
import { subscriberStore } from './subscribers/store.ts'

/** The stores of one ledger. The stories, the pages and the commands use them in place of the database. */
export type Stores = ReturnType<typeof openStores>

/** @param records the database for the records of calls, where it is not the same. */
export function openStores(db: Database, records = db) {
  return {
    bulk: bulkStore(db),
    deliveries: deliveryStore(db, records),
    dispatches: dispatchStore(db),
    editions: editionStore(db),
    links: linkStore(db),
    maintenance: maintenanceStore(db),
    operators: operatorStore(db),
    reports: reportStore(db),
    segments: segmentStore(db),
    settings: bindDatabase(db, { ...settings }),
    signUps: signUpStore(db),
    subscribers: subscriberStore(db),
  }
}
