import type { Selection } from '../../domain/parcel.ts'

/**
 * Returns a selection as it is stored, in about a third of the bytes of its JSON: papers are positions in the digest, interests
 * are positions in the list of interests, and defaults are left out. It is written field by field: objects, lists of pairs and
 * one `JSON.stringify` took 3.5 µs more a message. It has no control characters, because JSON escapes them.
 */
export function selectionText(selection: Selection, paperIds: readonly string[]): string {
  const { frequency, interests, featured, form, matches, follows, learned, near, span, catchUp, linkGeneration } =
    selection
  let text = '{'
  if (frequency === 'weekly') text += '"w":1,'
  if (span === 'week') text += '"s":1,'
  if (catchUp) text += '"c":1,'
  text += `"n":${featured}`
  if (form !== undefined) text += `,"f":"${form}"`
  if (selection.titles !== undefined) text += ',"t":1'
  if (selection.left !== undefined) text += `,"x":${selection.left}`
  if (selection.following) text += ',"y":1'
  if (selection.byVotes) text += ',"v":1'
  if (selection.pictures) text += ',"p":1'
  if (linkGeneration !== undefined) text += `,"g":${linkGeneration}`
  if (interests.length > 0) text += `,"i":${JSON.stringify(interests)}`
  const matchPairs = pairsText(matches, paperIds, (interest) => {
    const place = interests.indexOf(interest)
    return place < 0 ? JSON.stringify(interest) : String(place)
  })
  if (matchPairs !== '') text += `,"m":[${matchPairs}]`
  if (selection.mentions !== undefined) text += `,"e":${placesText(selection.mentions, paperIds)}`
  const authorPairs = pairsText(follows, paperIds, JSON.stringify)
  if (authorPairs !== '') text += `,"a":[${authorPairs}]`
  if (learned !== undefined) text += `,"l":[${pairsText(learned, paperIds, JSON.stringify)}]`
  if (near !== undefined) text += `,"r":[${pairsText(near, paperIds, JSON.stringify)}]`
  if (selection.synonyms !== undefined) text += `,"z":[${pairsText(selection.synonyms, paperIds, JSON.stringify)}]`
  if (selection.unmatched !== undefined) text += `,"u":${JSON.stringify(selection.unmatched)}`
  return `${text}}`
}

/** Returns `Pairs` as JSON text without its brackets. The papers are nearly always in the order of the digest. */
function pairsText<V>(
  of: Readonly<Record<string, V>>,
  paperIds: readonly string[],
  stored: (value: V) => string,
): string {
  let text = ''
  let next = 0
  for (const id in of) {
    let place = paperIds.indexOf(id, next)
    if (place < 0) place = paperIds.indexOf(id)
    else next = place + 1
    if (text !== '') text += ','
    text += `${place < 0 ? JSON.stringify(id) : place},${stored(of[id] as V)}`
  }
  return text
}

/** Returns the positions of papers in the digest as JSON text; the id of a paper that is not in it. */
function placesText(ids: readonly string[], paperIds: readonly string[]): string {
  return JSON.stringify(
    ids.map((id) => {
      const place = paperIds.indexOf(id)
      return place < 0 ? id : place
    }),
  )
}

/** Returns a stored selection. `paperIds` are those of the same delivery. */
export function readSelection(text: string, paperIds: readonly string[]): Selection {
  const stored = JSON.parse(text) as Stored
  const { w, s, c, n, f, t, x, y, v, p, g, i: interests = [], m = [], e, a = [], l, r, z, u } = stored
  const idOf = (paper: number | string) => (typeof paper === 'number' ? (paperIds[paper] ?? '') : paper)
  const byId = <V, T>(pairs: Pairs<V>, read: (value: V) => T): Record<string, T> => {
    const entries: [string, T][] = []
    for (let at = 0; at + 1 < pairs.length; at += 2) {
      entries.push([idOf(pairs[at] as number | string), read(pairs[at + 1] as V)])
    }
    return Object.fromEntries(entries)
  }
  return {
    frequency: w === 1 ? 'weekly' : 'daily',
    interests,
    featured: n,
    ...(f === undefined ? {} : { form: f }),
    ...(t === undefined ? {} : { titles: 'arxiv' }),
    ...(x === undefined ? {} : { left: x }),
    ...(y === undefined ? {} : { following: true }),
    ...(v === undefined ? {} : { byVotes: true }),
    ...(p === undefined ? {} : { pictures: true }),
    matches: byId(m, (interest) => (typeof interest === 'number' ? (interests[interest] ?? '') : interest)),
    ...(e === undefined ? {} : { mentions: e.map((paper) => idOf(paper)) }),
    follows: byId(a, (author) => author),
    ...(l === undefined ? {} : { learned: byId(l, (words) => words) }),
    ...(r === undefined ? {} : { near: byId(r, (words) => words) }),
    span: s === 1 ? 'week' : 'day',
    catchUp: c === 1,
    ...(z === undefined ? {} : { synonyms: byId(z, (synonym) => synonym) }),
    ...(g === undefined ? {} : { linkGeneration: g }),
    ...(u === undefined ? {} : { unmatched: u }),
  }
}

/** A paper’s position in the digest, or its id if it is not in it; then what is stored about it; and so on. */
type Pairs<V> = readonly (number | string | V)[]

interface Stored {
  readonly w?: 1 | undefined
  readonly s?: 1 | undefined
  readonly c?: 1 | undefined
  readonly n: number
  readonly f?: Selection['form']
  readonly t?: 1 | undefined
  readonly x?: number | undefined
  readonly y?: 1 | undefined
  readonly v?: 1 | undefined
  readonly p?: 1 | undefined
  readonly g?: number | undefined
  readonly i?: readonly string[] | undefined
  readonly m?: Pairs<number | string> | undefined
  readonly e?: readonly (number | string)[] | undefined
  readonly a?: Pairs<string> | undefined
  readonly l?: Pairs<readonly string[]> | undefined
  readonly r?: Pairs<readonly string[]> | undefined
  readonly z?: Pairs<string> | undefined
  readonly u?: Selection['unmatched']
}
