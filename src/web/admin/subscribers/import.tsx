import type { FastifyInstance, FastifyRequest } from 'fastify'
import { IMPORT_FAULTS_SHOWN_MAX } from '../../../../config/limits-subscriptions.ts'
import { ADMIN_IMPORT_BYTES_MAX } from '../../../../config/limits-web.ts'
import type { Site } from '../../layout/page.ts'
import { figures, Table } from '../../layout/table.tsx'
import type { AdminDeps } from '../deps.ts'
import { Hidden, Note, sendAdminPage } from '../layout/admin-page.tsx'
import { grouped } from '../layout/figures.ts'
import { actorOf, field, operatorOf } from '../login/guard.ts'
import { type ImportListResult, importList } from './import-list.ts'
import { takeFiles } from './upload.ts'

interface Shown {
  readonly csv: string
  readonly note: string
  readonly fault: string | null
  readonly outcome: ({ readonly done: boolean } & Extract<ImportListResult, { kind: 'read' }>) | null
}

const NOTHING: Shown = { csv: '', note: '', fault: null, outcome: null }

/** `/admin/readers/import`: a list, uploaded or pasted; first what it would do, then doing it. */
export async function addImportPages(admin: FastifyInstance, site: Site, deps: AdminDeps): Promise<void> {
  const show = (shown: Shown, csrf: string) =>
    ({ title: 'Import', room: 'readers', content: <ImportPage shown={shown} csrf={csrf} /> }) as const
  admin.get('/readers/import', async (request, reply) =>
    sendAdminPage(request, reply, { site, deps }, show(NOTHING, operatorOf(request).csrf)),
  )
  await admin.register(async (withFiles) => {
    takeFiles(withFiles)
    withFiles.post('/readers/import', { bodyLimit: ADMIN_IMPORT_BYTES_MAX * 2 }, async (request, reply) => {
      const shown = await answerTo(request, site, deps)
      const page = show(shown, operatorOf(request).csrf)
      return sendAdminPage(request, reply, { site, deps }, page, shown.fault === null ? 200 : 422)
    })
  })
}

async function answerTo(request: FastifyRequest, site: Site, deps: AdminDeps): Promise<Shown> {
  const csv = field(request, 'file') || field(request, 'csv')
  const note = field(request, 'note')
  const refuse = (fault: string): Shown => ({ csv: '', note, fault, outcome: null })
  if (field(request, 'cut') !== '')
    return refuse(
      `That is more than ${ADMIN_IMPORT_BYTES_MAX / 1024 / 1024} MB. Use: paperround subscribers import FILE.csv`,
    )
  if (csv === '') return refuse('Choose a file, or paste lines.')
  const at = site.clock()
  const done = field(request, 'do') === 'add'
  const taken = await importList({ csv, note, trial: !done, at }, deps)
  if (taken.kind === 'unreadable') return { ...refuse(taken.reason), csv }
  if (!done) return { csv, note, fault: null, outcome: { done, ...taken } }
  const act = { action: 'subscribers.imported', after: { ...taken.tally, bad: taken.faults.length } }
  await deps.ledger.operators.recordAction(actorOf(request), act, at)
  return { csv: '', note: '', fault: null, outcome: { done, ...taken } }
}

function ImportPage({ shown, csrf }: { readonly shown: Shown; readonly csrf: string }) {
  const { fault, outcome } = shown
  return (
    <>
      <h1>Import readers</h1>
      {fault === null ? null : <Note note={{ kind: 'bad', words: fault }} />}
      {outcome === null ? null : <Outcome {...outcome} />}
      <form method="post" action="/admin/readers/import" encType="multipart/form-data" className="stack panel">
        <Hidden csrf={csrf} />
        <div className="field">
          <label htmlFor="file">CSV file</label>
          <input id="file" name="file" type="file" accept=".csv,text/csv" aria-describedby="file-hint" />
          <p className="hint" id="file-hint">
            Up to {ADMIN_IMPORT_BYTES_MAX / 1024 / 1024} MB. The first line names the columns: email, and if you like
            interests (a;b), muted, authors, frequency, timezone, hour, weekday, weekdays, length, format, rest,
            consent; an exported list has them.
          </p>
        </div>
        <div className="field">
          <label htmlFor="csv">Or lines</label>
          <textarea id="csv" name="csv" rows={6} spellCheck={false} defaultValue={shown.csv} />
        </div>
        <div className="field">
          <label htmlFor="note">Where they agreed</label>
          <input id="note" name="note" type="text" defaultValue={shown.note} aria-describedby="note-hint" />
          <p className="hint" id="note-hint">
            For lines without a consent of their own.
          </p>
        </div>
        <div className="acts">
          <button type="submit" name="do" value="check" className={outcome === null ? undefined : 'quiet'}>
            Check, change nothing
          </button>
          {outcome !== null && !outcome.done && outcome.tally.added + outcome.tally.stopped > 0 ? (
            <button type="submit" name="do" value="add">
              {outcome.tally.added > 0
                ? `Add ${grouped(outcome.tally.added)} ${outcome.tally.added === 1 ? 'reader' : 'readers'}`
                : 'Record who must get no mail'}
            </button>
          ) : null}
        </div>
      </form>
    </>
  )
}

function Outcome({ done, program, tally, faults }: NonNullable<Shown['outcome']>) {
  const words = `${grouped(tally.added)} ${done ? 'were added' : 'would be added'}, ${grouped(tally.known)} are known already, ${grouped(tally.suppressed)} are suppressed, ${grouped(faults.length)} ${faults.length === 1 ? 'line is' : 'lines are'} bad.`
  return (
    <>
      <Note note={{ kind: 'good', words: done ? words : `Nothing was changed yet: ${words}` }} />
      {program === null ? null : <p>This is an export of {program}; columns that are not needed are left out.</p>}
      {tally.stopped + tally.skipped === 0 ? null : (
        <p>
          By the list’s own states, {grouped(tally.stopped)} must get no mail ({grouped(tally.ended)} of them had a
          subscription here), and {grouped(tally.skipped)} were left out, as they have not confirmed or have no address.
        </p>
      )}
      {faults.length === 0 ? null : (
        <Table name="Lines that are bad" columns={[figures('Line', 'number narrow'), 'What is wrong']}>
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
