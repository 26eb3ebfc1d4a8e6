import type { ColumnType, Generated, Selectable } from 'kysely'
import type { Consent, ConsentForm } from '../../domain/consent.ts'
import type { DeliveryState } from '../../domain/delivery.ts'
import type { CanaryState, EditionState, SendingState, SourceReport } from '../../domain/edition.ts'
import type { FeedbackProfile } from '../../domain/feedback-profile.ts'
import type { MailboxMailKind } from '../../domain/mailbox-mail.ts'
import type { NextDigest } from '../../domain/next-digest.ts'
import type { Paper } from '../../domain/paper.ts'
import type { Format, Frequency, Preferences, SubscriberState } from '../../domain/subscriber.ts'
import type { TransactionalKind } from '../../domain/transactional.ts'
import type { Json } from './json.ts'

import type { OperatorTables } from './operator-tables.ts'
import type { ReportTables } from './report-tables.ts'

/** The rows as PostgreSQL gives them; migrations/ is where they are made. */
export interface Tables extends OperatorTables, ReportTables {
  papers: { id: string; content: Json<Paper>; first_day: string; updated_at: Date }
  signals: { paper_id: string; observed_at: Date } & SignalColumns
  editions: EditionRow
  entries: {
    day: string
    rank: number
    paper_id: string
    score: number
    why: string
    content: Json<Paper>
    listed_on: Generated<string | null>
  } & SignalColumns
  subscribers: SubscriberRow
  scorecards: ScorecardRow
  suppressions: { address_hash: string; reason: string; note: string | null; created_at: Date }
  parcels: ParcelRow
  deliveries: DeliveryRow
  notices: TransactionalRow
  sign_ups: SignUpTable
  mailbox_mails: { mailbox_hash: string; kind: MailboxMailKind; at: Date }
  confirmations: ConfirmationRow
  consents: ConsentRow
  feedback: { subscriber_id: string; paper_id: string; verdict: 'more' | 'less'; at: Date }
  /** What feedback taught, and whether more has come since. */
  tastes: { subscriber_id: string; due: boolean; learned: Json<FeedbackProfile> | null; learned_at: Date | null }
  address_changes: AddressChangeRow
  former_addresses: FormerAddressRow
  workers: { id: string; host: string; pid: number; started_at: Date; seen_at: Date }
  installation: { name: string; value: string }
  awaited_lists: { day: string; asked_at: Date; sources: string[]; reason: string }
  left_out_papers: { paper_id: string; day: string }
  warm_up_days: { day: string; dispatched: number }
  transports: {
    name: string
    held_until: Date
    reason: string
    kind: Generated<PauseKindColumn>
    since: Generated<Date>
    /** Pauses before this one without a success between them. */
    repeats: Generated<number>
  }
  events: {
    id: Generated<string>
    at: Date
    kind: string
    day: string | null
    subscriber_id: string | null
    delivery_id: string | null
    data: Json<Record<string, unknown>>
  }
}

interface SignalColumns {
  upvotes: number | null
  comments: number | null
  stars: number | null
}

interface EditionRow {
  day: string
  revision: Generated<number>
  state: EditionState
  reason: string | null
  incomplete: string | null
  reports: Json<SourceReport[]>
  votes_at: Date | null
  /** The newest reading after it, and when one was last tried. */
  votes_read_at: Generated<Date | null>
  votes_tried_at: Generated<Date | null>
  published_at: Date
  sending: Generated<SendingState>
  cohort: Generated<'hour' | 'everyone'>
  /** When an operator last opened it to everyone. */
  opened_to_all_at: Generated<Date | null>
  dispatched_at: Date | null
  candidates: Generated<string>
  needs_approval: Generated<boolean>
  approved_at: Date | null
  edited_at: Date | null
  canary: Generated<CanaryState>
  canary_percent: Generated<number>
  canary_minutes: Generated<number>
  canary_bounce_percent_max: Generated<number>
  canary_complaint_percent_max: Generated<number>
  canary_sent_at: Date | null
  /** The most readers that the warm-up of the sending domain had no room for. */
  left_out: Generated<number>
}

interface ScorecardRow {
  day: string
  state: 'waiting' | 'scored' | 'unscored'
  reason: string | null
  tries: Generated<number>
  next_try_at: Date
  read_at: Date | null
  papers: number | null
  listed: number | null
  ndcg_ours: number | null
  ndcg_votes: number | null
  ndcg_chance: number | null
  found_ours: number | null
  found_votes: number | null
  found_oracle: number | null
}

