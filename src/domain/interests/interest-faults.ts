import { isArxivCategory, similarCategories } from '../category-names.ts'

const QUOTES = '"“”«»'
const OPENS = new RegExp(`^[${QUOTES}]`, 'u')
const CLOSES = new RegExp(`[${QUOTES}]$`, 'u')
const WORD = /[\p{L}\p{N}+#]/u
/** Operators of the search, which interests do not have. */
const SEARCH_OPERATORS = /^(keywords?|org|organisation|organization|title|abstract|cat|au)\s*:/i

/**
 * Returns why a typed interest or muted term cannot mean what its writer meant, or null. A fault is not
 * saved. A line that can be read but brings nothing is saved with a warning (src/ranking/interest-review.ts).
 */
export function interestFault(typed: string): string | null {
  const text = typed.trim().replace(/^-\s*/, '')
  const shown = `“${typed.trim().slice(0, 40)}”`
  const [, field = '', rest = ''] = /^(author|category|code)\s*:\s*(.*)$/isu.exec(text) ?? []
  if (field !== '') return fieldFault(field.toLowerCase(), rest.trim(), shown)
  const operator = SEARCH_OPERATORS.exec(text)?.[1]
  if (operator !== undefined)
    return `${shown} uses ${operator}:, which works in the search only. Write the words alone.`
  if (OPENS.test(text) !== CLOSES.test(text) || /^["“”«»]$/u.test(text))
    return `${shown} has an open quotation mark. Close it, or leave it out. A comma or a line end separates two entries, even within quotation marks.`
  return WORD.test(text) ? null : `${shown} contains no word.`
}

function fieldFault(field: string, value: string, shown: string): string | null {
  if (field === 'author')
    return WORD.test(value) ? null : `${shown} has no name. Write a name after it, such as author:Lovelace.`
  if (field === 'code')
    return /^(yes|no|true|false|1|0)$/i.test(value) ? null : `${shown} is not known. Write code:yes or code:no.`
  if (value === '') return `${shown} has no category. Write one of arXiv’s, such as category:cs.CL.`
  if (isArxivCategory(value)) return null
  const similar = similarCategories(value)
  const remedy =
    similar.length === 0
      ? 'Write one of arXiv’s, such as category:cs.CL.'
      : `Did you mean category:${similar.join(' or category:')}?`
  return `${shown} is not a category of arXiv. ${remedy}`
}
