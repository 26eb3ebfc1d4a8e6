/** Decodes a transfer encoding (RFC 2045 §6). @param body one byte per character. */
export function decodeTransfer(body: string, encoding: string): Buffer {
  const name = encoding.trim().toLowerCase()
  if (name === 'base64') return Buffer.from(body, 'base64')
  if (name === 'quoted-printable') return Buffer.from(unquotePrintable(body), 'latin1')
  return Buffer.from(body, 'latin1')
}

/** Decodes bytes. A missing, unknown or wrong charset is guessed: UTF-8 when the bytes are valid UTF-8. */
export function decodeMailText(bytes: Buffer, charset: string): string {
  const name = charset.trim().toLowerCase()
  if (name !== '' && !/^(us-)?ascii$/.test(name)) {
    const text = decodeWith(name, bytes)
    if (text !== null) return text
  }
  // ISO-2022-JP starts with an escape sequence and is often sent without its charset.
  if (bytes.includes('\u001b$')) return decodeWith('iso-2022-jp', bytes) ?? bytes.toString('latin1')
  return decodeWith('utf-8', bytes, true) ?? decodeWith('windows-1252', bytes) ?? bytes.toString('latin1')
}

/** Decodes the value of a header field: encoded words (RFC 2047) and raw UTF-8. */
export function decodeField(value: string): string {
  return decodeMailText(Buffer.from(value, 'latin1'), '')
    .replace(/(=\?[^?\s]+\?[bq]\?[^?\s]*\?=)\s+(?==\?)/gi, '$1')
    .replace(/=\?([^?\s]+)\?([bq])\?([^?\s]*)\?=/gi, (_word, charset: string, kind: string, text: string) =>
      decodeMailText(
        kind.toLowerCase() === 'b'
          ? Buffer.from(text, 'base64')
          : Buffer.from(unquotePrintable(text.replaceAll('_', ' ')), 'latin1'),
        charset.replace(/\*.*$/, ''),
      ),
    )
}

/** Returns the text of an HTML body, with a line for each block. */
export function textOfHtml(html: string): string {
  return withoutElement(withoutElement(html, 'style'), 'script')
    .replace(/<(br|\/p|\/div|\/tr|\/h\d|\/li)\b[^<>]{0,200}>/gi, '\n')
    .replace(/<[a-z/!][^<>@]{0,2000}>/gi, ' ')
    .replace(/&(nbsp|lt|gt|quot|amp|#39);/g, (_entity, name: string) => ENTITIES[name] ?? ' ')
}

/** Removes elements in one pass, which takes linear time. An unclosed element removes the rest. */
function withoutElement(html: string, name: string): string {
  const lower = html.toLowerCase()
  const rest: string[] = []
  let from = 0
  for (let at = lower.indexOf(`<${name}`); at !== -1; at = lower.indexOf(`<${name}`, from)) {
    rest.push(html.slice(from, at))
    const end = lower.indexOf(`</${name}`, at)
    from = end === -1 ? html.length : end + name.length + 3
  }
  return rest.join('') + html.slice(from)
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&', '#39': "'", nbsp: ' ' }

function unquotePrintable(text: string): string {
  return text
    .replace(/=[ \t]*\n/g, '')
    .replace(/=([0-9a-f]{2})/gi, (_code, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function decodeWith(charset: string, bytes: Buffer, strict = false): string | null {
  try {
    return new TextDecoder(charset, { fatal: strict }).decode(bytes)
  } catch {
    return null
  }
}
