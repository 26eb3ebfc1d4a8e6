import { escapeControls } from '../../platform/escape-controls.ts'

/**
 * A cell that a spreadsheet would run as a formula, made harmless by an apostrophe before it (OWASP, “CSV Injection”).
 * One that begins with an apostrophe of its own gets a second, and one in quotation marks a first, so that `unguard`
 * gives back what was there.
 */
export function escapeFormula(text: string): string {
  return /^'*["=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text
}

/** The text without the apostrophe of `guard`. */
export function unescapeFormula(text: string): string {
  return /^'+["=+\-@\t\r＝＋－＠]/.test(text) ? text.slice(1) : text
}

/** A cell without what is no part of it: blanks, and quotation marks that have blanks after them. */
export function bare(cell: string): string {
  const trimmed = cell.trim()
  return trimmed.startsWith('"') && /^"[^"]*"$/.test(trimmed) ? trimmed.slice(1, -1).trim() : trimmed
}

/** The same, and without the apostrophe of `guard`. */
export function bareCell(cell: string): string {
  return unescapeFormula(bare(cell))
}

/** A cell as a terminal may show it: on one line, cut to `chars`, and with escapes for signs that could move the cursor. */
export function shownCell(cell: string, chars: number): string {
  const line = escapeControls(cell.replace(/\s+/g, ' '))
  return line.length > chars ? `${line.slice(0, chars - 1)}…` : line
}

/**
 * Several phrases in one cell, parted by `;`. A `;` or `|` inside of a phrase has a backslash before it, and so has a
 * backslash that would be taken for such a one. Each phrase is guarded for itself: where a spreadsheet parts cells by
 * `;`, each would be a cell of its own.
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

/** The phrases of a cell, parted by `;` or `|`; none is empty. */
export function readPhrases(cell: string): readonly string[] {
  if (cell === '') return []
  return [...cell.matchAll(/(?:\\[\\;|]|[^;|])+/g)]
    .map(([phrase]) => unescapeFormula(phrase.replace(/\\([\\;|])/g, '$1').trim()))
    .filter((phrase) => phrase !== '')
}
