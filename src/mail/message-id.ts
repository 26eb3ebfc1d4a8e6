/** The id of a digest as a letter: the same for every repeat. */
export function digestMessageId(day: string, deliveryId: string): string {
  return `digest-${day}-${deliveryId}`
}

/** The id of a transactional mail as a letter. */
export function transactionalMessageId(kind: string, transactionalId: string): string {
  return `${kind}-${transactionalId}`
}
