import { createHash, createVerify, type KeyObject } from 'node:crypto'

export interface DkimReading {
  /** The fields that the signature covers, in small letters. */
  readonly signed: readonly string[]
  readonly domain: string
  readonly selector: string
  readonly bodyHashHolds: boolean
  readonly signatureHolds: boolean
}

/** Verifies the first DKIM-Signature of a raw message, relaxed/relaxed (RFC 6376 §3.4.2, §3.4.4, §3.7). */
export function readDkim(raw: Buffer, publicKey: KeyObject): DkimReading {
  const message = raw.toString('latin1')
  const split = message.indexOf('\r\n\r\n')
  const fields = message
    .slice(0, split)
    .split(/\r\n(?![ \t])/)
    .map((line) => ({ name: line.slice(0, line.indexOf(':')).trim().toLowerCase(), line }))
  const signature = fields.find(({ name }) => name === 'dkim-signature')?.line ?? ''
  const tags = new Map(
    signature
      .slice(signature.indexOf(':') + 1)
      .replace(/\r\n/g, '')
      .split(';')
      .map((tag) => [tag.slice(0, tag.indexOf('=')).trim(), tag.slice(tag.indexOf('=') + 1).replace(/\s/g, '')]),
  )
  const signed = (tags.get('h') ?? '').toLowerCase().split(':')
  const rest = [...fields]
  const lines = signed.map((name) => {
    const index = rest.findLastIndex((field) => field.name === name)
    return index === -1 ? '' : `${relaxField(rest.splice(index, 1)[0]?.line ?? '')}\r\n`
  })
  const bare = relaxField(signature.replace(/(;\s*b=)[^;]*/, '$1'))
  const verifier = createVerify('RSA-SHA256').update(Buffer.from(lines.join('') + bare, 'latin1'))
  const body = createHash('sha256').update(Buffer.from(relaxBody(message.slice(split + 4)), 'latin1'))
  return {
    signed,
    domain: tags.get('d') ?? '',
    selector: tags.get('s') ?? '',
    bodyHashHolds: body.digest('base64') === tags.get('bh'),
    signatureHolds: verifier.verify(publicKey, tags.get('b') ?? '', 'base64'),
  }
}

function relaxField(line: string): string {
  const colon = line.indexOf(':')
  const value = line
    .slice(colon + 1)
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
  return `${line.slice(0, colon).trim().toLowerCase()}:${value.trim()}`
}

function relaxBody(body: string): string {
  const lines = body.split('\r\n').map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''))
  while (lines.at(-1) === '') lines.pop()
  return lines.length === 0 ? '' : `${lines.join('\r\n')}\r\n`
}
