import {
  INBOUND_BODY_BYTES_MAX,
  INBOUND_FIELD_CHARS_MAX,
  INBOUND_HEAD_BYTES_MAX,
} from '../../../config/limits-inbound.ts'

/** A header field (RFC 5322 §2.2), unfolded and cut at INBOUND_FIELD_CHARS_MAX. Each character is one byte. */
export interface MailField {
  /** In lower case. */
  readonly name: string
  readonly value: string
}

/**
 * Splits a mail into head and body. Lines end with a line feed, and each character is one byte. The middle of a long head
 * is left out, so that the fields after a `To:` with a million addresses are still read.
 */
export function splitMail(raw: Buffer): { head: string; body: string } {
  const start = afterMboxLine(raw)
  const end = endOfHead(raw, start)
  const half = INBOUND_HEAD_BYTES_MAX / 2
  const head =
    end - start <= INBOUND_HEAD_BYTES_MAX
      ? tidyLines(raw.subarray(start, end))
      : `${tidyLines(raw.subarray(start, start + half))}\n${afterFirstLine(tidyLines(raw.subarray(end - half, end)))}`
  return { head, body: tidyLines(raw.subarray(end, end + INBOUND_BODY_BYTES_MAX)).replace(/^\n{1,2}/, '') }
}

/** Returns the fields of a head in order. Lines that are neither fields nor continuations are left out. */
export function readFields(head: string): MailField[] {
  const fields: { name: string; value: string }[] = []
  for (const line of head.split('\n')) {
    const last = fields.at(-1)
    if (/^[ \t]/.test(line)) {
      if (last !== undefined && last.value.length < INBOUND_FIELD_CHARS_MAX)
        last.value = `${last.value} ${line.trim()}`.slice(0, INBOUND_FIELD_CHARS_MAX)
      continue
    }
    const colon = line.indexOf(':')
    const name = colon === -1 ? '' : line.slice(0, Math.min(colon, 100)).trimEnd().toLowerCase()
    if (/^[!-9;-~]+$/.test(name))
      fields.push({ name, value: line.slice(colon + 1, colon + 1 + INBOUND_FIELD_CHARS_MAX).trim() })
  }
  return fields
}

/** Returns the start of the mail after the `From ` line of an mbox (RFC 4155), or 0. */
function afterMboxLine(raw: Buffer): number {
  if (!/^>?From /.test(raw.toString('latin1', 0, 6))) return 0
  const line = raw.toString('latin1', 0, 1_000)
  return (/[\r\n]+/.exec(line)?.index ?? -1) + 1
}

/** Returns the position of the first empty line. Lines end with `\n`, with `\r\n` or, in old archives, with `\r`. */
function endOfHead(raw: Buffer, start: number): number {
  if (raw.indexOf(10, start) === -1) {
    const end = raw.indexOf('\r\r', start)
    return end === -1 ? raw.length : end
  }
  const unix = raw.indexOf('\n\n', start)
  const before = unix === -1 ? raw : raw.subarray(0, unix)
  const smtp = before.indexOf('\r\n\r\n', start)
  return smtp !== -1 ? smtp : unix === -1 ? raw.length : unix
}

function tidyLines(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/\r\n?/g, '\n')
}

function afterFirstLine(text: string): string {
  return text.slice(text.indexOf('\n') + 1)
}
