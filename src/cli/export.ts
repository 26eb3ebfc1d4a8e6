import { createWriteStream } from 'node:fs'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stringify } from 'csv-stringify'
import { IMPORT_BATCH_ROWS } from '../../config/limits.ts'
import { Fault } from '../fault.ts'
import { eachSubscriber } from '../ledger/subscribers.ts'
import { type CommandContext, withLedger } from './context.ts'
import { COLUMNS } from './reader-file.ts'

const [EMAIL, ...OTHERS] = COLUMNS
// The state stands beside the address, where an eye looks for it.
const HEADER = [EMAIL, 'state', ...OTHERS, 'since', 'paused_until']

/** `subscribers export`: the list as CSV, to a file or to standard output, a page at a time. */
export async function exportSubscribers(file: string | undefined, context: CommandContext): Promise<number> {
  return withLedger(context, async ({ db }) => {
    // A cell that begins like a formula would be run by a spreadsheet; csv-stringify puts a quote before it.
    const csv = stringify({ header: true, columns: HEADER, escape_formulas: true })
    const sink = file === undefined ? toTerminal(context) : createWriteStream(file, { mode: 0o600 })
    const rows = async function* () {
      for await (const reader of eachSubscriber(db, IMPORT_BATCH_ROWS)) {
        yield [
          reader.email,
          reader.state,
          reader.interests.join(';'),
          reader.muted.join(';'),
          reader.authors.join(';'),
          reader.frequency,
          reader.timezone,
          reader.hour,
          reader.weekday,
          reader.weekdays.join(';'),
          reader.length,
          reader.format,
          reader.rest ? 'yes' : 'no',
          reader.mix,
          reader.consent?.note ?? '',
          reader.createdAt.toISOString(),
          reader.pausedUntil ?? '',
        ]
      }
    }
    await pipeline(rows, csv, sink).catch((error: NodeJS.ErrnoException) => {
      throw error.path === undefined ? error : new Fault(`${file} cannot be written: ${error.message}.`)
    })
    return 0
  })
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
