import { type Parser, put, tail, take } from './parser.ts'

const ACCENTED = /\s?\{\s*(?:\\([ij])(?![A-Za-z])\s*|(\p{L}))?\s*\}|\\([ij])(?![A-Za-z])\s?/uy

/** Reads an accent such as `\'e`, `\"{o}` or `\c c`. When Unicode has no such letter, the sign itself is written. */
export function readAccent(parser: Parser, sign: string, accent: string): void {
  const isWord = /[a-zA-Z]/.test(sign)
  const start = parser.at
  // `GPT\'s` is a stray backslash and not a ś.
  const isApostrophe =
    sign === "'" && /[A-Za-z]$/.test(tail(parser, 1)) && take(parser, /(?=(?:s|t|re|ll|ve|d|m)(?![A-Za-z]))/y) !== null
  const found = isApostrophe ? null : (take(parser, ACCENTED) ?? take(parser, isWord ? / (\p{L})/uy : /(\p{L})/uy))
  const letter = found?.slice(1).find((part) => part !== undefined) ?? ''
  const composed = `${letter}${accent}`.normalize('NFC')
  if (letter !== '' && [...composed].length === 1) {
    put(parser, composed)
    return
  }
  const isEmpty = found !== null && letter === '' // `\^{}` and `\~{}` are the bare signs.
  if (!isEmpty) parser.at = start
  // Some authors define `\b{Coupled …}` as a macro for bold.
  put(parser, isWord ? '' : sign)
}
