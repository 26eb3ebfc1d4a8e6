import type { Generated, Selectable } from 'kysely'
import type { ConsentForm } from '../../domain/consent.ts'
import type { MailboxMailKind } from '../../domain/mail/mailbox-mail.ts'
import type { Preferences } from '../../domain/subscriber.ts'
import type { Json } from './json.ts'

/** Sign-ups with their confirmations and consents, and changes of address. */
export interface SignUpTables {
  sign_ups: SignUpTable
  mailbox_mails: { mailbox_hash: string; kind: MailboxMailKind; created_at: Date }
  confirmations: ConfirmationRow
  consents: ConsentRow
  address_changes: AddressChangeRow
  former_addresses: FormerAddressRow
}

/** One post of the subscribe form. The sign-up limits count these rows. */
interface SignUpTable {
  id: string
  created_at: Date
  state: 'queued' | 'dropped' | 'done'
  /** Why it was dropped. */
  reason: string | null
  /** Null unless the state is `queued`. */
  email: string | null
  email_key: string | null
  preferences: Json<Preferences> | null
  address_hash: string
  /** From `providerOf`. */
  domain: string
  /** An IPv4 address or an IPv6 /64. */
  network: string
  /** Its IPv4 /24 or IPv6 /48. */
  wide_network: string | null
  /** The hash of the form token; null if there was none. */
  form_hash: string | null
  /** The hash of form token and address; a proof of work is valid for one. */
  post_hash: string | null
  ip: string | null
  /** True if it was accepted with a form token or a proof of work. */
  form: boolean
  consent_text_version: string | null
  /** Set when the sign-up is processed. */
  subscriber_id: Generated<string | null>
}

interface ConfirmationRow {
  id: string
  subscriber_id: string
  form: ConsentForm
  /** Applied when the subscriber confirms; null changes nothing. */
  preferences: Json<Preferences> | null
  consent_text_version: string | null
  created_at: Date
  expires_at: Date
  used_at: Date | null
}

interface AddressChangeRow {
  id: string
  subscriber_id: string
  new_email: string
  new_email_key: string
  new_address_hash: string
  created_at: Date
  expires_at: Date
  used_at: Date | null
}

/** An address that its subscriber replaced, and can restore until `expires_at`. */
interface FormerAddressRow {
  /** Also the id of the transactional email that tells this address about the change. */
  id: string
  /** In the order of the changes. */
  place: Generated<string>
  subscriber_id: string
  email: string
  email_key: string
  address_hash: string
  expires_at: Date
  /** When it was restored, or became invalid because an earlier one was restored. */
  ended_at: Date | null
}

interface ConsentRow {
  id: Generated<string>
  subscriber_id: string
  created_at: Date
  kind: 'requested' | 'confirmed'
  form: ConsentForm
  /** The version of the sentence that the form showed (src/domain/consent.ts); null without a form. */
  consent_text_version: string | null
  ip: string | null
}

export type SignUpRow = Selectable<SignUpTable>
