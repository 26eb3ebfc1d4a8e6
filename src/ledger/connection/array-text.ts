/** Parses the text of a one-dimensional PostgreSQL array, or returns null if only a complete parser can. */
type ArrayParser<T> = (text: string) => T[] | null

/** Reads `text[]`. An unquoted NULL is null (https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO). */
export const readTextArray: ArrayParser<string | null> = (text) => {
  if (!isFlat(text) || text.includes('\\')) return null
  const items: (string | null)[] = []
  const last = text.length - 1
  for (let at = 1; at < last; ) {
    if (text[at] === '"') {
      const end = text.indexOf('"', at + 1)
      items.push(text.slice(at + 1, end))
      at = end + 2
    } else {
      const comma = text.indexOf(',', at)
      const end = comma < 0 ? last : comma
      const item = text.slice(at, end)
      if (item.startsWith('{')) return null
      items.push(item === 'NULL' ? null : item)
      at = end + 1
    }
  }
  return items
}

/** Reads `integer[]`. */
export const readIntegerArray: ArrayParser<number> = (text) => {
  if (text === '{}') return []
  return /^\{[\d,-]+\}$/.test(text) ? text.slice(1, -1).split(',').map(Number) : null
}

/** Whether the text has no explicit bounds, such as `[2:3]={a,b}`. */
function isFlat(text: string): boolean {
  return text.startsWith('{') && text.endsWith('}')
}
