/**
 * Decodes bytes by their byte order mark, else as UTF-8 when they are valid, else by the charset of the Content-Type, else
 * by that of the XML declaration (RFC 7303 §3.2). Otherwise invalid bytes become U+FFFD.
 */
export function decodeText(bytes: Uint8Array, contentType: string | null = null): string {
  for (const charset of [markOf(bytes) ?? 'utf-8', charsetOf(contentType), declaredIn(bytes)]) {
    const text = charset === null ? null : decoded(bytes, charset)
    if (text !== null) return text
  }
  return new TextDecoder().decode(bytes)
}

function markOf(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null
}

function charsetOf(contentType: string | null): string | null {
  return /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(contentType ?? '')?.[1] ?? null
}

const DECLARATION_BYTES_MAX = 200

function declaredIn(bytes: Uint8Array): string | null {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, DECLARATION_BYTES_MAX))
  return /^\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']/i.exec(head)?.[1] ?? null
}

/** Returns null when the bytes are not valid in this charset, or the charset is unknown. */
function decoded(bytes: Uint8Array, charset: string): string | null {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
