/** Returns the message id of a digest. Every retry has the same. */
export function digestMessageId(day: string, deliveryId: string): string {
  return `digest-${day}-${deliveryId}`
}

/** Returns the message id of a transactional email. */
export function transactionalMessageId(kind: string, transactionalId: string): string {
  return `${kind}-${transactionalId}`
}
