import { ABSTRACT_CHARS_MAX, TITLE_CHARS_MAX } from '../../../config/limits.ts'
import type { Paper } from '../../domain/paper.ts'

/**
 * Formulas in LaTeX: `$…$`, `\(…\)`, `\[…\]`. By Pandoc's rule for `$`, there is no space inside the dollars and no digit
 * after them. Other dollars are money.
 */
const FORMULA = /\$(?=\S)([^$\n]{0,499}[^\s$\\])\$(?!\d)|\\\(([\s\S]{1,500}?)\\\)|\\\[([\s\S]{1,500}?)\\\]/g

/** Returns the formulas of a text, each with its position and its LaTeX without the delimiters. */
export function formulasIn(text: string): { readonly from: number; readonly to: number; readonly tex: string }[] {
  return [...text.matchAll(FORMULA)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
    tex: match[1] ?? match[2] ?? match[3] ?? '',
  }))
}

/** Returns a paper's LaTeX when it contains formulas. */
export function mathematicsOf(title: string, abstract: string): Pick<Paper, 'latex'> {
  // A longer text would be cut, perhaps within a formula.
  if (title.length > TITLE_CHARS_MAX || abstract.length > ABSTRACT_CHARS_MAX) return {}
  if (formulasIn(title).length + formulasIn(abstract).length === 0) return {}
  return { latex: { title, abstract } }
}
