import type { FastifyInstance, FastifyRequest } from 'fastify'
import { IMPORT_FAULTS_SHOWN_MAX } from '../../../../config/limits-subscriptions.ts'
import { ADMIN_IMPORT_BYTES_MAX } from '../../../../config/limits-web.ts'
import type { Site } from '../../layout/page.ts'
import { figures, Table } from '../../layout/table.tsx'
import { acceptUploads } from '../../requests/upload.ts'
import type { AdminDeps } from '../deps.ts'
import { HiddenFields, Note, sendAdminPage } from '../layout/admin-page.tsx'
import { grouped } from '../layout/figures.ts'
import { actorOf, field, operatorOf } from '../login/guard.ts'
import { type ImportListResult, importList } from './import-list.ts'

interface Shown {
  readonly csv: string
  readonly note: string
  readonly fault: string | null
  readonly outcome: ({ readonly done: boolean } & Extract<ImportListResult, { kind: 'read' }>) | null
}

const NOTHING: Shown = { csv: '', note: '', fault: null, outcome: null }

/** Adds `/admin/readers/import`, which shows the changes of an uploaded or pasted list before it makes them. */
export async function addImportPages(admin: FastifyInstance, site: Site, deps: AdminDeps): Promise<void> {
  const show = (shown: Shown, csrf: string) =>
    ({
      title: 'Import subscribers',
      section: 'subscribers',
      content: <ImportPage shown={shown} csrf={csrf} />,
    }) as const
  admin.get('/readers/import', async (request, reply) =>
    sendAdminPage(request, reply, { site, deps }, show(NOTHING, operatorOf(request).csrf)),
  )
  await admin.register(async (withFiles) => {
    acceptUploads(withFiles, ADMIN_IMPORT_BYTES_MAX)
    withFiles.post('/readers/import', { bodyLimit: ADMIN_IMPORT_BYTES_MAX * 2 }, async (request, reply) => {
      const shown = await importFrom(request, site, deps)
      const page = show(shown, operatorOf(request).csrf)
      return sendAdminPage(request, reply, { site, deps }, page, shown.fault === null ? 200 : 422)
    })
  })
}

async function importFrom(request: FastifyRequest, site: Site, deps: AdminDeps): Promise<Shown> {
  const csv = field(request, 'file') || field(request, 'csv')
  const note = field(request, 'note')
  const reject = (fault: string): Shown => ({ csv: '', note, fault, outcome: null })
  if (field(request, 'cut') !== '')
    return reject(
      `The file is larger than ${ADMIN_IMPORT_BYTES_MAX / 1024 / 1024} MB. Use: paperround subscribers import FILE.csv`,
    )
  if (csv === '') return reject('Choose a file, or paste CSV.')
  const at = site.clock()
  const done = field(request, 'do') === 'add'
  const result = await importList({ csv, note, trial: !done, at }, deps)
  if (result.kind === 'unreadable') return { ...reject(result.reason), csv }
  if (!done) return { csv, note, fault: null, outcome: { done, ...result } }
  const action = { action: 'subscribers.imported', after: { ...result.tally, bad: result.faults.length } }
  await deps.ledger.operators.recordAction(actorOf(request), action, at)
  return { csv: '', note: '', fault: null, outcome: { done, ...result } }
}

function ImportPage({ shown, csrf }: { readonly shown: Shown; readonly csrf: string }) {
  const { fault, outcome } = shown
  return (
    <>
      <h1>Import subscribers</h1>
      {fault === null ? null : <Note note={{ kind: 'bad', words: fault }} />}
      {outcome === null ? null : <Outcome {...outcome} />}
      <form method="post" action="/admin/readers/import" encType="multipart/form-data" className="stack panel">
        <HiddenFields csrf={csrf} />
        <div className="field">
          <label htmlFor="file">CSV file</label>
          <input id="file" name="file" type="file" accept=".csv,text/csv" aria-describedby="file-hint" />
          <p className="hint" id="file-hint">
            Up to {ADMIN_IMPORT_BYTES_MAX / 1024 / 1024} MB. The first line names the columns. Only email is required.
            Optional: interests (a;b), muted, authors, frequency, timezone, hour, weekday, weekdays, length, format,
            titles, rest, consent. An export has all of them.
          </p>
        </div>
        <div className="field">
          <label htmlFor="csv">Or paste CSV</label>
          <textarea id="csv" name="csv" rows={6} spellCheck={false} defaultValue={shown.csv} />
        </div>
        <div className="field">
          <label htmlFor="note">Source of consent</label>
          <input id="note" name="note" type="text" defaultValue={shown.note} aria-describedby="note-hint" />
          <p className="hint" id="note-hint">
            For lines without a value in the consent column.
          </p>
        </div>
        <div className="actions">
          <button type="submit" name="do" value="check" className={outcome === null ? undefined : 'quiet'}>
            Preview changes
          </button>
          {outcome !== null && !outcome.done && outcome.tally.added + outcome.tally.stopped > 0 ? (
            <button type="submit" name="do" value="add">
              {outcome.tally.added > 0
                ? `Add ${grouped(outcome.tally.added)} ${outcome.tally.added === 1 ? 'subscriber' : 'subscribers'}`
                : 'Apply unsubscribes and suppressions'}
            </button>
          ) : null}
        </div>
      </form>
    </>
  )
}

function Outcome({ done, program, tally, faults }: NonNullable<Shown['outcome']>) {
  const words = `${grouped(tally.added)} ${done ? 'added' : 'would be added'}, ${grouped(tally.known)} already known, ${grouped(tally.suppressed)} suppressed, ${grouped(faults.length)} ${faults.length === 1 ? 'line' : 'lines'} with errors.`
  return (
    <>
      <Note note={{ kind: 'good', words: done ? words : `Nothing has been changed yet: ${words}` }} />
      {program === null ? null : <p>This is an export of {program}. Columns that are not needed are ignored.</p>}
      {tally.stopped + tally.skipped === 0 ? null : (
        <p>
          According to the list, {grouped(tally.stopped)} must not get mail ({grouped(tally.ended)} of them subscribed
          here), and {grouped(tally.skipped)} were left out because they have not confirmed or have no address.
        </p>
      )}
      {faults.length === 0 ? null : (
        <Table name="Lines with errors" columns={[figures('Line', 'number narrow'), 'Error']}>
          {faults.slice(0, IMPORT_FAULTS_SHOWN_MAX).map(({ line, reason }) => (
            <tr key={line}>
              <td className="number">{line}</td>
              <td>{reason}</td>
            </tr>
          ))}
        </Table>
      )}
    </>
  )
}
