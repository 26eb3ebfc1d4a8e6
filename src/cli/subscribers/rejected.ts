import { once } from 'node:events'
import { createWriteStream, renameSync, rmSync, type WriteStream } from 'node:fs'
import { type Stringifier, stringify } from 'csv-stringify'
import { UserError } from '../../platform/errors.ts'
import { escapeFormula, writePhrases } from '../../subscriptions/csv/cells.ts'
import { COLUMNS } from '../../subscriptions/csv/columns.ts'
import type { CsvLine } from '../../subscriptions/csv/lines.ts'

/** The bad lines of an import, as a file that `import` can read. */
export interface Rejected {
  readonly path: string
  add(line: CsvLine, reason: string): Promise<void>
  /** Gives the file its final name if there are bad lines. Returns whether there are. */
  finish(): Promise<boolean>
  /** Deletes the draft of an unfinished import. */
  discard(): void
}

/**
 * Writes FILE.rejected.csv under a temporary name until it is complete, because the import may be reading a file of that
 * name.
 */
export function openRejected(file: string): Rejected {
  const path = `${file.replace(/\.rejected\.csv$/, '')}.rejected.csv`
  const draft = `${path}.${process.pid}`
  let open: { readonly csv: Stringifier; readonly sink: WriteStream; failure: Error | null } | null = null
  return {
    path,
    async add(line, reason) {
      open ??= begin(draft)
      if (open.failure === null && !open.csv.write(cellsOf(line, reason))) await once(open.csv, 'drain').catch(() => {})
    },
    async finish() {
      if (open === null) return false
      open.csv.end()
      if (open.failure === null) await once(open.sink, 'finish').catch(() => {})
      if (open.failure !== null) {
        rmSync(draft, { force: true })
        throw new UserError(`${path} cannot be written: ${open.failure.message}. The bad lines are listed above.`)
      }
      renameSync(draft, path)
      open = null
      return true
    },
    discard() {
      if (open === null) return
      open.sink.destroy()
      rmSync(draft, { force: true })
    },
  }
}

const HEADER = ['line', ...COLUMNS, 'state', 'reason']

function begin(draft: string) {
  const csv = stringify({ header: true, columns: HEADER })
  // Removes a symbolic link that somebody may have put there.
  rmSync(draft, { force: true })
  const sink = createWriteStream(draft, { mode: 0o600, flags: 'wx' })
  const open: { csv: Stringifier; sink: WriteStream; failure: Error | null } = { csv, sink, failure: null }
  sink.on('error', (error) => {
    open.failure = error
    csv.resume() // Unblocks the writer.
  })
  csv.pipe(sink)
  return open
}

function cellsOf({ number, row }: CsvLine, reason: string): string[] {
  return HEADER.map((name) => {
    if (name === 'line') return String(number)
    if (name === 'reason') return escapeFormula(reason)
    const cell = row[name as keyof typeof row]
    return typeof cell === 'object' ? writePhrases(cell) : escapeFormula(cell ?? '')
  })
}
