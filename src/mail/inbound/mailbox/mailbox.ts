/**
 * A mailbox that is emptied of what comes in. A mail is put away only after it was handled: a crash in between means
 * that it is handled again, which the ledger knows.
 */
export interface BounceMailbox {
  /**
   * Hands over at most `limit` new mails, oldest first, one after the other, and says how many they were. Rejects
   * when the mailbox cannot be reached or `handle` rejects; what was not put away then comes again.
   */
  read(handle: (raw: Buffer) => Promise<void>, limit: number): Promise<number>
}
