import type { FastifyInstance } from 'fastify'
import type { Site } from '../layout/page.ts'
import { addAuditLogPages } from './audit-log.tsx'
import { addDashboard } from './dashboard.tsx'
import type { AdminDeps } from './deps.ts'
import { addEditionPages } from './editions/edition.tsx'
import { addEditionsPages } from './editions/editions.tsx'
import { addSteering } from './editions/steering.tsx'
import { addLive } from './live.tsx'
import { guardPages } from './login/guard.ts'
import { addLogin } from './login/login.tsx'
import { addSessionPages } from './login/sessions.tsx'
import { addQueuePages } from './queues.tsx'
import { addExport } from './subscribers/export.ts'
import { addImportPages } from './subscribers/import.tsx'
import { addSubscriberPage } from './subscribers/subscriber.tsx'
import { addSubscriberListPages } from './subscribers/subscribers.tsx'
import { addSuppressionPages } from './subscribers/suppressions.tsx'

/** Adds the pages below `/admin`. All of them except the login need a session. */
export async function addAdminPages(web: FastifyInstance, site: Site, deps: AdminDeps): Promise<void> {
  await web.register(
    async (open) => {
      addLogin(open, site, deps)
      await open.register(async (admin) => {
        guardPages(admin, site, deps)
        addDashboard(admin, site, deps)
        addLive(admin, site, deps)
        addSteering(admin, site, deps)
        addSessionPages(admin, site, deps)
        addEditionsPages(admin, site, deps)
        addEditionPages(admin, site, deps)
        addSubscriberListPages(admin, site, deps)
        addSubscriberPage(admin, site, deps)
        await addImportPages(admin, site, deps)
        addExport(admin, site, deps)
        addSuppressionPages(admin, site, deps)
        addQueuePages(admin, site, deps)
        addAuditLogPages(admin, site, deps)
      })
    },
    { prefix: '/admin' },
  )
}
