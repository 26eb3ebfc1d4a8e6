/**
 * A source of inbound mails. A mail is marked as read only after it was handled. After a crash in between it is handled
 * again, and the ledger ignores the repeated event.
 */
export interface BounceMailbox {
  /**
   * Passes up to `limit` new mails to `handle`, oldest first, one at a time, and returns their number. Rejects when the
   * mailbox cannot be reached or `handle` rejects; the remaining mails are read next time.
   */
  read(handle: (raw: Buffer) => Promise<void>, limit: number): Promise<number>
}
