import type { FastifyInstance } from 'fastify'
import { COMPLAINT_PERCENT_GOOD, COMPLAINT_PERCENT_MAX, EDITIONS_SHOWN_MAX } from '../../../../config/limits-web.ts'
import { parseDay } from '../../../domain/day.ts'
import type { EditionFigures } from '../../../ledger/reports/figures.ts'
import { LineChart } from '../../layout/chart.tsx'
import type { Site } from '../../layout/page.ts'
import { figures, Table } from '../../layout/table.tsx'
import type { AdminDeps } from '../deps.ts'
import { sendAdminPage } from '../layout/admin-page.tsx'
import { formatPercent, grouped } from '../layout/figures.ts'

/** Adds `/admin/editions`: past editions with their figures. */
export function addEditionsPages(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  admin.get<{ Querystring: { before?: string } }>('/editions', async (request, reply) => {
    const before = parseDay(request.query.before ?? '')
    const editions = await deps.ledger.reports.readEditionFigures(before, EDITIONS_SHOWN_MAX)
    const last = editions.length < EDITIONS_SHOWN_MAX ? undefined : editions.at(-1)
    return sendAdminPage(
      request,
      reply,
      { site, deps },
      {
        title: 'Editions',
        section: 'editions',
        content: (
          <>
            <h1>Editions</h1>
            {editions.length === 0 ? (
              <p className="sheet empty">No editions yet.</p>
            ) : (
              <>
                <div className="charts">
                  <OutcomeChart editions={[...editions].reverse().filter((edition) => edition.taken > 0)} />
                </div>
                <EditionTable editions={editions} />
              </>
            )}
            {last === undefined ? null : <a href={`/admin/editions?before=${last.day}`}>Older</a>}
          </>
        ),
      },
    )
  })
}

/** Column headings of the counts. */
const LABELS = {
  candidates: 'recipients',
  taken: 'sent',
  skipped: 'skipped',
  refused: 'rejected',
  uncertain: 'unconfirmed',
  open: 'open',
} as const

function EditionTable({ editions }: { readonly editions: readonly EditionFigures[] }) {
  const names = Object.keys(LABELS) as (keyof typeof LABELS)[]
  return (
    <Table
      name="Editions"
      columns={[
        'Day',
        'State',
        figures('papers'),
        ...names.map((name) => figures(LABELS[name])),
        figures('bounced'),
        figures('complained'),
      ]}
    >
      {editions.map((edition) => (
        <tr key={edition.day}>
          <th scope="row">
            <a href={`/admin/editions/${edition.day}`}>{edition.day}</a>
          </th>
          <td>
            {edition.state === 'published' && edition.sending !== 'running' ? edition.sending : edition.state}
            {edition.reason === null ? null : <div className="soft small">{edition.reason}</div>}
          </td>
          <td className="number">{grouped(edition.papers)}</td>
          {names.map((name) => (
            <td key={name} className="number">
              {grouped(edition[name])}
            </td>
          ))}
          <td className="number">{formatPercent(edition.bounced, edition.taken)}</td>
          <td className="number">{formatPercent(edition.complained, edition.taken)}</td>
        </tr>
      ))}
    </Table>
  )
}

/** Shows bounces and complaints of each edition, with Gmail's limits for complaints. */
function OutcomeChart({ editions }: { readonly editions: readonly EditionFigures[] }) {
  const share = (part: number, whole: number) => Math.round((part / whole) * 10_000) / 100
  const complaints = editions.map((edition) => share(edition.complained, edition.taken))
  const over = complaints.filter((value) => value >= COMPLAINT_PERCENT_GOOD).length
  return (
    <LineChart
      id="outcomes"
      title="Bounces and complaints by edition"
      words={
        over === 0
          ? 'Complaints were below Gmail’s 0.1 % in every edition.'
          : `Complaints reached Gmail’s 0.1 % in ${over} of ${editions.length} editions.`
      }
      labels={editions.map((edition) => edition.day)}
      series={[
        { name: 'complaints', points: complaints },
        { name: 'bounces', points: editions.map((edition) => share(edition.bounced, edition.taken)) },
      ]}
      limits={[
        { name: 'complaints: below 0.1 %', at: COMPLAINT_PERCENT_GOOD },
        { name: 'complaints: never 0.3 %', at: COMPLAINT_PERCENT_MAX },
      ]}
      format={(value) => `${Math.round(value * 100) / 100} %`}
    />
  )
}
