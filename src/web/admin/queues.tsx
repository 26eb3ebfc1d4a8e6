import type { FastifyInstance } from 'fastify'
import type { Site } from '../layout/page.ts'
import { figures, Table } from '../layout/table.tsx'
import type { AdminDeps, QueueState } from './deps.ts'
import { sendAdminPage } from './layout/admin-page.tsx'
import { grouped, span } from './layout/figures.ts'

/** `/admin/queues`: how deep each queue is and what has waited longest, on either back end. */
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
        room: 'queues',
        content: (
          <>
            <h1>Queues</h1>
            <p className="lead">
              The ledger is the truth and a job only a hint: a queue that was emptied fills again within a minute.
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
      columns={['Queue', ...['waiting', 'at work', 'for later', 'oldest waiting'].map((name) => figures(name))]}
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
