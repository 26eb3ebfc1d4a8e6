import { SUBSCRIPTS, SUPERSCRIPTS } from './latex-symbols.ts'

/** `x` with `2` above: `²`; what Unicode cannot raise is written `^max` or `^(d×d)`. */
export function superscript(content: string): string {
  return script(content, SUPERSCRIPTS, '^')
}

/** `x` with `i` below: `ᵢ`; what Unicode cannot lower is written `_θ` or `_(i,j)`. */
export function subscript(content: string): string {
  return script(content, SUBSCRIPTS, '_')
}

// Raised letters are small: a word of more than this is easier to read unraised.
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
