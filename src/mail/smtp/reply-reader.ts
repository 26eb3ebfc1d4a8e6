import { SMTP_REPLY_CHARS_MAX } from '../../../config/limits.ts'

export interface SmtpReply {
  readonly code: number
  /** All lines with their codes, joined by line feeds. */
  readonly text: string
}

/** The server sent something that is not an SMTP reply. */
export class UnreadableReplyError extends Error {}

/** Splits the bytes of a server into replies (RFC 5321 §4.2), however they are cut into chunks. */
export class ReplyReader {
  /** The beginning of an incomplete line. */
  #rest = ''
  /** The lines of an incomplete reply. */
  #lines: string[] = []
  #chars = 0

  /**
   * Appends the replies that are now complete to `replies`.
   * @throws UnreadableReplyError at a line without a code, at a reply with different codes, or at one without an end.
   */
  read(chunk: Buffer, replies: SmtpReply[]): void {
    // One character per byte, so that a character may be cut in two.
    const lines = chunk.toString('latin1').split('\n')
    const last = lines.pop() ?? ''
    for (const line of lines) {
      this.#take(this.#rest + line, replies)
      this.#rest = ''
    }
    this.#rest += last
    if (this.#chars + this.#rest.length > SMTP_REPLY_CHARS_MAX) throw new UnreadableReplyError('The reply is too long')
  }

  /** Returns the rejection that the server had not ended with a line break when it closed the connection. */
  unfinished(): SmtpReply | undefined {
    const text = [...this.#lines, this.#rest.trimEnd()].join('\n')
    return /^[45]\d\d[ -]/.test(text) ? { code: Number(text.slice(0, 3)), text: decode(text) } : undefined
  }

  #take(ended: string, replies: SmtpReply[]): void {
    const line = ended.endsWith('\r') ? ended.slice(0, -1) : ended
    // Some servers send empty lines between replies.
    if (line === '' && this.#lines.length === 0) return
    const [, code, separator] = /^([2-5]\d\d)(?:$|([ -]))/.exec(line) ?? []
    if (code === undefined) throw new UnreadableReplyError(`Unexpected Response: ${decode(line)}`)
    if (this.#lines[0]?.startsWith(code) === false)
      throw new UnreadableReplyError(`Unexpected Response: ${decode([...this.#lines, line].join(' '))}`)
    this.#lines.push(line)
    this.#chars += line.length
    if (separator === '-') return
    replies.push({ code: Number(code), text: decode(this.#lines.join('\n')) })
    this.#lines = []
    this.#chars = 0
  }
}

/** Returns the text as UTF-8, or unchanged if it is not. RFC 5321 names no encoding for replies. */
function decode(latin1: string): string {
  if (!/[\x80-\xff]/.test(latin1)) return latin1
  const text = Buffer.from(latin1, 'latin1').toString()
  return text.includes('\uFFFD') ? latin1 : text
}
