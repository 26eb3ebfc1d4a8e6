/** The id of a digest as a letter: the same for every repeat. */
export function digestLetterId(day: string, deliveryId: string): string {
  return `digest-${day}-${deliveryId}`
}

/** The id of a transactional mail as a letter. */
export function noticeLetterId(kind: string, noticeId: string): string {
  return `${kind}-${noticeId}`
}
