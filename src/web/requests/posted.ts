import type { FastifyRequest } from 'fastify'
import { withoutNulBytes } from './query-string.ts'

/** The text fields of a form, each with all its values. */
export type Posted = ReadonlyMap<string, readonly string[]>

/** Returns the fields of a posted form, urlencoded or multipart. */
export function readPosted({ body }: FastifyRequest): Posted {
  return fieldsIn(body)
}

/**
 * Returns the text fields of a body or a query in a form that PostgreSQL can store. Ignores values that are not text.
 */
export function fieldsIn(source: unknown): Posted {
  if (typeof source !== 'object' || source === null) return new Map()
  return new Map(
    Object.entries(source).map(([name, value]) => [
      name,
      [value].flat().flatMap((each) => (typeof each === 'string' ? [withoutNulBytes(each)] : [])),
    ]),
  )
}

/** Returns all values of a field, one per line; empty when it is missing. */
export function linesOf(posted: Posted, name: string): string {
  return (posted.get(name) ?? []).join('\n')
}

/** Returns the first value of a field, or undefined when it is missing. */
export function firstOf(posted: Posted, name: string): string | undefined {
  return posted.get(name)?.[0]
}

/** Returns whether another site's page made this request (Fetch Metadata, `Sec-Fetch-Site`). */
export function isCrossSite({ headers }: FastifyRequest): boolean {
  return headers['sec-fetch-site'] === 'cross-site'
}

/**
 * Returns whether a raw body contains `List-Unsubscribe=One-Click` (RFC 8058 §3.1), as urlencoded or as
 * multipart/form-data. Mail programs differ in the content type that they send, so it is ignored.
 */
export function isOneClick(body: string): boolean {
  // The number of header lines is bounded and line ends match in one way only, so that a hostile body causes no
  // backtracking.
  const inPart = /name="?List-Unsubscribe"?[^\r\n]{0,200}\r?\n(?:[^\r\n]{1,200}\r?\n){0,5}\r?\nOne-Click\s*$/im
  return postedField(body, 'list-unsubscribe')?.toLowerCase() === 'one-click' || inPart.test(body)
}

/** Returns a field of a raw urlencoded body. The name is case-insensitive. */
export function postedField(body: string, name: string): string | null {
  for (const [key, value] of new URLSearchParams(body)) if (key.toLowerCase() === name) return value.trim()
  return null
}
