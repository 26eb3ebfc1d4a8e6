import type { FastifyInstance } from 'fastify'
import type { Site } from '../layout/page.ts'
import { figures, Table } from '../layout/table.tsx'
import type { AdminDeps, QueueState } from './deps.ts'
import { sendAdminPage } from './layout/admin-page.tsx'
import { grouped, span } from './layout/figures.ts'

/** Adds `/admin/queues`: the depth and the oldest job of each queue, on either back end. */
export function addQueuePages(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  admin.get('/queues', async (request, reply) => {
    const read = await deps.readQueues().then(
      (queues) => ({ queues, fault: null }),
      (error: Error) => ({ queues: [], fault: error.message }),
    )
    return sendAdminPage(
      request,
      reply,
      { site, deps },
      {
        title: 'Queues',
        section: 'queues',
        content: (
          <>
            <h1>Queues</h1>
            <p className="lead">
              The database decides what is sent. If a queue loses its jobs, it fills again within a minute.
            </p>
            {read.fault === null ? (
              <QueueTable queues={read.queues} now={site.clock()} />
            ) : (
              <p className="message bad" role="alert">
                The queue does not answer: {read.fault}
              </p>
            )}
          </>
        ),
      },
    )
  })
}

function QueueTable({ queues, now }: { readonly queues: readonly QueueState[]; readonly now: Date }) {
  return (
    <Table
      name="Queues"
      columns={['Queue', ...['waiting', 'active', 'delayed', 'longest wait'].map((name) => figures(name))]}
    >
      {queues.map(({ name, waiting, active, delayed, oldestAt }) => (
        <tr key={name}>
          <th scope="row">{name}</th>
          <td className="number">{grouped(waiting)}</td>
          <td className="number">{grouped(active)}</td>
          <td className="number">{grouped(delayed)}</td>
          <td className="number">
            {oldestAt === null ? '–' : span(Math.max(0, (now.getTime() - oldestAt.getTime()) / 1_000))}
          </td>
        </tr>
      ))}
    </Table>
  )
}
