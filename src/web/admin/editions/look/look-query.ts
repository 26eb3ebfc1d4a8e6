import { INTEREST_CHARS_MAX, INTERESTS_MAX } from '../../../../../config/limits.ts'
import type { Day } from '../../../../domain/day.ts'
import { type DigestReader, PERSONAS, personaReader } from '../../../../pipeline/look/readers.ts'
import type { AdminDeps } from '../../deps.ts'

/** The views of a digest on the edition’s page, with their names. */
export const LOOK_VIEWS = [
  ['desktop', 'Desktop'],
  ['phone', 'Phone'],
  ['dark', 'Dark'],
  ['text', 'Text'],
  ['headers', 'Headers'],
  ['source', 'Source'],
] as const
export type LookView = (typeof LOOK_VIEWS)[number][0]

/** The reader of the shown digest, and the view. Both are in the address, so that a view can be bookmarked and shared. */
export interface LookQuery {
  /** The id of a persona, or the number of a subscriber. */
  readonly as: string
  /** Interests of a persona, separated by commas. */
  readonly interests: string
  readonly view: LookView
}

export function readLookQuery(query: Readonly<Record<string, unknown>>): LookQuery {
  const text = (name: string) => (typeof query[name] === 'string' ? query[name].trim() : '')
  const interests = text('interests')
    .split(/[,\n]/)
    .map((each) =>
      each
        .replace(/[\p{Cc}\s]+/gu, ' ')
        .trim()
        .slice(0, INTEREST_CHARS_MAX),
    )
    .filter((each) => each !== '')
    .slice(0, INTERESTS_MAX)
    .join(', ')
  return {
    as: text('as') || PERSONAS[0].id,
    interests,
    view: LOOK_VIEWS.find(([name]) => name === text('view'))?.[0] ?? 'desktop',
  }
}

/** Returns the address of a view below the edition’s page, without default values. */
export function lookPath(day: Day, query: LookQuery, change: Partial<LookQuery> = {}, part = ''): string {
  const { as, interests, view } = { ...query, ...change }
  const params = new URLSearchParams()
  if (as !== PERSONAS[0].id) params.set('as', as)
  if (interests !== '') params.set('interests', interests)
  if (view !== 'desktop') params.set('view', view)
  const search = params.size === 0 ? '' : `?${params}`
  return `/admin/editions/${day}${part}${search}`
}

/** Returns the reader of a query, or null if there is no such subscriber. */
export async function readerOf(
  query: LookQuery,
  day: Day,
  { look }: Pick<AdminDeps, 'look'>,
): Promise<DigestReader | null> {
  const persona = PERSONAS.find(({ id }) => id === query.as)
  if (persona === undefined) return /^\d+$/.test(query.as) ? look.findReader(query.as) : null
  return personaReader(persona, query.interests === '' ? [] : query.interests.split(', '), day)
}
