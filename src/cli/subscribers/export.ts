import { createWriteStream } from 'node:fs'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stringify } from 'csv-stringify'
import { EXPORT_PAGE_ROWS } from '../../../config/limits-subscriptions.ts'
import { UserError } from '../../platform/errors.ts'
import { openPrivate } from '../../platform/private-file.ts'
import { LISTING_COLUMNS, listingCells } from '../../subscriptions/csv/listing.ts'
import { counted } from '../../text/counted.ts'
import { type CommandContext, withLedger } from '../context.ts'
import { withProgressOnLoss } from '../output/lost-database.ts'
import { filterOf, readSearch, type SearchOptions } from './search-options.ts'

/** `subscribers export`: writes the list, or those of a search, as CSV to a file or to standard output. `import` can read it. */
export async function exportSubscribers(
  file: string | undefined,
  options: SearchOptions,
  context: CommandContext,
): Promise<number> {
  const read = readSearch(options)
  return withLedger(context, async (ledger) => {
    const filter = await filterOf(read, ledger)
    const csv = stringify({ header: true, columns: [...LISTING_COLUMNS] })
    const sink = file === undefined ? toTerminal(context) : toFile(file)
    let written = 0
    const rows = async function* () {
      for await (const subscriber of ledger.segments.eachMatching(filter, EXPORT_PAGE_ROWS)) {
        written += 1
        yield listingCells(subscriber)
      }
    }
    const writing = () =>
      pipeline(rows, csv, sink).catch((error: NodeJS.ErrnoException) => {
        throw error.path === undefined ? error : new UserError(`${file} cannot be written: ${error.message}.`)
      })
    await withProgressOnLoss(
      writing,
      () => `${file ?? 'what was written'} is only a part of the list. Run the same command again for the whole.`,
    )
    if (file !== undefined)
      context.terminal.out(`${counted(written, 'subscriber')} written to ${file}. Only you may read it.`)
    return 0
  })
}

/** Opens a file that only the owner may read, because the list contains addresses. */
function toFile(file: string): Writable {
  try {
    return createWriteStream(file, { fd: openPrivate(file) })
  } catch (error) {
    throw new UserError(`${file} cannot be written: ${(error as Error).message}.`)
  }
}

function toTerminal({ terminal }: CommandContext): Writable {
  let rest = ''
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      const lines = (rest + chunk.toString()).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) terminal.data(line)
      done()
    },
  })
}
