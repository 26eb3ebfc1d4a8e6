import { SUBSCRIPTS, SUPERSCRIPTS } from './symbols.ts'

/** Returns a superscript such as `²`. Characters without a Unicode superscript are written as `^max` or `^(d×d)`. */
export function superscript(content: string): string {
  return script(content, SUPERSCRIPTS, '^')
}

/** Returns a subscript such as `ᵢ`. Characters without a Unicode subscript are written as `_θ` or `_(i,j)`. */
export function subscript(content: string): string {
  return script(content, SUBSCRIPTS, '_')
}

// Superscript letters are small, so longer words are easier to read in normal size.
const LETTERS_MAX = 4
const DIGITS_MAX = 12

function script(content: string, table: ReadonlyMap<string, string>, sign: string): string {
  const compact = content.replace(/\s*([^\p{L}\p{N}\s])\s*/gu, '$1').trim()
  if (compact === '') return ''
  const characters = [...compact]
  const raised = characters.map((character) => table.get(character))
  const short = characters.length <= (/^[\d+\-−=()]+$/.test(compact) ? DIGITS_MAX : LETTERS_MAX)
  if (short && raised.every((character) => character !== undefined)) return raised.join('')
  return /^[\p{L}\p{M}\p{N}.]+$/u.test(compact) ? `${sign}${compact}` : `${sign}(${compact})`
}
