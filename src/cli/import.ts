import { writeFileSync } from 'node:fs'
import { stringify } from 'csv-stringify/sync'
import {
  CONSENT_NOTE_CHARS_MAX,
  EMAIL_CHARS_MAX,
  IMPORT_BATCH_ROWS,
  IMPORT_FAULTS_SHOWN_MAX,
} from '../../config/limits.ts'
import type { App } from '../../workers/wiring.ts'
import { Fault } from '../fault.ts'
import { addSubscribers, type NewSubscriber } from '../ledger/subscribers.ts'
import { checkAddress } from '../subscriber.ts'
import { type CommandContext, withApp } from './context.ts'
import { readPreferences } from './preferences.ts'
import { assertFile, type Line, type Row, readLines } from './reader-file.ts'
import { sendConfirmations } from './subscribers.ts'

export interface ImportOptions {
  readonly consentNote?: string
  readonly confirm?: boolean
}

interface Tally {
  added: number
  known: number
  suppressed: number
  readonly faults: { readonly line: Line; readonly reason: string }[]
}

/**
 * `subscribers import`: adds every good line and reports each bad one by its number. Bad lines are also
 * written whole to FILE.rejected.csv, which can be mended and imported. Running it again adds nobody twice.
 */
export async function importSubscribers(
  file: string,
  options: ImportOptions,
  context: CommandContext,
): Promise<number> {
  assertFile(file)
  return withApp(context, async (app) => {
    const tally: Tally = { added: 0, known: 0, suppressed: 0, faults: [] }
    let batch: Line[] = []
    for await (const line of readLines(file, options.consentNote !== undefined)) {
      batch.push(line)
      if (batch.length < IMPORT_BATCH_ROWS) continue
      await addBatch(app, batch, options, tally)
      batch = []
    }
    await addBatch(app, batch, options, tally)
    return report(file, tally, context)
  })
}

async function addBatch(app: App, batch: readonly Line[], options: ImportOptions, tally: Tally): Promise<void> {
  const at = app.clock()
  const good: NewSubscriber[] = []
  for (const line of batch) {
    const read = line.fault === undefined ? readLine(line.row, options, app, at) : { reason: line.fault }
    if ('reason' in read) tally.faults.push({ line, reason: read.reason })
    else good.push(read)
  }
  const results = await addSubscribers(app.ledger.db, good, at)
  for (const result of results) tally[result.kind] += 1
  if (options.confirm !== true) return
  const added = results.flatMap((result, index) =>
    result.kind === 'added' ? [{ id: result.id, email: good[index]?.email ?? '' }] : [],
  )
  await sendConfirmations(app, added, 'import')
}

function readLine(row: Row, options: ImportOptions, app: App, at: Date): NewSubscriber | { reason: string } {
  const address = checkAddress(row.email ?? '')
  if (!address.ok) return { reason: address.reason }
  if (row.state && row.state !== 'active')
    return { reason: `the state is ${row.state}: only active readers are imported` }
  const preferences = readPreferences({
    ...row,
    interest: split(row.interests),
    muted: split(row.muted),
    author: split(row.authors),
  })
  if (!preferences.ok) return { reason: preferences.faults.join(' ') }
  const note = row.consent || options.consentNote || ''
  if (note === '') return { reason: 'the consent column is empty and there is no --consent-note' }
  if (note.length > CONSENT_NOTE_CHARS_MAX)
    return { reason: `the consent is longer than ${CONSENT_NOTE_CHARS_MAX} characters` }
  return {
    email: address.email,
    emailKey: address.key,
    addressHash: app.ledger.tokens.hashAddress(address.key),
    state: options.confirm === true ? 'pending' : 'active',
    preferences: preferences.value,
    consent: { by: 'operator', note, at: at.toISOString() },
  }
}

function split(text: string | undefined): string[] {
  return (text ?? '').split(/[;|]/)
}

function report(file: string, tally: Tally, { terminal }: CommandContext): number {
  terminal.out(
    `${tally.added} added, ${tally.known} known already, ${tally.suppressed} suppressed, ${tally.faults.length} bad lines.`,
  )
  if (tally.faults.length === 0) return 0
  // The parser tells of a line that it cannot read before it hands out the lines that it had read by then.
  const faults = [...tally.faults].sort((a, b) => a.line.number - b.line.number)
  for (const { line, reason } of faults.slice(0, IMPORT_FAULTS_SHOWN_MAX)) {
    const email = (line.row.email ?? '').slice(0, EMAIL_CHARS_MAX).replace(/\s+/g, ' ')
    terminal.err(`line ${line.number}: ${email === '' ? '' : `${email}: `}${reason}`)
  }
  const rejected = `${file.replace(/\.rejected\.csv$/, '')}.rejected.csv`
  writeRejected(rejected, faults)
  terminal.err(
    `The bad lines are in ${rejected}. Mend them there${rejected === file ? '' : ` or in ${file}`} and import again: nobody is added twice.`,
  )
  return 1
}

/** The bad lines as a file that `import` reads: their own columns, and what is wrong with each. */
function writeRejected(path: string, faults: Tally['faults']): void {
  const columns = new Set(['line', ...faults.flatMap(({ line }) => Object.keys(line.row)), 'reason'])
  const rows = faults.map(({ line, reason }) => ({ ...line.row, line: line.number, reason }))
  try {
    writeFileSync(path, stringify(rows, { header: true, columns: [...columns], escape_formulas: true }), {
      mode: 0o600,
    })
  } catch (error) {
    throw new Fault(`${path} cannot be written: ${(error as Error).message}. The bad lines are those named above.`)
  }
}
