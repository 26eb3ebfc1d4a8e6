/** Keys such as `smith2023sparse` in brackets, which are left over from `\\cite`. */
const BRACKETS =
  /\[ ?((?:[a-z]{2,20}(?:19|20)\d\d[a-z]{2,30})(?: ?[,;] ?[a-z]{2,20}(?:19|20)\d\d[a-z]{2,30}){0,20}) ?\]/g

/** Returns a text with its citation keys as names and years: `[smith2023sparse]` is `(Smith 2023)`. */
export function withReadableCitations(text: string): string {
  return text.replace(BRACKETS, (_, keys: string, at: number) =>
    citationWords(keys, text.slice(Math.max(0, at - 20), at)),
  )
}

/**
 * Returns the words for the keys of a citation, for its place after a text: `(Smith 2023)`, `Smith (2023)` after `by`, or
 * `(2023)` after `Smith et al.`. Keys without a name and a year say nothing to a reader, so they are left out.
 */
export function citationWords(keys: string, before: string): string {
  const works = keys.split(/[,;]/).flatMap((key) => {
    const [, name = '', year = ''] =
      /^\s*([A-Za-z]{2,20}?)(?:[-_:]?et[-_]?al)?[-_:]?((?:19|20)\d\d)(?!\d)/.exec(key) ?? []
    return name === '' ? [] : [{ name: `${name[0]?.toUpperCase()}${name.slice(1)}`, year }]
  })
  if (works.length === 0) return ''
  if (/\bet al\.?,?\s*$/.test(before)) return `(${works.map(({ year }) => year).join('; ')})`
  if (/(?:^|\s)(?:by|of|in|see|from|than|as|with|like|following|and|to|e\.g\.,?)\s*$/i.test(before))
    return works.map(({ name, year }) => `${name} (${year})`).join(', ')
  return `(${works.map(({ name, year }) => `${name} ${year}`).join('; ')})`
}
