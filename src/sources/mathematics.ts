import { ABSTRACT_CHARS_MAX, TITLE_CHARS_MAX } from '../../config/limits.ts'
import type { Paper } from '../paper.ts'

/** Mathematics as LaTeX sets it off: `$…$`, `\(…\)`, `\[…\]`. A lone dollar is money. */
const SET_OFF = /\$[^$\n]{1,500}\$|\\\([\s\S]{1,500}?\\\)|\\\[[\s\S]{1,500}?\\\]/

/** Keeps a paper's own LaTeX where there is mathematics in it, bounded; nothing where Unicode says it all. */
export function mathematicsOf(title: string, abstract: string): Pick<Paper, 'latex'> {
  if (!SET_OFF.test(title) && !SET_OFF.test(abstract)) return {}
  // A text that would be cut could be cut within a formula.
  if (title.length > TITLE_CHARS_MAX || abstract.length > ABSTRACT_CHARS_MAX) return {}
  return { latex: { title, abstract } }
}
