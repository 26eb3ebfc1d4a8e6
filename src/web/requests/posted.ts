import type { FastifyRequest } from 'fastify'
import { withoutNulBytes } from './query-string.ts'

/** The text fields of a form, each with every value that came for it. */
export type Posted = ReadonlyMap<string, readonly string[]>

/** Reads a form, however it came. */
export function readPosted({ body }: FastifyRequest): Posted {
  return fieldsIn(body)
}

/** The text fields of a body or a query of any shape, as PostgreSQL can store them; whatever is no text is passed over. */
export function fieldsIn(source: unknown): Posted {
  if (typeof source !== 'object' || source === null) return new Map()
  return new Map(
    Object.entries(source).map(([name, value]) => [
      name,
      [value].flat().flatMap((each) => (typeof each === 'string' ? [withoutNulBytes(each)] : [])),
    ]),
  )
}

/** Every value of a field, line by line; empty when it did not come. */
export function linesOf(posted: Posted, name: string): string {
  return (posted.get(name) ?? []).join('\n')
}

/** The first value of a field, or undefined when it did not come. */
export function firstOf(posted: Posted, name: string): string | undefined {
  return posted.get(name)?.[0]
}

/** Whether a browser says that another site's page made this request (Fetch Metadata, `Sec-Fetch-Site`). */
export function isCrossSite({ headers }: FastifyRequest): boolean {
  return headers['sec-fetch-site'] === 'cross-site'
}

/**
 * Whether a raw body holds `List-Unsubscribe=One-Click` (RFC 8058 §3.1), as urlencoded or as multipart/form-data.
 * Mail programs differ in what they call it, so the body is read and the content type is not.
 */
export function isOneClick(body: string): boolean {
  // Few header lines in a part, and no line end in two ways: a hostile body must cost no more than a kind one.
  const inPart = /name="?List-Unsubscribe"?[^\r\n]{0,200}\r?\n(?:[^\r\n]{1,200}\r?\n){0,5}\r?\nOne-Click\s*$/im
  return postedField(body, 'list-unsubscribe')?.toLowerCase() === 'one-click' || inPart.test(body)
}

/** A field of a raw urlencoded body; its name in any case. */
export function postedField(body: string, name: string): string | null {
  for (const [key, value] of new URLSearchParams(body)) if (key.toLowerCase() === name) return value.trim()
  return null
}
