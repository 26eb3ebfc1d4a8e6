import { isArxivCategory, similarCategories } from '../category-names.ts'

const QUOTES = /["“”„«»]/gu
const WORD = /[\p{L}\p{N}+#]/u
/** Each operator of a line with its value: a quotation, or the word after it. */
const OPERATORS =
  /(?:^|\s)-?(author|category|code|org|organi[sz]ation|keyword|topic)\s*:\s*(["“”„«][^"“”„«»]*["“”»]|\S*)/giu
/** Operators of other search engines. */
const UNKNOWN_OPERATOR = /^-?(title|abstract|cat|au|ti|abs)\s*:/i

/**
 * Returns why a typed interest or muted term cannot mean what its writer meant, or null. A fault is not
 * saved. A line that can be read but brings nothing is saved with a warning (src/ranking/review/review-interests.ts).
 */
export function interestFault(typed: string): string | null {
  const text = typed.trim()
  const shown = `“${text.slice(0, 40)}”`
  if ((text.match(QUOTES) ?? []).length % 2 === 1)
    return `${shown} has an open quotation mark. Close it, or leave it out. A comma or a line end separates two entries, even within quotation marks.`
  const operator = UNKNOWN_OPERATOR.exec(text)?.[1]
  if (operator !== undefined) return `${shown} uses ${operator}:, which is not known. Write the words alone.`
  for (const [, name = '', value = ''] of text.matchAll(OPERATORS)) {
    const fault = operatorFault(name.toLowerCase(), value.replace(QUOTES, '').trim())
    if (fault !== null) return `${shown} ${fault}`
  }
  return WORD.test(text) ? null : `${shown} contains no word.`
}

/** Returns the fault of one operator, completing a sentence, or null. */
function operatorFault(name: string, value: string): string | null {
  if (name === 'author') return WORD.test(value) ? null : 'has no name. Write a name after it, such as author:Lovelace.'
  if (name === 'code')
    return /^(yes|no|true|false|1|0)$/i.test(value) ? null : 'is not known. Write code:yes or code:no.'
  if (name !== 'category') return WORD.test(value) ? null : `has no word after ${name}:.`
  if (value === '') return 'has no category. Write one of arXiv’s, such as category:cs.CL.'
  if (isArxivCategory(value)) return null
  const similar = similarCategories(value)
  const remedy =
    similar.length === 0
      ? 'Write one of arXiv’s, such as category:cs.CL.'
      : `Did you mean category:${similar.join(' or category:')}?`
  return `is not a category of arXiv. ${remedy}`
}
