import type { FastifyInstance } from 'fastify'
import type { Site } from '../layout/page.ts'

import { addRecordPages } from './audit-log.tsx'
import { addDashboard } from './dashboard.tsx'
import { addEditionPages } from './editions/edition.tsx'
import { addEditionsPages } from './editions/editions.tsx'
import { addSteering } from './editions/steering.tsx'
import { addLive } from './live.tsx'
import { guardPages } from './login/guard.ts'
import { addLogin } from './login/login.tsx'
import { addSessionPages } from './login/sessions.tsx'
import type { AdminParts } from './parts.ts'
import { addQueuePages } from './queues.tsx'
import { addExport } from './subscribers/export.ts'
import { addImportPages } from './subscribers/import.tsx'
import { addSubscriberPages } from './subscribers/subscriber.tsx'
import { addSubscriberListPages } from './subscribers/subscribers.tsx'
import { addSuppressionPages } from './subscribers/suppressions.tsx'

/** `/admin`: the operator's desk, a page family a file, all of them but the login behind the guard. */
export async function addAdminPages(web: FastifyInstance, site: Site, parts: AdminParts): Promise<void> {
  await web.register(
    async (door) => {
      addLogin(door, site, parts)
      await door.register(async (admin) => {
        guardPages(admin, site, parts)
        addDashboard(admin, site, parts)
        addLive(admin, site, parts)
        addSteering(admin, site, parts)
        addSessionPages(admin, site, parts)
        addEditionsPages(admin, site, parts)
        addEditionPages(admin, site, parts)
        addSubscriberListPages(admin, site, parts)
        addSubscriberPages(admin, site, parts)
        await addImportPages(admin, site, parts)
        addExport(admin, site, parts)
        addSuppressionPages(admin, site, parts)
        addQueuePages(admin, site, parts)
        addRecordPages(admin, site, parts)
      })
    },
    { prefix: '/admin' },
  )
}
