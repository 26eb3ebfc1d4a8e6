import type { FastifyInstance } from 'fastify'
import { sendErrorPage } from '../layout/errors.tsx'
import type { Site } from '../layout/page.ts'
import { keepEnglish } from '../requests/language.ts'
import { addAccountPages } from './account/account.tsx'
import { addPasskeyPages } from './account/passkeys.ts'
import { addTwoFactorPages } from './account/two-factor.tsx'
import { addAuditLogPages } from './audit/audit-log.tsx'
import { addDashboard } from './dashboard.tsx'
import { addDeliveryPages } from './deliveries/deliveries.tsx'
import type { AdminDeps } from './deps.ts'
import { addApproval } from './editions/approve.ts'
import { addEditionPages } from './editions/edition.tsx'
import { addEditionsPages } from './editions/editions.tsx'
import { addLookRoutes } from './editions/look/look-routes.ts'
import { addSteering } from './editions/steering.tsx'
import { addLive } from './live.tsx'
import { guardPages } from './login/guard.ts'
import { addLogin } from './login/login.ts'
import { gateRoles } from './login/role-gate.tsx'
import { addSessionPages } from './login/sessions.tsx'
import { addInvitation } from './operators/invitation.tsx'
import { addOperatorPages } from './operators/operators.tsx'
import { addQueuePages } from './queues.tsx'
import { addImportPages } from './subscribers/import.tsx'
import { addSubscriberPages } from './subscribers/pages.ts'
import { addSuppressionPages } from './subscribers/suppressions.tsx'

/** Adds the pages below `/admin`. All of them except the login and invitations need a session. */
export async function addAdminPages(web: FastifyInstance, site: Site, deps: AdminDeps): Promise<void> {
  await web.register(
    async (open) => {
      keepEnglish(open)
      hideUnlessUsed(open, site, deps)
      await addLogin(open, site, deps)
      addInvitation(open, site, deps)
      await open.register(async (admin) => {
        guardPages(admin, site, deps)
        gateRoles(admin, site, deps)
        addDashboard(admin, site, deps)
        addLive(admin, site, deps)
        addSteering(admin, site, deps)
        addSessionPages(admin, site, deps)
        addAccountPages(admin, site, deps)
        addTwoFactorPages(admin, site, deps)
        addPasskeyPages(admin, site, deps)
        addOperatorPages(admin, site, deps)
        addEditionsPages(admin, site, deps)
        addEditionPages(admin, site, deps)
        addApproval(admin, site, deps)
        addLookRoutes(admin, site, deps)
        addSubscriberPages(admin, site, deps)
        addDeliveryPages(admin, site, deps)
        await addImportPages(admin, site, deps)
        addSuppressionPages(admin, site, deps)
        addQueuePages(admin, site, deps)
        addAuditLogPages(admin, site, deps)
      })
    },
    { prefix: '/admin' },
  )
}

/** Answers 404 while there is neither ADMIN_PASSWORD nor an account: nobody uses Admin then. */
function hideUnlessUsed(open: FastifyInstance, site: Site, { checkPassword, ledger }: AdminDeps): void {
  let isUsed = checkPassword !== null
  open.addHook('onRequest', async (_request, reply) => {
    isUsed ||= await ledger.operators.hasOperators()
    if (!isUsed) return sendErrorPage(reply, site, 404)
  })
}
