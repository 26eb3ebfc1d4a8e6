import { escapeControls } from '../../platform/escape-controls.ts'

/**
 * Prefixes a cell that a spreadsheet would run as a formula with an apostrophe (OWASP, “CSV Injection”). A cell that
 * begins with an apostrophe gets a second one, so that `unescapeFormula` restores the original.
 */
export function escapeFormula(text: string): string {
  return /^'*["=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text
}

/** Removes the apostrophe of `escapeFormula`. */
export function unescapeFormula(text: string): string {
  return /^'+["=+\-@\t\r＝＋－＠]/.test(text) ? text.slice(1) : text
}

/** Removes surrounding spaces, and quotation marks that are followed by spaces. */
export function bare(cell: string): string {
  const trimmed = cell.trim()
  return trimmed.startsWith('"') && /^"[^"]*"$/.test(trimmed) ? trimmed.slice(1, -1).trim() : trimmed
}

/** Applies `bare` and `unescapeFormula`. */
export function bareCell(cell: string): string {
  return unescapeFormula(bare(cell))
}

/** Formats a cell for a terminal: one line, at most `chars` long, with control characters escaped. */
export function shownCell(cell: string, chars: number): string {
  const line = escapeControls(cell.replace(/\s+/g, ' '))
  return line.length > chars ? `${line.slice(0, chars - 1)}…` : line
}

/**
 * Joins phrases into one cell, separated by `;`. A backslash escapes `;`, `|` and backslashes before them. Each phrase
 * is formula-escaped separately, because a spreadsheet with `;` as separator makes each a cell.
 */
export function writePhrases(phrases: readonly string[]): string {
  return phrases
    .map((phrase) =>
      escapeFormula(phrase)
        .replace(/\\(?=[\\;|]|$)/g, '\\\\')
        .replace(/[;|]/g, '\\$&'),
    )
    .join(';')
}

/** Splits a cell into phrases at `;` or `|`. Empty ones are dropped. */
export function readPhrases(cell: string): readonly string[] {
  if (cell === '') return []
  return [...cell.matchAll(/(?:\\[\\;|]|[^;|])+/g)]
    .map(([phrase]) => unescapeFormula(phrase.replace(/\\([\\;|])/g, '$1').trim()))
    .filter((phrase) => phrase !== '')
}