export interface SubscriberRow {
  id: Generated<string>
  email: string
  email_key: string
  address_hash: string
  state: SubscriberState
  interests: string[]
  muted: string[]
  authors: Generated<string[]>
  mix: Generated<number>
  frequency: Frequency
  hour: number
  timezone: string
  weekday: number
  weekdays: Generated<number[]>
  length: number
  format: Generated<Format>
  rest: Generated<boolean>
  paused_until: Generated<string | null>
  away_since: Generated<string | null>
  /** The first day, in the reader’s own zone, for which they are owed a digest; null: since ever. */
  due_from: Generated<string | null>
  /** The moment that `due_from` is the day of. */
  due_from_at: Generated<Date | null>
  left_at: Generated<Date | null>
  left_because: Generated<string | null>
  consent: Json<Consent> | null
  created_at: Date
  confirmed_at: Date | null
  changed_at: Date
  /** Letters in a row that came back for now, as of the last report. */
  soft_bounces: Generated<number>
  /** When a letter last reached this address, by the provider’s word. */
  delivered_at: Date | null
  /** When a digest was last dispatched, as far as the domain was being warmed up then. */
  last_dispatched_at: Generated<Date | null>
  /** Links of an earlier generation have ended. */
  link_generation: Generated<number>
}

interface ParcelRow {
  id: string
  day: string
  state: 'queued' | 'sending' | 'settled'
  transport: string | null
  template: string | null
  key_id: string | null
  attempts: Generated<number>
  claimed_by: string | null
  claimed_at: Date | null
  frozen_at: Date | null
  first_call_at: Date | null
  left_out: Generated<string[]>
  next_try_at: Date
  reason: string | null
  created_at: Date
  /** The reading of votes with which it goes out; null: the edition’s own. */
  votes_at: Generated<Date | null>
}

interface DeliveryRow {
  id: Generated<string>
  subscriber_id: string
  period: string
  day: string
  parcel_id: string
  state: DeliveryState
  reason: string | null
  tries: Generated<number>
  address: string | null
  paper_ids: string[] | null
  choice: Json<unknown> | null
  since: Generated<string | null>
  provider_id: string | null
  queued_at: Date
  settled_at: Date | null
}

/** As `Hold` in mail/outcome.ts. */
export type PauseKindColumn = 'rate' | 'quota' | 'down' | 'sender'

interface TransactionalRow {
  id: string
  kind: TransactionalKind
  subscriber_id: string
  address: string
  state: 'queued' | 'sending' | 'sent' | 'skipped' | 'refused' | 'uncertain'
  reason: string | null
  transport: string | null
  attempts: Generated<number>
  /** How often a server has deferred it. */
  tries: Generated<number>
  claimed_by: string | null
  claimed_at: Date | null
  first_call_at: Date | null
  next_try_at: Date
  provider_id: string | null
  created_at: Date
  /** What a `confirm` notice asks to be confirmed. */
  confirmation_id: string | null
  /** What a welcome says of the next digest. */
  next_digest: ColumnType<NextDigest | null, string | null | undefined, string | null>
  /** The generation of its links, frozen by the first claim. */
  link_generation: Generated<number | null>
}

/** One post of the subscribe form: what the limits count, and what is still to be done for it. */
interface SignUpTable {
  id: string
  at: Date
  state: 'queued' | 'dropped' | 'done'
  /** Why it was dropped. */
  reason: string | null
  /** Kept only while something is to be done. */
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
  /** The hash of the form token; null where none came. */
  form_hash: string | null
  /** The hash of form token and address together, which a proof of work belongs to. */
  post_hash: string | null
  ip: string | null
  /** False when neither a form token nor a proof of work spoke for it, or when it took the slow way. */
  form: boolean
  wording: string | null
  /** Once it is taken up. */
  subscriber_id: Generated<string | null>
}

interface ConfirmationRow {
  id: string
  subscriber_id: string
  form: ConsentForm
  /** Taken over when the reader confirms; null leaves them as they are. */
  preferences: Json<Preferences> | null
  wording: string | null
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

/** An address that its subscriber moved away from, and can take back until `expires_at`. */
interface FormerAddressRow {
  /** Also the id of the notice that tells this address of the change. */
  id: string
  /** In the order of the changes. */
  place: Generated<string>
  subscriber_id: string
  email: string
  email_key: string
  address_hash: string
  expires_at: Date
  /** When it was taken back, or when taking back an earlier one made it void. */
  ended_at: Date | null
}

interface ConsentRow {
  id: Generated<string>
  subscriber_id: string
  at: Date
  kind: 'requested' | 'confirmed'
  form: ConsentForm
  /** Version of the sentence that the form showed (src/domain/consent.ts); null when no form of ours was seen. */
  wording_version: string | null
  ip: string | null
}

export type SignUpRow = Selectable<SignUpTable>
