import { sql } from 'kysely'
import type { MailboxMailKind } from '../../domain/mail/mailbox-mail.ts'
import type { Database } from '../schema/database.ts'

export interface MailboxClaim {
  /** From `hashMailbox`. */
  readonly mailboxHash: string
  readonly kind: MailboxMailKind
  readonly at: Date
  /** The minimum time between two mails. */
  readonly everyMs: number
}

/**
 * Claims the one mail that a mailbox may get in this time. Returns false if it was already claimed. It is one guarded
 * statement, so that only one of many simultaneous claims succeeds. It takes the same time in both cases.
 */
export async function claimMailbox(db: Database, { mailboxHash, kind, at, everyMs }: MailboxClaim): Promise<boolean> {
  const { rows } = await sql`
    insert into mailbox_mails (mailbox_hash, kind, created_at) values (${mailboxHash}, ${kind}, ${at})
    on conflict (mailbox_hash, kind) do update set created_at = excluded.created_at
      where mailbox_mails.created_at <= ${new Date(at.getTime() - everyMs)}
    returning 1`.execute(db)
  return rows.length > 0
}
