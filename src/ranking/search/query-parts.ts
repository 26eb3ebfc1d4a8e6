import { type Token, tokensOf } from './tokens.ts'

/** The operators that search in one field. */
export type Field = 'author' | 'org' | 'keyword' | 'category' | 'code'

/** One part of a query, in the order typed. */
export type QueryPart = { readonly negated: boolean; readonly tokens: readonly Token[]; readonly text: string } & (
  | { readonly kind: 'word' | 'phrase' }
  | { readonly kind: 'field'; readonly field: Field }
)

/** A query: alternatives, of which each has parts that must all match. */
export type QueryGroups = readonly (readonly QueryPart[])[]

const FIELDS: Readonly<Record<string, Field>> = {
  author: 'author',
  org: 'org',
  organisation: 'org',
  organization: 'org',
  keyword: 'keyword',
  topic: 'keyword',
  category: 'category',
  code: 'code',
}
const PART =
  /(?<not>-?)(?:(?<field>author|org|organi[sz]ation|keyword|topic|category|code):(?=\S))?(?:["“”„«](?<quoted>[^"“”„«»]*)["“”„«»]?|(?<word>[^\s"“”„«»]+))/giu

/** Reads a query: words, `"a phrase"`, `-word`, `this or that`, and `author:"Ada Lovelace"` with the other fields. */
export function readQueryParts(query: string): QueryGroups {
  const groups: QueryPart[][] = [[]]
  for (const { groups: found = {} } of query.matchAll(PART)) {
    const { not = '', field, quoted, word = '' } = found
    if (not === '' && field === undefined && quoted === undefined && word.toLowerCase() === 'or') {
      groups.push([])
      continue
    }
    const text = (quoted ?? word).trim()
    const tokens = tokensOf(text)
    if (tokens.length === 0) continue
    const base = { negated: not === '-', tokens, text }
    const name = FIELDS[field?.toLowerCase() ?? '']
    if (name !== undefined) groups.at(-1)?.push({ ...base, kind: 'field', field: name })
    else groups.at(-1)?.push({ ...base, kind: quoted === undefined ? 'word' : 'phrase' })
  }
  return groups.filter((group) => group.length > 0)
}

/** Adds operators to each alternative of a query. */
export function withFilter(groups: QueryGroups, filter: string): QueryGroups {
  const parts = readQueryParts(filter).flat()
  if (parts.length === 0) return groups
  return groups.length === 0 ? [parts] : groups.map((group) => [...group, ...parts])
}

/**
 * Returns a query as lines of interests, one for each alternative. In each, what is excluded comes last. Interests are separated by
 * commas, so those are removed.
 */
export function interestsOf(query: string, filter = ''): string[] {
  return withFilter(readQueryParts(query), filter).map((group) =>
    [...group.filter(({ negated }) => !negated), ...group.filter(({ negated }) => negated)].map(typedAs).join(' '),
  )
}

function typedAs(part: QueryPart): string {
  const text = part.text.replace(/[,;]/g, ' ').trim()
  const value = part.kind === 'word' ? text : `"${text}"`
  return `${part.negated ? '-' : ''}${part.kind === 'field' ? `${part.field}:` : ''}${value}`
}
