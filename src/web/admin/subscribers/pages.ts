import type { FastifyInstance } from 'fastify'
import type { Site } from '../../layout/page.ts'
import type { AdminDeps } from '../deps.ts'
import { addBulkPages } from './bulk/bulk.tsx'
import { addEditPages } from './edit/edit.tsx'
import { addNewSubscriberPage } from './edit/new.tsx'
import { addExport } from './export.ts'
import { addSegmentPages } from './segments/segments.tsx'
import { addHistoryPages } from './subscriber/history.tsx'
import { addSubscriberPage } from './subscriber/subscriber.tsx'
import { addSubscriberListPages } from './subscribers.tsx'

/** Adds the pages that find, add, change and export subscribers. */
export function addSubscriberPages(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  addSubscriberListPages(admin, site, deps)
  addNewSubscriberPage(admin, site, deps)
  addSubscriberPage(admin, site, deps)
  addHistoryPages(admin, site, deps)
  addEditPages(admin, site, deps)
  addBulkPages(admin, site, deps)
  addSegmentPages(admin, site, deps)
  addExport(admin, site, deps)
}
