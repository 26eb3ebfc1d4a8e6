/** Characters that a mail program may insert into a long link: line breaks, spaces, zero-width characters, `=` of a soft break. */
const GAP = '[\\s=\\u00AD\\u200B-\\u200D\\u2060]*'
const CHARACTER = '[A-Za-z0-9_-]'
const HEX = `(?:[0-9a-f]${GAP}){8}`

/**
 * Matches a token at the beginning of a text: an id of 8 characters, a body, and a signature of 22. Other characters may
 * come before it. No letter or digit may follow, because a longer signature is a different one.
 */
const TOKEN = new RegExp(
  `^(?:&[a-z]+;|[^A-Za-z0-9&])*(${HEX}\\.${GAP}(?:${CHARACTER}${GAP}){1,200}\\.${GAP}(?:${CHARACTER}${GAP}){21}${CHARACTER})(?![_-]*[A-Za-z0-9])`,
)

/** Our longest link: TOKEN_CHARS_MAX characters, all percent-encoded. Bounds the work for a hostile address. */
const TEXT_CHARS_MAX = 1_000
const DECODINGS_MAX = 3 // Click trackers encode a link twice; one more for safety.

/** A token without inserted characters, and the text after it. */
export interface FoundToken {
  readonly token: string
  readonly rest: string
}

/**
 * Finds the token at the beginning of a text that a mail program or a person may have changed: quotes, brackets or spaces
 * around it, line breaks in it, characters written as `%20` or `=3D` (RFC 2045 §6.7). It never changes signed characters;
 * the caller checks the signature.
 */
export function findToken(text: string): FoundToken | null {
  const plain = decodeAll(text.slice(0, TEXT_CHARS_MAX))
  // A `=` may be a soft break or begin an escape, so both are tried.
  return (
    match(plain) ??
    match(plain.replace(/=(3D|20|2E)/gi, (_escape, hex) => String.fromCharCode(Number.parseInt(hex, 16))))
  )
}

function match(plain: string): FoundToken | null {
  const found = TOKEN.exec(plain)
  if (found === null) return null
  const [whole, token = ''] = found
  return { token: token.replace(/[^A-Za-z0-9._-]/g, ''), rest: plain.slice(whole.length) }
}

/** Decodes percent-encoding. Invalid UTF-8 becomes U+FFFD. */
function decodeAll(text: string): string {
  let plain = text
  for (let count = 0; count < DECODINGS_MAX && /%[0-9a-f]{2}/i.test(plain); count += 1)
    plain = plain.replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString())
  return plain
}
