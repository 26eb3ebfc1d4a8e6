import { LISTED_SUBSCRIBERS_MAX } from '../../../config/limits-people.ts'
import { filterWords } from '../../domain/segments/filter.ts'
import { usageError } from '../../platform/errors.ts'
import { type CommandContext, withLedger } from '../context.ts'
import { filterOf, readSearch, type SearchOptions } from './search-options.ts'

export interface ListOptions extends SearchOptions {
  readonly limit?: string
  readonly json?: boolean
}

const LISTED_DEFAULT = '50'

/** `subscribers list`: prints the subscribers of a search, newest first. */
export async function listSubscribers(options: ListOptions, context: CommandContext): Promise<number> {
  const read = readSearch(options)
  const limit = Number(options.limit ?? LISTED_DEFAULT)
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > LISTED_SUBSCRIBERS_MAX)
    throw usageError(`--limit must be a whole number from 1 to ${LISTED_SUBSCRIBERS_MAX}.`)
  return withLedger(context, async (ledger) => {
    const { terminal } = context
    const filter = await filterOf(read, ledger)
    const found = await ledger.segments.searchSubscribers(filter, { before: null, limit })
    if (options.json === true) {
      const rows = found.map(({ email, state, frequency, timezone, interests, createdAt }) => ({
        ...{ email, state, frequency, timezone, interests },
        since: createdAt,
      }))
      terminal.out(JSON.stringify(rows, null, 2))
      return 0
    }
    if (found.length === 0) terminal.out('No subscribers match.')
    for (const { email, state, frequency, timezone, createdAt } of found)
      terminal.out(`${createdAt.toISOString().slice(0, 10)}  ${state.padEnd(12)}  ${email}  ${frequency}, ${timezone}`)
    if (found.length === limit) terminal.err(`These are the newest ${limit}. --limit shows more, and export all.`)
    return 0
  })
}

/** `subscribers segments`: prints each saved search with the number of subscribers that match now. */
export async function listSegments(options: { json?: boolean }, context: CommandContext): Promise<number> {
  return withLedger(context, async (ledger) => {
    const { terminal } = context
    const rows: { name: string; search: string; subscribers: number }[] = []
    for (const { name, filter } of await ledger.segments.listSegments())
      rows.push({ name, search: filterWords(filter), subscribers: await ledger.segments.countMatching(filter) })
    if (options.json === true) {
      terminal.out(JSON.stringify(rows, null, 2))
      return 0
    }
    if (rows.length === 0) terminal.out('There are no segments. Search in Admin, and save the search as a segment.')
    for (const { name, search, subscribers } of rows) terminal.out(`${name}  ${subscribers}  ${search}`)
    return 0
  })
}
