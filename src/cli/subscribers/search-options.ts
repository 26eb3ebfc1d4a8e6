import { readFilter, type SubscriberFilter } from '../../domain/segments/filter.ts'
import type { Stores } from '../../ledger/stores.ts'
import { UserError, usageError } from '../../platform/errors.ts'

/** The options that choose subscribers. */
export interface SearchOptions {
  readonly segment?: string
  readonly search?: string
  readonly state?: string
}

interface Search {
  readonly segment: string | null
  readonly filter: SubscriberFilter
}

/** Checks the options. Throws a UserError (exit 2). */
export function readSearch({ segment, search = '', state = '' }: SearchOptions): Search {
  const { filter, faults } = readFilter({ q: search, state })
  if (faults.length > 0) throw usageError(faults.map(({ field, words }) => `--${field} ${words}`))
  if (segment !== undefined && (search !== '' || state !== ''))
    throw usageError('--segment is a saved search of its own. Leave out --search and --state, or --segment.')
  return { segment: segment ?? null, filter }
}

/** Returns the filter of the options. Throws if there is no such segment, because everybody would match without it. */
export async function filterOf(
  { segment: name, filter }: Search,
  { segments }: Pick<Stores, 'segments'>,
): Promise<SubscriberFilter> {
  if (name === null) return filter
  const segment = await segments.findSegment(name)
  if (segment === null)
    throw new UserError(`There is no segment “${name}”. \`paperround subscribers segments\` lists them.`)
  return segment.filter
}
