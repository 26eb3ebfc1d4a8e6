import { createReadStream, existsSync, writeFileSync } from 'node:fs'
import { parse } from 'csv-parse'
import { CONSENT_NOTE_CHARS_MAX, IMPORT_BATCH_ROWS, IMPORT_FAULTS_SHOWN_MAX } from '../../config/limits.ts'
import type { App } from '../../workers/wiring.ts'
import { Fault, misuse } from '../fault.ts'
import { addSubscribers, type NewSubscriber } from '../ledger/subscribers.ts'
import { checkAddress } from '../subscriber.ts'
import { type CommandContext, withApp } from './context.ts'
import { readPreferences } from './preferences.ts'
import { sendConfirmations } from './subscribers.ts'

export interface ImportOptions {
  readonly consentNote?: string
  readonly confirm?: boolean
}

const COLUMNS = [
  'email',
  'interests',
  'muted',
  'authors',
  'frequency',
  'timezone',
  'hour',
  'weekday',
  'weekdays',
  'length',
  'format',
  'rest',
  'consent',
] as const
// What `export` writes besides; of use only to tell who must not come back by mistake.
const EXPORTED = ['state', 'since', 'paused_until'] as const
type Row = Partial<Record<(typeof COLUMNS)[number] | (typeof EXPORTED)[number], string>>

interface Line {
  readonly number: number
  readonly row: Row
}

interface Tally {
  added: number
  known: number
  suppressed: number
  readonly faults: { line: number; email: string; reason: string }[]
}

/**
 * `subscribers import`: adds every good line and reports each bad one by its number. Bad lines are also
 * written to FILE.rejected.csv, so that nothing is lost. Running it again adds nobody twice.
 */
export async function importSubscribers(
  file: string,
  options: ImportOptions,
  context: CommandContext,
): Promise<number> {
  if (!existsSync(file)) throw misuse(`${file} does not exist.`)
  return withApp(context, async (app) => {
    const tally: Tally = { added: 0, known: 0, suppressed: 0, faults: [] }
    let batch: Line[] = []
    let checked = false
    const lines = createReadStream(file).pipe(
      parse({
        bom: true,
        trim: true,
        skip_empty_lines: true,
        relax_column_count: true,
        info: true,
        columns: (header: string[]) => header.map((name) => name.trim().toLowerCase()),
      }),
    )
    try {
      for await (const { record, info } of lines as AsyncIterable<{ record: Row; info: { lines: number } }>) {
        if (!checked) assertColumns(file, record, options)
        checked = true
        batch.push({ number: info.lines, row: record })
        if (batch.length >= IMPORT_BATCH_ROWS) {
          await addBatch(app, batch, options, tally)
          batch = []
        }
      }
    } catch (error) {
      if (error instanceof Fault) throw error
      throw new Fault([
        `${file} cannot be read as CSV: ${(error as Error).message}`,
        `${tally.added} readers were added before that line; importing again is safe.`,
      ])
    }
    if (!checked)
      throw misuse(
        `${file} holds no lines under a header. The first line must name the columns: ${COLUMNS.join(', ')}.`,
      )
    await addBatch(app, batch, options, tally)
    return report(file, tally, context)
  })
}

function assertColumns(file: string, row: Row, options: ImportOptions): void {
  const names = Object.keys(row)
  const faults: string[] = []
  if (!names.includes('email'))
    faults.push(`${file} has no column “email”. The first line must name the columns: ${COLUMNS.join(', ')}.`)
  const unknown = names.filter((name) => !([...COLUMNS, ...EXPORTED] as string[]).includes(name))
  if (unknown.length > 0)
    faults.push(`${file} has columns that are not known: ${unknown.join(', ')}. Known are: ${COLUMNS.join(', ')}.`)
  if (!names.includes('consent') && options.consentNote === undefined) {
    faults.push('Say where these readers agreed: add a column “consent”, or give --consent-note "…".')
  }
  if (faults.length > 0) throw misuse(faults)
}

async function addBatch(app: App, batch: readonly Line[], options: ImportOptions, tally: Tally): Promise<void> {
  const at = app.clock()
  const good: NewSubscriber[] = []
  for (const { number, row } of batch) {
    const read = readLine(row, options, app, at)
    if ('reason' in read) tally.faults.push({ line: number, email: row.email ?? '', reason: read.reason })
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
  for (const { line, email, reason } of tally.faults.slice(0, IMPORT_FAULTS_SHOWN_MAX))
    terminal.err(`line ${line}: ${email === '' ? '' : `${email}: `}${reason}`)
  const rejected = `${file}.rejected.csv`
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`
  writeFileSync(
    rejected,
    [
      'line,email,reason',
      ...tally.faults.map(({ line, email, reason }) => `${line},${quote(email)},${quote(reason)}`),
      '',
    ].join('\n'),
  )
  terminal.err(
    `The bad lines are listed in ${rejected}. Mend them there or in ${file} and import again: nobody is added twice.`,
  )
  return 1
}
