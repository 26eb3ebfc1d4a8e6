import { ABSTRACT_CHARS_MAX, TITLE_CHARS_MAX } from '../../config/limits.ts'
import type { Paper } from '../domain/paper.ts'

/**
 * Mathematics as LaTeX sets it off: `$…$`, `\(…\)`, `\[…\]`. As Pandoc has it, a dollar opens before and closes after
 * something that is no blank, and closes before no digit: the others are money.
 */
const FORMULA = /\$(?=\S)([^$\n]{0,499}[^\s$\\])\$(?!\d)|\\\(([\s\S]{1,500}?)\\\)|\\\[([\s\S]{1,500}?)\\\]/g

/** The formulas of a text, each with where it stands and what is between its signs. */
export function formulasIn(text: string): { readonly from: number; readonly to: number; readonly tex: string }[] {
  return [...text.matchAll(FORMULA)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
    tex: match[1] ?? match[2] ?? match[3] ?? '',
  }))
}

/** Keeps a paper's own LaTeX where there is mathematics in it, bounded; nothing where Unicode says it all. */
export function mathematicsOf(title: string, abstract: string): Pick<Paper, 'latex'> {
  // A text that would be cut could be cut within a formula.
  if (title.length > TITLE_CHARS_MAX || abstract.length > ABSTRACT_CHARS_MAX) return {}
  if (formulasIn(title).length + formulasIn(abstract).length === 0) return {}
  return { latex: { title, abstract } }
}
