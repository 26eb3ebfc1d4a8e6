import { language, say } from '../../language/language.ts'
import { isArxivCategory, similarCategories } from '../topics/category-names.ts'

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
  const shown = say('quoted', { text: text.slice(0, 40) })
  if ((text.match(QUOTES) ?? []).length % 2 === 1) return say('interest.openQuote', { shown })
  const operator = UNKNOWN_OPERATOR.exec(text)?.[1]
  if (operator !== undefined) return say('interest.operator', { shown, operator })
  for (const [, name = '', value = ''] of text.matchAll(OPERATORS)) {
    const fault = operatorFault(name.toLowerCase(), value.replace(QUOTES, '').trim())
    if (fault !== null) return say('interest.fault', { shown, fault })
  }
  return WORD.test(text) ? null : say('interest.noWord', { shown })
}

/** Returns the fault of one operator, completing a sentence, or null. */
function operatorFault(name: string, value: string): string | null {
  if (name === 'author') return WORD.test(value) ? null : say('interest.noName')
  if (name === 'code') return /^(yes|no|true|false|1|0)$/i.test(value) ? null : say('interest.code')
  if (name !== 'category') return WORD.test(value) ? null : say('interest.noValue', { operator: name })
  if (value === '') return say('interest.noCategory')
  if (isArxivCategory(value)) return null
  const similar = similarCategories(value)
  if (similar.length === 0) return say('interest.category')
  const categories = language().list(
    similar.map((each) => `category:${each}`),
    'or',
  )
  return say('interest.similarCategory', { categories })
}
