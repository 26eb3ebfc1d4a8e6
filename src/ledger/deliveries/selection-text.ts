import type { Selection } from '../../domain/parcel.ts'

/**
 * Returns a selection as it is stored, in about a third of the bytes of its JSON: papers are positions in the digest, interests
 * are positions in the list of interests, and defaults are left out.
 */
export function selectionText(selection: Selection, paperIds: readonly string[]): string {
  const { frequency, interests, featured, form, matches, follows, learned, near, span, catchUp, linkGeneration } =
    selection
  const papers = new Map(paperIds.map((id, place) => [id, place]))
  const places = new Map(interests.map((interest, place) => [interest, place]))
  const pairs = <T, V>(of: Readonly<Record<string, T>>, stored: (value: T) => V) =>
    Object.entries(of).flatMap(([id, value]) => [papers.get(id) ?? id, stored(value)])
  const some = <T>(list: readonly T[]) => (list.length === 0 ? undefined : list)
  return JSON.stringify({
    w: frequency === 'weekly' ? 1 : undefined,
    s: span === 'week' ? 1 : undefined,
    c: catchUp ? 1 : undefined,
    n: featured,
    f: form,
    g: linkGeneration,
    i: some(interests),
    m: some(pairs(matches, (interest) => places.get(interest) ?? interest)),
    a: some(pairs(follows, (author) => author)),
    l: learned === undefined ? undefined : pairs(learned, (words) => words),
    r: near === undefined ? undefined : pairs(near, (words) => words),
  } satisfies Stored)
}

/** Returns a stored selection. `paperIds` are those of the same delivery. */
export function readSelection(text: string, paperIds: readonly string[]): Selection {
  const { w, s, c, n, f, g, i: interests = [], m = [], a = [], l, r } = JSON.parse(text) as Stored
  const byId = <V, T>(pairs: Pairs<V>, stored: (value: V) => T): Record<string, T> => {
    const entries: [string, T][] = []
    for (let at = 0; at + 1 < pairs.length; at += 2) {
      const paper = pairs[at] as number | string
      entries.push([typeof paper === 'number' ? (paperIds[paper] ?? '') : paper, stored(pairs[at + 1] as V)])
    }
    return Object.fromEntries(entries)
  }
  return {
    frequency: w === 1 ? 'weekly' : 'daily',
    interests,
    featured: n,
    ...(f === undefined ? {} : { form: f }),
    matches: byId(m, (interest) => (typeof interest === 'number' ? (interests[interest] ?? '') : interest)),
    follows: byId(a, (author) => author),
    ...(l === undefined ? {} : { learned: byId(l, (words) => words) }),
    ...(r === undefined ? {} : { near: byId(r, (words) => words) }),
    span: s === 1 ? 'week' : 'day',
    catchUp: c === 1,
    ...(g === undefined ? {} : { linkGeneration: g }),
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
  readonly g?: number | undefined
  readonly i?: readonly string[] | undefined
  readonly m?: Pairs<number | string> | undefined
  readonly a?: Pairs<string> | undefined
  readonly l?: Pairs<readonly string[]> | undefined
  readonly r?: Pairs<readonly string[]> | undefined
}
