import type { SubscriberState } from '../subscriber.ts'
import type { HashOf } from '../suppression.ts'
import type { Database } from './database.ts'
import type { NoticeKind } from './tables.ts'

/** Says why a transactional mail must not go out any more, or null: much may have changed since it was written. */
export async function whyNot(
  trx: Database,
  notice: {
    readonly id: string
    readonly kind: NoticeKind
    readonly address: string
    readonly confirmation_id: string | null
  },
  reader: { readonly state: SubscriberState; readonly address_hash: string } | undefined,
  at: Date,
  hashOf: HashOf,
): Promise<string | null> {
  if (reader === undefined) return 'erased'
  const { state } = reader
  if (state === 'suppressed' || (await isSuppressed(trx, [reader.address_hash, hashOf(notice.address)])))
    return 'suppressed'
  switch (notice.kind) {
    case 'confirm':
      return whyNotConfirm(trx, notice.confirmation_id, state, at)
    case 'known':
      return state === 'active' || state === 'paused' ? null : state
    case 'goodbye':
      // Undone in the meantime: the words would be wrong.
      return state === 'unsubscribed' ? null : state
    case 'address-confirm':
      return whyNotMove(trx, notice.id, at)
    case 'welcome':
    case 'address-changed':
      return null
  }
}

async function whyNotConfirm(
  trx: Database,
  confirmationId: string | null,
  state: SubscriberState,
  at: Date,
): Promise<string | null> {
  const asked = await trx
    .selectFrom('confirmations')
    .select(['used_at', 'expires_at'])
    .where('id', '=', confirmationId)
    .executeTakeFirst()
  if (asked === undefined || asked.used_at !== null) return 'nothing is left to confirm'
  // A link that no longer works helps nobody, however late the mail comes.
  if (asked.expires_at <= at) return 'expired'
  return state === 'pending' ? null : state
}

async function whyNotMove(trx: Database, id: string, at: Date): Promise<string | null> {
  const move = await trx
    .selectFrom('address_changes')
    .select('id')
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .where('expires_at', '>', at)
    .executeTakeFirst()
  return move === undefined ? 'expired' : null
}

async function isSuppressed(trx: Database, hashes: readonly (string | null)[]): Promise<boolean> {
  const row = await trx
    .selectFrom('suppressions')
    .select('address_hash')
    .where(
      'address_hash',
      'in',
      hashes.filter((hash) => hash !== null),
    )
    .executeTakeFirst()
  return row !== undefined
}
