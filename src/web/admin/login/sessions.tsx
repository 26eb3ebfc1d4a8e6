import type { FastifyInstance } from 'fastify'
import { recordAct } from '../../../ledger/operators/audit.ts'
import { endAllSessions, endSession, readSessions, type Session } from '../../../ledger/operators/sessions.ts'
import type { Site } from '../../layout/page.ts'

import { AdminAction, Moment, sendDesk, Table } from '../layout/admin-page.tsx'
import type { AdminParts } from '../parts.ts'
import { createCookieJar } from './cookies.ts'
import { actorOf, operatorOf } from './guard.ts'

/** Who is logged in, and the ways out. */
export function addSessionPages(admin: FastifyInstance, site: Site, parts: AdminParts): void {
  const jar = createCookieJar(parts.secure)
  admin.get('/sessions', async (request, reply) => {
    const operator = operatorOf(request)
    const sessions = await readSessions(parts.db, site.clock())
    return sendDesk(
      request,
      reply,
      { site, parts },
      {
        title: 'Sessions',
        room: 'sessions',
        content: <Sessions sessions={sessions} own={operator.id} csrf={operator.csrf} />,
      },
    )
  })
  admin.post('/logout', async (request, reply) => {
    await endSession(parts.db, operatorOf(request).id)
    await recordAct(parts.db, actorOf(request), { action: 'login.ended' }, site.clock())
    return reply.header('set-cookie', jar.write(jar.session, '', 0)).redirect('/admin/login', 303)
  })
  admin.post('/logout-everywhere', async (request, reply) => {
    const ended = await endAllSessions(parts.db)
    const act = { action: 'login.ended-everywhere', before: { sessions: ended }, after: { sessions: 0 } }
    await recordAct(parts.db, actorOf(request), act, site.clock())
    return reply.header('set-cookie', jar.write(jar.session, '', 0)).redirect('/admin/login', 303)
  })
}

function Sessions({
  sessions,
  own,
  csrf,
}: {
  readonly sessions: readonly Omit<Session, 'csrf'>[]
  readonly own: string
  readonly csrf: string
}) {
  return (
    <>
      <h1>Sessions</h1>
      <p className="lead">Everybody who is logged in now. A session ends after an hour without use.</p>
      <Table name="Sessions" columns={['Session', 'From', 'Since', 'Last used']}>
        {sessions.map((session) => (
          <tr key={session.id}>
            <td>
              <code>{session.label}</code> {session.id === own ? <span className="tag">this one</span> : null}
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
      <div className="acts">
        <AdminAction to="/admin/logout-everywhere" csrf={csrf} label="Log out everywhere" look="danger" />
      </div>
    </>
  )
}
