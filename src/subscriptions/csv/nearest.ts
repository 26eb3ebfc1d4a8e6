import { distance } from '../../text/distance.ts'

/**
 * Returns the name that was probably meant, or null: equal except for punctuation, at a distance of one or two, or one
 * contained in the other.
 */
export function nearest(name: string, names: readonly string[]): string | null {
  const wanted = lettersOf(name)
  if (wanted === '') return null
  const others = names.map((each) => ({ each, plain: lettersOf(each) })).filter(({ plain }) => plain !== '')
  const same = others.find(({ plain }) => plain === wanted)
  if (same !== undefined) return same.each
  const slips = wanted.length < SHORT_CHARS ? 1 : 2
  const near = others
    .map(({ each, plain }) => ({ each, slip: distance(plain, wanted) }))
    .filter(({ slip }) => slip <= slips)
    .sort((a, b) => a.slip - b.slip)[0]
  if (near !== undefined) return near.each
  const part = others.find(
    ({ plain }) =>
      plain.length >= SHORT_CHARS && wanted.length >= SHORT_CHARS && (wanted.includes(plain) || plain.includes(wanted)),
  )
  return part?.each ?? null
}

const SHORT_CHARS = 4 // In a shorter name, a second difference makes another word.

function lettersOf(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
}
