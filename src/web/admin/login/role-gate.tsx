import type { FastifyInstance } from 'fastify'
import { type Role, reaches } from '../../../domain/operator.ts'
import type { Site } from '../../layout/page.ts'
import type { AdminDeps } from '../deps.ts'
import { sendAdminPage } from '../layout/admin-page.tsx'
import { operatorOf } from './guard.ts'
import { leastRole } from './roles.ts'

/** Refuses requests that the operator’s role does not allow, before any handler runs, and says who may do it. */
export function gateRoles(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  admin.addHook('onRequest', async (request, reply) => {
    const { role } = operatorOf(request)
    const least = leastRole(request.method, request.routeOptions.url ?? '')
    if (reaches(role, least)) return
    const accounts = await deps.ledger.operators.listOperators()
    const able = accounts.filter((each) => each.hasPassword && each.disabledAt === null && reaches(each.role, least))
    const content = <Forbidden role={role} least={least} names={able.map(({ name }) => name)} />
    return sendAdminPage(request, reply, { site, deps }, { title: 'Not allowed', section: null, content }, 403)
  })
}

const NAMES_SHOWN = 10

function Forbidden({
  role,
  least,
  names,
}: {
  readonly role: Role
  readonly least: Role
  readonly names: readonly string[]
}) {
  const who = least === 'owner' ? 'an owner' : 'an editor or an owner'
  return (
    <>
      <h1>Not allowed</h1>
      <p className="lead">
        Only {who} can do this, and you are {role === 'editor' ? 'an editor' : 'a viewer'}. Nothing was changed.
      </p>
      {names.length === 0 ? null : (
        <p>
          Ask {names.slice(0, NAMES_SHOWN).join(', ')}
          {names.length > NAMES_SHOWN ? ' or another one' : ''}.
        </p>
      )}
      <p>
        <a href="/admin">Back to today’s send</a>
      </p>
    </>
  )
}
