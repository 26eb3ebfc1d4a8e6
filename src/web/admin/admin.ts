import type { FastifyInstance } from 'fastify'
import type { Site } from '../site.ts'
import { addDashboard } from './dashboard.tsx'
import { addEditionPages } from './edition.tsx'
import { addEditionsPages } from './editions.tsx'
import { addExport } from './export.ts'
import { guardPages } from './guard.ts'
import { addImportPages } from './import.tsx'
import { addLive } from './live.tsx'
import { addLogin } from './login.tsx'
import type { AdminParts } from './parts.ts'
import { addQueuePages } from './queues.tsx'
import { addReaderPages } from './reader.tsx'
import { addReadersPages } from './readers.tsx'
import { addRecordPages } from './record.tsx'
import { addSessionPages } from './sessions.tsx'
import { addSteering } from './steering.tsx'
import { addSuppressionPages } from './suppressions.tsx'

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
        addReadersPages(admin, site, parts)
        addReaderPages(admin, site, parts)
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
