/** The row that a link names, and the generation with which it ends. */
export interface LinkSubject {
  /** A subscriber, or for a link to a digest its delivery. */
  readonly id: string
  readonly generation: number
}

/** A subscriber as far as their links depend on it. */
export interface LinkOwner {
  readonly id: string
  readonly linkGeneration: number
}

/** Returns the text that such a link signs. Generation 0 is left out, so that links from before there were generations are the same. */
export function linkSubject(id: string, generation: number): string {
  return generation === 0 ? id : `${id}.${generation}`
}

/** Reads it back; null when it is nothing that we sign. */
export function readLinkSubject(subject: string | null): LinkSubject | null {
  const [, id, generation = '0'] = /^(\d{1,18})(?:\.([1-9]\d{0,9}))?$/.exec(subject ?? '') ?? []
  return id === undefined ? null : { id, generation: Number(generation) }
}

/**
 * Whether a link has ended. A link of a later generation is not old: it was mailed before the ledger was restored from
 * a backup.
 */
export function isOldLink({ generation }: LinkSubject, currentGeneration: number): boolean {
  return generation < currentGeneration
}
