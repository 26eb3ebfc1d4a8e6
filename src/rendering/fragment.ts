/**
 * A fragment of a message's text. It is encoded once for each kind of transport: most fragments are shared by many
 * messages, and encoding an edition's cards for each subscriber took most of the time of a digest.
 */
export class Fragment {
  readonly text: string
  /** Size in a message in UTF-8 bytes: each line break counts as two (RFC 5322 §2.1). */
  readonly bytes: number
  /** Cached encoding as the inside of a JSON string. */
  json: Buffer | null = null
  /** Cached encoding as quoted-printable lines, each with a hard or soft line break. */
  quoted: Buffer | null = null

  constructor(text: string) {
    this.text = text
    this.bytes = mailedBytes(text)
  }
}

/** A text as a sequence of fragments. */
export type Fragments = readonly Fragment[]

/** Joins the fragments. */
export function plain(fragments: Fragments): string {
  let text = ''
  for (const fragment of fragments) text += fragment.text
  return text
}

/** Returns the size of fragments in a message, in bytes. */
export function fragmentBytes(fragments: Fragments): number {
  let bytes = 0
  for (const fragment of fragments) bytes += fragment.bytes
  return bytes
}

/** Returns the size of a text in a message, in UTF-8 bytes. */
export function mailedBytes(text: string): number {
  let bytes = Buffer.byteLength(text)
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) bytes += 1
  return bytes
}
