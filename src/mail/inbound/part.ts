import { INBOUND_BODY_BYTES_MAX, INBOUND_DEPTH_MAX, INBOUND_PARTS_MAX } from '../../../config/limits-inbound.ts'
import { decodeMailText, decodeTransfer } from './decode.ts'
import { type MailField, readFields, splitMail } from './head.ts'

/** One part of a mail (RFC 2045, 2046). The mail itself is the outermost part. */
export interface MailPart {
  readonly fields: readonly MailField[]
  /** In lower case; `text/plain` where none is given. */
  readonly type: string
  readonly params: ReadonlyMap<string, string>
  /** The decoded body; empty for a multipart and for media other than text. */
  readonly text: string
  /** The parts of a multipart. A returned message stays one part, because its own parts are not about the delivery. */
  readonly parts: readonly MailPart[]
}

interface Budget {
  parts: number
}

/**
 * Parses a mail into its parts. It never throws, and returns the readable parts of a broken mail. The work is bounded,
 * even for a million addresses or a million boundaries.
 */
export function readPart(raw: Buffer): MailPart {
  const { head, body } = splitMail(raw)
  return partOf(head, body, 0, { parts: INBOUND_PARTS_MAX })
}

/** Returns all parts without parts of their own, in order. */
export function leavesOf(part: MailPart): MailPart[] {
  return part.parts.length === 0 ? [part] : part.parts.flatMap(leavesOf)
}

/** @param body one byte per character, lines end with `\n`. */
function partOf(head: string, body: string, depth: number, budget: Budget): MailPart {
  const fields = readFields(head)
  const { type, params } = contentTypeOf(fields.find(({ name }) => name === 'content-type')?.value ?? '')
  const shared = { fields, type, params }
  if (type.startsWith('multipart/') && depth < INBOUND_DEPTH_MAX) {
    const parts = sectionsOf(body, params.get('boundary') ?? guessBoundary(body)).flatMap((section) => {
      if (budget.parts === 0) return []
      budget.parts -= 1
      const { head: inner, body: rest } = splitSection(section)
      return [partOf(inner, rest, depth + 1, budget)]
    })
    if (parts.length > 0) return { ...shared, text: '', parts }
  }
  if (!/^(text|message|multipart)\//.test(type)) return { ...shared, text: '', parts: [] }
  const encoding = fields.find(({ name }) => name === 'content-transfer-encoding')?.value ?? ''
  const bytes = decodeTransfer(body.slice(0, INBOUND_BODY_BYTES_MAX), encoding)
  return { ...shared, text: decodeMailText(bytes, params.get('charset') ?? ''), parts: [] }
}

function contentTypeOf(value: string): { type: string; params: Map<string, string> } {
  const params = new Map<string, string>()
  for (const [, name = '', quoted, plain = ''] of value.matchAll(/;\s*([\w-]+)\s*=\s*(?:"([^"]*)"?|([^\s;]*))/g))
    params.set(name.toLowerCase(), quoted ?? plain)
  const [, type = 'text/plain'] = /^\s*([\w.+-]+\/[\w.+-]+)/.exec(value) ?? []
  return { type: type.toLowerCase(), params }
}

/** Returns the boundary from the first line that looks like a delimiter, because some gateways cut the parameter off. */
function guessBoundary(body: string): string {
  return /^--(\S[^\n]{0,68}[^\s-])[ \t]*$/m.exec(body.slice(0, 10_000))?.[1] ?? ''
}

/** Returns the sections between the delimiter lines (RFC 2046 §5.1.1). The last delimiter may be missing. */
function sectionsOf(body: string, boundary: string): string[] {
  const sections: string[] = []
  if (boundary === '') return sections
  const delimiter = `\n--${boundary}`
  const text = `\n${body}`
  let from: number | null = null
  for (let at = text.indexOf(delimiter); at !== -1 && sections.length < INBOUND_PARTS_MAX; ) {
    const next = at + delimiter.length
    const lineEnd = text.indexOf('\n', next)
    const tail = text.slice(next, lineEnd === -1 ? next + 100 : Math.min(lineEnd, next + 100)).trim()
    // A longer boundary of an inner multipart begins with the same characters.
    if (tail === '' || tail === '--') {
      if (from !== null) sections.push(text.slice(from, at))
      from = lineEnd === -1 ? text.length : lineEnd + 1
      if (tail === '--') return sections
    }
    at = text.indexOf(delimiter, next)
  }
  if (from !== null) sections.push(text.slice(from))
  return sections
}

/** Splits a section into head and body. A section without a head begins with an empty line, or has no field at its start. */
function splitSection(section: string): { head: string; body: string } {
  if (section.startsWith('\n')) return { head: '', body: section.slice(1) }
  const end = section.indexOf('\n\n')
  if (!/^[\w-]+[ \t]*:/.test(section)) return { head: '', body: section }
  return end === -1 ? { head: section, body: '' } : { head: section.slice(0, end), body: section.slice(end + 2) }
}
