import type { Paper } from '../../domain/paper.ts'
import { lexemesOf, titleLexemesOf, tsvectorOf } from '../../ranking/search/indexed-paper.ts'

/** Returns the columns of `papers` that search reads. They are written together with the content of a paper. */
export function searchColumnsOf(paper: Paper): { readonly title_search: string; readonly search: string } {
  return { title_search: tsvectorOf(titleLexemesOf(paper)), search: tsvectorOf(lexemesOf(paper)) }
}
