import { createWriteStream } from 'node:fs'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stringify } from 'csv-stringify'
import { EXPORT_PAGE_ROWS } from '../../config/limits.ts'
import { Fault } from '../fault.ts'
import { eachSubscriber } from '../ledger/subscribers.ts'
import type { Consent } from '../ledger/tables.ts'
import { guard, writePhrases } from '../roster/cells.ts'
import { COLUMNS } from '../roster/columns.ts'
import type { Subscriber } from '../subscriber.ts'
import { type CommandContext, withLedger } from './context.ts'

const [EMAIL, ...OTHERS] = COLUMNS
// The state stands beside the address, where an eye looks for it.
const HEADER = [EMAIL, 'state', ...OTHERS, 'since', 'paused_until']

/** `subscribers export`: the list as CSV, to a file or to standard output, a page at a time. `import` reads it back. */
export async function exportSubscribers(file: string | undefined, context: CommandContext): Promise<number> {
  return withLedger(context, async ({ db }) => {
    const csv = stringify({ header: true, columns: HEADER })
    const sink = file === undefined ? toTerminal(context) : createWriteStream(file, { mode: 0o600 })
    const rows = async function* () {
      for await (const reader of eachSubscriber(db, EXPORT_PAGE_ROWS)) yield cellsOf(reader)
    }
    await pipeline(rows, csv, sink).catch((error: NodeJS.ErrnoException) => {
      throw error.path === undefined ? error : new Fault(`${file} cannot be written: ${error.message}.`)
    })
    return 0
  })
}

function cellsOf(reader: Subscriber & { readonly consent: Consent | null }): string[] {
  return [
    guard(reader.email),
    reader.state,
    writePhrases(reader.interests),
    writePhrases(reader.muted),
    writePhrases(reader.authors),
    reader.frequency,
    reader.timezone,
    String(reader.hour),
    String(reader.weekday),
    reader.weekdays.join(';'),
    String(reader.length),
    reader.format,
    reader.rest ? 'yes' : 'no',
    guard(reader.consent?.note ?? ''),
    reader.createdAt.toISOString(),
    reader.pausedUntil ?? '',
  ]
}

function toTerminal({ terminal }: CommandContext): Writable {
  let rest = ''
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      const lines = (rest + chunk.toString()).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) terminal.out(line)
      done()
    },
  })
}
