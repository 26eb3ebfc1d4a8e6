/**
 * The text in some bytes. A byte order mark decides; else bytes that are valid UTF-8 are UTF-8; else the charset of the
 * Content-Type counts, and after it that of the XML declaration (RFC 7303 §3.2). Bytes that nothing can read become U+FFFD.
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

/** null where the bytes are not of this charset, or nobody knows it. */
function decoded(bytes: Uint8Array, charset: string): string | null {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
