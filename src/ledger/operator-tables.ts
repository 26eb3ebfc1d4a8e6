import type { Generated } from 'kysely'
import type { Json } from './tables.ts'

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
  login_tries: { name: string; tries: number; since: Date }
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
