import type { FastifyInstance } from 'fastify'
import type { Site } from '../site.ts'
import { addDashboard } from './dashboard.tsx'
import { guardPages } from './guard.ts'
import { addLive } from './live.tsx'
import { addLogin } from './login.tsx'
import type { AdminParts } from './parts.ts'
import { addSessionPages } from './sessions.tsx'
import { addSteering } from './steering.tsx'

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
      })
    },
    { prefix: '/admin' },
  )
}
