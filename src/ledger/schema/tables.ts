import type { ColumnType, Generated, GeneratedAlways } from 'kysely'
import type { Consent } from '../../domain/consent.ts'
import type { DeliveryState } from '../../domain/delivery.ts'
import type { CanaryState, EditionState, SendingState, SourceReport } from '../../domain/edition.ts'
import type { FeedbackProfile } from '../../domain/interests/feedback-profile.ts'
import type { FrozenSample } from '../../domain/mail/sample.ts'
import type { TransactionalKind } from '../../domain/mail/transactional.ts'
import type { Paper } from '../../domain/paper.ts'
import type { NextDigest } from '../../domain/schedule/next-digest.ts'
import type { StarsFault } from '../../domain/stars.ts'
import type { Format, Frequency, SubscriberState, TitleLinks } from '../../domain/subscriber.ts'
import type { PauseKind } from '../../mail/outcome.ts'
import type { Json } from './json.ts'
import type { OperatorTables } from './operator-tables.ts'
import type { ReportTables } from './report-tables.ts'
import type { SegmentTables } from './segment-tables.ts'
import type { SignUpTables } from './sign-up-tables.ts'

/** The rows as PostgreSQL returns them. The migrations create the tables. */
export interface Tables extends OperatorTables, ReportTables, SegmentTables, SignUpTables {
  papers: {
    id: string
    content: Json<Paper>
    first_day: string
    updated_at: Date
    number: GeneratedAlways<number>
    topics: Generated<string[]>
    topic_names: Generated<string[]>
    /** Written with every change of the content: `searchColumnsOf()` makes them. */
    title_search: Generated<string>
    search: Generated<string>
  }
  signals: { paper_id: string; observed_at: Date } & SignalColumns
  star_readings: { paper_id: string; day: string; repository: string; stars: number | null; read_at: Date }
  star_rounds: {
    id: Generated<boolean>
    next_at: Date
    read_at: Date | null
    fault_kind: StarsFault | null
    fault_reason: string | null
  }
  editions: EditionRow
  edition_papers: {
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
  transactional_emails: TransactionalRow
  feedback: { subscriber_id: string; paper_id: string; verdict: 'more' | 'less'; created_at: Date }
  /** The profile computed from feedback; `due` if there is newer feedback. */
  feedback_profiles: {
    subscriber_id: string
    due: boolean
    learned: Json<FeedbackProfile> | null
    learned_at: Date | null
  }
  saved_papers: { subscriber_id: string; paper_id: string; saved_at: Date }
  workers: { id: string; host: string; pid: number; started_at: Date; seen_at: Date }
  settings: { name: string; value: string }
  awaited_lists: { day: string; first_asked_at: Date; asked_at: Date; sources: string[]; reason: string }
  left_out_papers: { paper_id: string; day: string }
  warm_up_days: { day: string; dispatched: number }
  transport_pauses: {
    name: string
    paused_until: Date
    reason: string
    kind: Generated<PauseKind>
    since: Generated<Date>
    /** Pauses before this one, without a success between them. */
    repeats: Generated<number>
  }
  events: {
    id: Generated<string>
    created_at: Date
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
  /** The newest reading of the votes after publication, and the last attempt. */
  votes_read_at: Generated<Date | null>
  votes_tried_at: Generated<Date | null>
  published_at: Date
  sending: Generated<SendingState>
  cohort: Generated<'hour' | 'everyone'>
  /** When an operator last opened it to everyone. */
  opened_to_all_at: Generated<Date | null>
  dispatched_at: Date | null
  delivery_count: Generated<string>
  needs_approval: Generated<boolean>
  approved_at: Date | null
  edited_at: Date | null
  canary: Generated<CanaryState>
  canary_percent: Generated<number>
  canary_minutes: Generated<number>
  canary_bounce_percent_max: Generated<number>
  canary_complaint_percent_max: Generated<number>
  canary_sent_at: Date | null
  /** The most subscribers that exceeded the warm-up quota. */
  deferred_count: Generated<number>
}

interface ScorecardRow {
  day: string
  state: 'waiting' | 'scored' | 'unscored'
  reason: string | null
  attempts: Generated<number>
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
  muted_terms: string[]
  authors: Generated<string[]>
  interest_share: Generated<number>
  frequency: Frequency
  delivery_hour: number
  timezone: string
  weekday: number
  weekdays: Generated<number[]>
  featured_count: number
  format: Generated<Format>
  title_links: Generated<TitleLinks>
  include_other_titles: Generated<boolean>
  paused_until: Generated<string | null>
  paused_since: Generated<string | null>
  /** The first day, in the subscriber's time zone, that gets a digest; null: no limit. */
  eligible_from: Generated<string | null>
  /** The moment that `eligible_from` is the day of. */
  eligible_from_at: Generated<Date | null>
  unsubscribed_at: Generated<Date | null>
  unsubscribed_reason: Generated<string | null>
  consent: Json<Consent> | null
  created_at: Date
  confirmed_at: Date | null
  updated_at: Date
  /** Soft bounces in a row. */
  soft_bounces: Generated<number>
  /** When a message was last delivered, as the provider reported. */
  delivered_at: Date | null
  /** When a digest was last dispatched during a warm-up. */
  last_dispatched_at: Generated<Date | null>
  /** Links of an earlier generation are invalid. */
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
  excluded_delivery_ids: Generated<string[]>
  next_try_at: Date
  reason: string | null
  created_at: Date
  /** The reading of the votes that it shows; null: the edition's own. */
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
  attempts: Generated<number>
  address: string | null
  /** `number` of each of its papers, in their order. */
  paper_numbers: number[] | null
  selection: string | null
  catch_up_from: Generated<string | null>
  provider_id: string | null
  queued_at: Date
  settled_at: Date | null
}

interface TransactionalRow {
  id: string
  kind: TransactionalKind
  subscriber_id: string
  address: string
  state: 'queued' | 'sending' | 'sent' | 'skipped' | 'refused' | 'uncertain'
  reason: string | null
  transport: string | null
  attempts: Generated<number>
  /** How often a mail server deferred it. */
  deferrals: Generated<number>
  claimed_by: string | null
  claimed_at: Date | null
  first_call_at: Date | null
  next_try_at: Date
  provider_id: string | null
  created_at: Date
  /** The confirmation that a `confirm` mail asks for. */
  confirmation_id: string | null
  /** The next digest that a welcome announces. */
  next_digest: ColumnType<NextDigest | null, string | null | undefined, string | null>
  /** The generation of its links, frozen by the first claim. */
  link_generation: Generated<number | null>
  /** The choice that a sample shows, frozen when it was asked for. */
  sample: ColumnType<FrozenSample | null, string | null | undefined, null>
  /** Its template and brand, frozen by the first claim. */
  template: Generated<string | null>
}
