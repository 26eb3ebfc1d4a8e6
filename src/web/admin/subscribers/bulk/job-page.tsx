import type { BulkJob, BulkState } from '../../../../domain/segments/bulk.ts'
import { filterWords, readFilter } from '../../../../domain/segments/filter.ts'
import { figures, Table } from '../../../layout/table.tsx'
import { ActionForm, Moment } from '../../layout/admin-page.tsx'
import { grouped } from '../../layout/figures.ts'
import { BULK_WORDS } from './bulk-page.tsx'

const STATES: Readonly<Record<BulkState, readonly [tone: string, words: string]>> = {
  running: ['', 'running'],
  done: ['good', 'done'],
  stopped: ['warn', 'stopped'],
  failed: ['bad', 'failed'],
}

/** Shows the progress of a bulk action. The browser reloads it while the action runs. */
export function BulkJobPage({ job, csrf }: { readonly job: BulkJob; readonly csrf: string }) {
  return (
    <>
      <h1>{nameOf(job)}</h1>
      <p className="state">
        <StateTag state={job.state} /> {progressWords(job)}
      </p>
      <div className="progress">
        <label htmlFor="progress">
          {grouped(job.examined)} of {grouped(job.expected)} looked at
        </label>
        <progress id="progress" max={Math.max(1, job.expected)} value={Math.min(job.examined, job.expected)} />
      </div>
      <dl className="facts">
        <dt>Search</dt>
        <dd>{searchOf(job)}</dd>
        <dt>Changed</dt>
        <dd data-term="changed">{grouped(job.changed)}</dd>
        <dt>Not changed</dt>
        <dd>{grouped(job.examined - job.changed)}: they were already so, or their state does not allow it.</dd>
        <dt>Reason</dt>
        <dd>{job.reason}</dd>
        <dt>Started</dt>
        <dd>
          by {job.who}, <Moment at={job.createdAt} seconds />
        </dd>
        {job.finishedAt === null ? null : (
          <>
            <dt>Ended</dt>
            <dd>
              <Moment at={job.finishedAt} seconds />
            </dd>
          </>
        )}
      </dl>
      {job.state === 'running' ? (
        <ActionForm to={`/admin/readers/bulk/jobs/${job.id}/stop`} csrf={csrf} label="Stop" look="danger" />
      ) : null}
      <p>
        <a href="/admin/readers/bulk/jobs">All bulk actions</a>
      </p>
    </>
  )
}

/** Lists the newest bulk actions. */
export function BulkJobsPage({ jobs }: { readonly jobs: readonly BulkJob[] }) {
  return (
    <>
      <h1>Bulk actions</h1>
      <p className="lead">
        One change for all subscribers of a search. To start one, <a href="/admin/readers">search</a> and choose “Change
        them all”.
      </p>
      {jobs.length === 0 ? (
        <p className="sheet empty">No bulk actions yet.</p>
      ) : (
        <Table name="Bulk actions" columns={['Started', 'Action', 'State', 'Search', figures('Changed'), 'By']}>
          {jobs.map((job) => (
            <tr key={job.id}>
              <td>
                <Moment at={job.createdAt} />
              </td>
              <th scope="row">
                <a href={`/admin/readers/bulk/jobs/${job.id}`}>{nameOf(job)}</a>
              </th>
              <td>
                <StateTag state={job.state} />
              </td>
              <td>{searchOf(job)}</td>
              <td className="number">
                {grouped(job.changed)} of {grouped(job.expected)}
              </td>
              <td>{job.who}</td>
            </tr>
          ))}
        </Table>
      )}
    </>
  )
}

function StateTag({ state }: { readonly state: BulkState }) {
  const [tone, words] = STATES[state]
  return <span className={`tag ${tone}`}>{words}</span>
}

function progressWords({ state }: BulkJob): string {
  switch (state) {
    case 'running':
      return 'A worker carries it out, also after a restart. This page reloads itself.'
    case 'done':
      return 'Every subscriber of the search was looked at.'
    case 'stopped':
      return 'An operator stopped it. What was changed before stays changed.'
    case 'failed':
      return 'It failed several times in a row. The log of the worker says why. What was changed before stays changed.'
  }
}

function nameOf({ kind, options }: BulkJob): string {
  const { name } = BULK_WORDS[kind]
  if (options.interest !== undefined) return `${name}: ${options.interest}`
  return kind === 'pause' && options.until ? `${name} until ${options.until}` : name
}

function searchOf({ filter }: BulkJob): string {
  return filterWords(readFilter(filter).filter)
}
