/**
 * A piece of a mail's text. What a transport makes of one that many letters share is made once and copied after that:
 * escaping an edition's cards anew for each reader was most of the time of a digest.
 */
export class Fragment {
  readonly text: string
  /** False for what one reader has alone: keeping what is made of it would be keeping what nobody asks for again. */
  readonly shared: boolean
  /** UTF-8 bytes as a mailbox gets them: each line break is two there (RFC 5322 §2.1). */
  readonly bytes: number
  /** As the inside of a JSON string; made by the transport that needs it. */
  json: Buffer | null = null
  /** As quoted-printable lines that end with a line break, hard or soft; made by the transport that needs it. */
  quoted: Buffer | null = null

  constructor(text: string, whose: 'shared' | 'own' = 'shared') {
    this.text = text
    this.shared = whose === 'shared'
    this.bytes = mailedBytes(text)
  }
}

/** A text as a row of pieces. */
export type Fragments = readonly Fragment[]

/** The whole text. */
export function plain(fragments: Fragments): string {
  let text = ''
  for (const fragment of fragments) text += fragment.text
  return text
}

/** Its mailed bytes. */
export function fragmentBytes(fragments: Fragments): number {
  let bytes = 0
  for (const fragment of fragments) bytes += fragment.bytes
  return bytes
}

/** UTF-8 bytes as a mailbox gets them. */
export function mailedBytes(text: string): number {
  let bytes = Buffer.byteLength(text)
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) bytes += 1
  return bytes
}
