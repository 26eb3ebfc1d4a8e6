import type { FastifyInstance } from 'fastify'
import type { ListedSession } from '../../../ledger/operators/sessions.ts'
import type { Site } from '../../layout/page.ts'
import { Table } from '../../layout/table.tsx'
import type { AdminDeps } from '../deps.ts'
import { ActionForm, Moment, sendAdminPage } from '../layout/admin-page.tsx'
import { createCookieJar } from './cookies.ts'
import { actorOf, operatorOf } from './guard.ts'

/** Adds the list of open sessions, and the logout actions. */
export function addSessionPages(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  const jar = createCookieJar(deps.secure)
  admin.get('/sessions', async (request, reply) => {
    const operator = operatorOf(request)
    const sessions = await deps.ledger.operators.readSessions(site.clock())
    return sendAdminPage(
      request,
      reply,
      { site, deps },
      {
        title: 'Sessions',
        section: 'operators',
        content: <Sessions sessions={sessions} own={operator.id} csrf={operator.csrf} />,
      },
    )
  })
  admin.post('/logout', async (request, reply) => {
    await deps.ledger.operators.endSession(operatorOf(request).id)
    await deps.ledger.operators.recordAction(actorOf(request), { action: 'login.ended' }, site.clock())
    return reply.header('set-cookie', jar.write(jar.session, '', 0)).redirect('/admin/login', 303)
  })
  admin.post('/logout-everywhere', async (request, reply) => {
    const ended = await deps.ledger.operators.endAllSessions()
    const action = { action: 'login.ended-everywhere', before: { sessions: ended }, after: { sessions: 0 } }
    await deps.ledger.operators.recordAction(actorOf(request), action, site.clock())
    return reply.header('set-cookie', jar.write(jar.session, '', 0)).redirect('/admin/login', 303)
  })
}

function Sessions({
  sessions,
  own,
  csrf,
}: {
  readonly sessions: readonly ListedSession[]
  readonly own: string
  readonly csrf: string
}) {
  return (
    <>
      <h1>Sessions</h1>
      <p className="lead">Everyone who is logged in. A session ends after one hour without use.</p>
      <Table name="Sessions" columns={['Operator', 'Session', 'IP address', 'Since', 'Last used']}>
        {sessions.map((session) => (
          <tr key={session.id}>
            <td dir="auto">{session.operatorId === null ? 'ADMIN_PASSWORD' : session.name}</td>
            <td>
              <code>{session.label}</code> {session.id === own ? <span className="tag">this session</span> : null}
            </td>
            <td>{session.address}</td>
            <td>
              <Moment at={session.createdAt} />
            </td>
            <td>
              <Moment at={session.seenAt} />
            </td>
          </tr>
        ))}
      </Table>
      <div className="actions">
        <ActionForm to="/admin/logout-everywhere" csrf={csrf} label="Log out everywhere" look="danger" />
      </div>
    </>
  )
}
