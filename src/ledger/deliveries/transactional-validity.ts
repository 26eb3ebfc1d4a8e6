import type { TransactionalKind } from '../../domain/mail/transactional.ts'
import { checkAddress, type SubscriberState } from '../../domain/subscriber.ts'
import type { HashOf } from '../../security/address-hash.ts'
import type { Database } from '../schema/database.ts'

/** Returns why a transactional email must not be sent any more, or null. Much may have changed since it was written. */
export async function invalidReason(
  trx: Database,
  transactional: {
    readonly id: string
    readonly kind: TransactionalKind
    readonly address: string
    readonly confirmation_id: string | null
  },
  subscriber:
    | { readonly state: SubscriberState; readonly address_hash: string; readonly email_key: string }
    | undefined,
  at: Date,
  hashOf: HashOf,
): Promise<string | null> {
  if (subscriber === undefined) return 'erased'
  const { state } = subscriber
  if (state === 'suppressed' || (await isSuppressed(trx, [subscriber.address_hash, hashOf(transactional.address)])))
    return 'suppressed'
  switch (transactional.kind) {
    case 'confirm':
      return confirmationProblem(trx, transactional.confirmation_id, state, at)
    case 'known':
    case 'preferences-link':
    case 'sample':
      return state === 'active' || state === 'paused' ? addressProblem(transactional, subscriber) : state
    case 'goodbye':
      // The subscriber undid the unsubscribe, so the text would be wrong.
      return state === 'unsubscribed' ? addressProblem(transactional, subscriber) : state
    case 'address-confirm':
      return addressChangeProblem(trx, transactional.id, at)
    case 'address-changed':
      return formerAddressProblem(trx, transactional.id, at)
    case 'welcome':
      return addressProblem(transactional, subscriber)
  }
}

async function confirmationProblem(
  trx: Database,
  confirmationId: string | null,
  state: SubscriberState,
  at: Date,
): Promise<string | null> {
  const confirmation = await trx
    .selectFrom('confirmations')
    .select(['used_at', 'expires_at'])
    .where('id', '=', confirmationId)
    .executeTakeFirst()
  if (confirmation === undefined || confirmation.used_at !== null) return 'nothing is left to confirm'
  // An expired link is useless, so the mail is not sent.
  if (confirmation.expires_at <= at) return 'expired'
  return state === 'pending' ? null : state
}

/** A mail with a link to the preferences is sent only to the current address of the subscriber, which may have changed. */
function addressProblem(
  { address }: { readonly address: string },
  { email_key }: { readonly email_key: string },
): string | null {
  const checked = checkAddress(address)
  return checked.ok && checked.key === email_key ? null : 'the address has changed'
}

/** The mail about a change goes to the former address, unless the change was undone or became invalid. */
async function formerAddressProblem(trx: Database, id: string, at: Date): Promise<string | null> {
  const former = await trx
    .selectFrom('former_addresses')
    .select(['expires_at', 'ended_at'])
    .where('id', '=', id)
    .executeTakeFirst()
  return former !== undefined && (former.ended_at !== null || former.expires_at <= at) ? 'expired' : null
}

async function addressChangeProblem(trx: Database, id: string, at: Date): Promise<string | null> {
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
