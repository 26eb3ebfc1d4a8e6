import { bindDatabase } from '../connection/bind-database.ts'
import type { Database } from '../schema/database.ts'
import * as deliveryList from './delivery-list.ts'
import * as events from './events.ts'
import * as figures from './figures.ts'
import * as progress from './progress.ts'
import * as providerBlocks from './provider-blocks.ts'
import * as providerFigures from './provider-figures.ts'
import { createSendReader } from './send-reader.ts'
import * as sendStatus from './send-status.ts'
import * as status from './status.ts'
import * as waiting from './waiting.ts'

/** Binds the functions for the operator's figures and histories, and for reports of providers. */
export function reportStore(db: Database) {
  return {
    ...bindDatabase(db, {
      ...sendStatus,
      ...status,
      ...progress,
      ...waiting,
      ...figures,
      ...providerFigures,
      ...providerBlocks,
      ...events,
      ...deliveryList,
    }),
    ...createSendReader(db),
  }
}
