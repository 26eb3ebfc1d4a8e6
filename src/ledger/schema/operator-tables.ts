import type { Generated } from 'kysely'
import type { Role } from '../../domain/operator.ts'
import type { Json } from './json.ts'

/** Operators: their accounts, sessions, login attempts and the audit log. */
export interface OperatorTables {
  operators: {
    id: Generated<string>
    email: string
    email_key: string
    name: string
    role: Role
    /** Null until the invitation is accepted. */
    password_hash: string | null
    totp_secret: string | null
    totp_pending: string | null
    created_at: Date
    last_login_at: Date | null
    disabled_at: Date | null
  }
  operator_links: { id: string; operator_id: string; created_at: Date; expires_at: Date }
  operator_recovery_codes: { operator_id: string; code_hash: string }
  operator_passkeys: {
    id: Generated<string>
    operator_id: string
    credential_id: string
    user_handle: string
    public_key: string
    /** How often the passkey was used, by its own count. */
    counter: string
    name: string
    created_at: Date
    last_used_at: Date | null
  }
  passkey_challenges: {
    challenge: string
    /** A hash that names the browser or the session. */
    holder: string
    /** Null for a login. */
    operator_id: string | null
    expires_at: Date
  }
  operator_sessions: {
    id: string
    /** Null for a login with ADMIN_PASSWORD. */
    operator_id: string | null
    label: string
    csrf: string
    address: string
    note: Json<OperatorNote> | null
    created_at: Date
    seen_at: Date
  }
  login_attempts: {
    name: string
    /** Forms that were posted after `since`. */
    attempts: number
    /** Attempts whose password was not checked, because too many were waiting. */
    refused: Generated<number>
    since: Date
    /** Recent locks; each lasts twice as long as the previous one. */
    locks: Generated<number>
    locked_until: Generated<Date | null>
  }
  /** Keyed hashes of the networks that operators logged in from. */
  known_login_networks: { network_hash: string; last_login_at: Date }
  totp_steps: { operator_id: string; step: string; used_at: Date }
  operator_actions: {
    id: Generated<string>
    created_at: Date
    operator_id: string | null
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

/** A message that the operator's next page shows. */
export interface OperatorNote {
  readonly kind: 'good' | 'bad'
  readonly words: string
}
