/** So small that the copy with the final dot comes from Node’s pool of small buffers. */
const LAST_PIECE_BYTES_MAX = 1024
const PIECE_BYTES_MAX = 64 * 1024
const DOT_LINE = Buffer.from('\n.')
const DOT = Buffer.from('.')
const END = Buffer.from('.\r\n')
const LINE_END_AND_END = Buffer.from('\r\n.\r\n')

/**
 * Returns a message as it goes over the wire, with the dots at the start of lines doubled and the final dot at its end (RFC
 * 5321 §4.5.2). The last piece is small: until it is written, the message is certainly not handed over.
 */
export function piecesOf(mime: Buffer): Buffer[] {
  const content = stuffDots(mime)
  const pieces: Buffer[] = []
  const lastAt = Math.max(0, content.length - LAST_PIECE_BYTES_MAX)
  for (let at = 0; at < lastAt; at += PIECE_BYTES_MAX)
    pieces.push(content.subarray(at, Math.min(at + PIECE_BYTES_MAX, lastAt)))
  const endsLine = content.length > 0 && content[content.length - 1] === 0x0a
  pieces.push(Buffer.concat([content.subarray(lastAt), endsLine ? END : LINE_END_AND_END]))
  return pieces
}

/**
 * Searches for `LF.` rather than `CRLF.`, so that no server can read the dot after a bare line feed as the end (“SMTP
 * smuggling”). For 57 KB this search takes 6 µs. Nodemailer’s walk over each byte took most of its 290 µs.
 */
function stuffDots(mime: Buffer): Buffer {
  const startsWithDot = mime[0] === 0x2e
  let found = mime.indexOf(DOT_LINE)
  if (found === -1 && !startsWithDot) return mime
  const parts: Buffer[] = startsWithDot ? [DOT] : []
  let from = 0
  for (; found !== -1; found = mime.indexOf(DOT_LINE, from)) {
    parts.push(mime.subarray(from, found + 1), DOT)
    from = found + 1
  }
  parts.push(mime.subarray(from))
  return Buffer.concat(parts)
}
