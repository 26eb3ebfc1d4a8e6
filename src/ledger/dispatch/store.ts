import { bindDatabase } from '../connection/bind-database.ts'
import type { Database } from '../schema/database.ts'
import * as ahead from './ahead.ts'
import * as canary from './canary.ts'
import * as dueSubscribers from './due-subscribers.ts'
import * as openWork from './open-work.ts'
import * as warmup from './warmup.ts'
import * as writePage from './write-page.ts'
import * as zones from './zones.ts'

/** Binds the functions for dispatch, open work, workers and transport pauses. */
export function dispatchStore(db: Database) {
  return bindDatabase(
    db,
    { ...writePage, ...openWork, ...warmup, ...canary, ...zones, ...dueSubscribers, ...ahead },
    { retried: ['writePage', 'allocateQuota', 'openToEveryone', 'heartbeat'] },
  )
}
