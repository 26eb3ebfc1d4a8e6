import type { Generated } from 'kysely'
import type { DeliveryState } from '../../domain/delivery.ts'
import type { ProviderEvent, ProviderEventKind } from '../../mail/provider-event.ts'

/** Reports of providers, and the counts that stay when deliveries are dropped. */
export interface ReportTables {
  webhook_events: ProviderEventRow
  archived_counts: ArchivedCountRow
  dropped_months: {
    month: string
    deliveries: string
    /** The greatest id of its deliveries; null if it had none. */
    last_id: string | null
    dropped_at: Date
  }
}

/** A report about one message by a provider or a mail server. It contains no address, only a keyed hash. */
interface ProviderEventRow {
  id: string
  source: 'resend' | 'mail'
  kind: ProviderEventKind | 'unknown'
  state: 'waiting' | 'applied' | 'noted'
  provider_id: string | null
  delivery_id: string | null
  transactional_email_id: string | null
  address_hash: string | null
  reason: string | null
  /** The cause of a soft bounce, if the report names one. */
  blame: Generated<NonNullable<ProviderEvent['blame']> | null>
  /** Keyed hashes of the recipient's domain and of its mail servers' domain, for a soft bounce of more than one mailbox. */
  domain_hash: Generated<string | null>
  mx_hash: Generated<string | null>
  /** The edition that a bounce or a complaint is counted for. */
  day: Generated<string | null>
  occurred_at: Date
  received_at: Date
}

/** How many deliveries of a dropped month had a state and a reason. */
interface ArchivedCountRow {
  day: string
  state: DeliveryState
  /** Empty if there was no reason, or if a server wrote it. */
  reason: Generated<string>
  count: string
  first_settled_at: Date | null
  last_settled_at: Date | null
}
