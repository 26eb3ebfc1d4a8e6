import type { Generated } from 'kysely'
import type { Json } from './json.ts'

/** What is kept of operators: who is logged in, how often was guessed, what was done. */
export interface OperatorTables {
  operator_sessions: {
    id: string
    label: string
    csrf: string
    address: string
    note: Json<OperatorNote> | null
    created_at: Date
    seen_at: Date
  }
  login_tries: {
    name: string
    /** Forms that were sent since `since`. */
    tries: number
    /** Those among them whose password was not looked at, because too many waited. */
    refused: Generated<number>
    since: Date
    /** How often the name was locked of late: each lock lasts twice as long as the one before. */
    locks: Generated<number>
    locked_until: Generated<Date | null>
  }
  /** Where operators logged in from, as keyed hashes. */
  known_login_networks: { network_hash: string; last_login_at: Date }
  totp_steps: { step: string; at: Date }
  operator_actions: {
    id: Generated<string>
    at: Date
    who: string
    address: string | null
    action: string
    day: string | null
    subscriber_id: string | null
    reason: string | null
    before: Json<Record<string, unknown>> | null
    after: Json<Record<string, unknown>> | null
  }
}

/** What an operator is told on the next page. */
export interface OperatorNote {
  readonly kind: 'good' | 'bad'
  readonly words: string
}
