import type { Generated } from 'kysely'
import type { DeliveryState } from '../../domain/delivery.ts'
import type { ProviderEvent, ProviderEventKind } from '../../mail/provider-event.ts'

/** What became of letters: as providers report it, and as it is kept when the letters are not. */
export interface ReportTables {
  webhook_events: ProviderEventRow
  kept_counts: KeptCountRow
  dropped_months: {
    month: string
    deliveries: string
    /** The greatest number of a delivery in it; null when it had none. */
    last_id: string | null
    at: Date
  }
}

/** What a provider or a mail server reported of one letter. Holds no address, only its keyed hash where it counts. */
interface ProviderEventRow {
  id: string
  source: 'resend' | 'mail'
  kind: ProviderEventKind | 'unknown'
  state: 'waiting' | 'applied' | 'noted'
  provider_id: string | null
  delivery_id: string | null
  notice_id: string | null
  address_hash: string | null
  reason: string | null
  /** Of a soft bounce, where its report tells. */
  blame: Generated<NonNullable<ProviderEvent['blame']> | null>
  /** Keyed hashes of the receiving domain and of its mail servers’ domain, of a soft bounce that is not of one mailbox. */
  domain_hash: Generated<string | null>
  mx_hash: Generated<string | null>
  /** The edition’s, of a bounce or a complaint that is counted for it. */
  day: Generated<string | null>
  occurred_at: Date
  received_at: Date
}

/** Deliveries that are no longer kept, counted. */
interface KeptCountRow {
  day: string
  state: DeliveryState
  /** Empty where there was none, or it was a server’s own words. */
  reason: Generated<string>
  count: string
  first_settled_at: Date | null
  last_settled_at: Date | null
}
