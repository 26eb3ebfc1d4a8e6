/** The row that a link names, and the generation of the link. */
export interface LinkSubject {
  /** The id of a subscriber, or of a delivery for a link to a digest. */
  readonly id: string
  readonly generation: number
}

/** The fields of a subscriber that links depend on. */
export interface LinkOwner {
  readonly id: string
  readonly linkGeneration: number
}

/** Returns the text that a link signs. Generation 0 is left out, so that links from before generations existed stay valid. */
export function linkSubject(id: string, generation: number): string {
  return generation === 0 ? id : `${id}.${generation}`
}

/** Parses the signed text of a link; null when it has another form. */
export function readLinkSubject(subject: string | null): LinkSubject | null {
  const [, id, generation = '0'] = /^(\d{1,18})(?:\.([1-9]\d{0,9}))?$/.exec(subject ?? '') ?? []
  return id === undefined ? null : { id, generation: Number(generation) }
}

/** Whether a link has expired. A later generation is valid: it was mailed before the ledger was restored from a backup. */
export function isOldLink({ generation }: LinkSubject, currentGeneration: number): boolean {
  return generation < currentGeneration
}
