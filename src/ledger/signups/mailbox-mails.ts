import { sql } from 'kysely'
import type { MailboxMailKind } from '../../domain/mailbox-mail.ts'
import type { Database } from '../schema/database.ts'

export interface MailboxClaim {
  /** From `hashMailbox`. */
  readonly mailboxHash: string
  readonly kind: MailboxMailKind
  readonly at: Date
  /** How much time must lie between two mails. */
  readonly everyMs: number
}

/**
 * Claims the one mail that a mailbox may get in this time, and returns whether it was free. One guarded statement, so that
 * of any number of claims at once, from any number of processes, one wins. It costs the same either way.
 */
export async function claimMailbox(db: Database, { mailboxHash, kind, at, everyMs }: MailboxClaim): Promise<boolean> {
  const { rows } = await sql`
    insert into mailbox_mails (mailbox_hash, kind, created_at) values (${mailboxHash}, ${kind}, ${at})
    on conflict (mailbox_hash, kind) do update set created_at = excluded.created_at
      where mailbox_mails.created_at <= ${new Date(at.getTime() - everyMs)}
    returning 1`.execute(db)
  return rows.length > 0
}
