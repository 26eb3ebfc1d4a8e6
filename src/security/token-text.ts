/** Characters that a mail program may put into a long link: line ends, blanks, zero-width characters, the `=` of a wrapped line. */
const GAP = '[\\s=\\u00AD\\u200B-\\u200D\\u2060]*'
const MESSAGE = '[A-Za-z0-9_-]'
const MESSAGES = (count: string) => `(?:${MESSAGE}${GAP})${count}`
const HEX = `(?:[0-9a-f]${GAP}){8}`

/**
 * A token at the beginning of a text: an id of 8, a body, and a signature of 22 characters. Before it there is nothing that
 * could be of a token; behind it no further letter, as a longer signature is another one.
 */
const TOKEN = new RegExp(
  `^(?:&[a-z]+;|[^A-Za-z0-9&])*(${HEX}\\.${GAP}${MESSAGES('{1,200}')}\\.${GAP}(?:${MESSAGE}${GAP}){21}${MESSAGE})(?![_-]*[A-Za-z0-9])`,
)

/** No link of ours is longer: TOKEN_CHARS_MAX, each character percent-encoded. Bounds what a hostile address may cost. */
const TEXT_CHARS_MAX = 1_000
const DECODINGS_MAX = 3 // A link that was encoded twice, such as by a click tracker, and once more.

/** A token as it was signed, and the text after it. */
export interface FoundToken {
  readonly token: string
  readonly rest: string
}

/**
 * Finds the token at the beginning of a text that a mail program or a person may have changed: quotes, brackets and blanks
 * around it, line ends in it, characters written as `%20` or `=3D` (RFC 2045 §6.7). The signature is checked elsewhere and
 * exactly: nothing that is signed is guessed or repaired here.
 */
export function findToken(text: string): FoundToken | null {
  const plain = decodeAll(text.slice(0, TEXT_CHARS_MAX))
  // A `=` may be alone or begin an escape, so that both are tried.
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

/** Undoes percent-encoding; bytes that are no UTF-8 become U+FFFD. */
function decodeAll(text: string): string {
  let plain = text
  for (let turn = 0; turn < DECODINGS_MAX && /%[0-9a-f]{2}/i.test(plain); turn += 1)
    plain = plain.replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString())
  return plain
}
