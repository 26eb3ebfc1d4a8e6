import { put, type Reader, tail, take } from './latex-reader.ts'

const ACCENTED = /\s?\{\s*(?:\\([ij])(?![A-Za-z])\s*|(\p{L}))?\s*\}|\\([ij])(?![A-Za-z])\s?/uy

/** `\'e`, `\"{o}`, `\c c`: only letters that Unicode knows with this accent; else the sign stays a sign. */
export function readAccent(reader: Reader, sign: string, accent: string): void {
  const isWord = /[a-zA-Z]/.test(sign)
  const start = reader.at
  // `GPT's` written with a stray backslash is no ś.
  const isApostrophe =
    sign === "'" && /[A-Za-z]$/.test(tail(reader, 1)) && take(reader, /(?=(?:s|t|re|ll|ve|d|m)(?![A-Za-z]))/y) !== null
  const found = isApostrophe ? null : (take(reader, ACCENTED) ?? take(reader, isWord ? / (\p{L})/uy : /(\p{L})/uy))
  const letter = found?.slice(1).find((part) => part !== undefined) ?? ''
  const composed = `${letter}${accent}`.normalize('NFC')
  if (letter !== '' && [...composed].length === 1) {
    put(reader, composed)
    return
  }
  const isEmpty = found !== null && letter === '' // `\^{}` and `\~{}` are the bare signs.
  if (!isEmpty) reader.at = start
  // `\b{Coupled …}` is some author's own macro for bold.
  put(reader, isWord ? '' : sign)
}
