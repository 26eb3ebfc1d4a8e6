import { bindDatabase } from '../connection/bind-database.ts'
import type { Database } from '../schema/database.ts'
import * as accountLinks from './account-links.ts'
import * as accounts from './accounts.ts'
import * as audit from './audit.ts'
import * as auditSearch from './audit-search.ts'
import * as loginLimits from './login-limits.ts'
import * as passkeyChallenges from './passkey-challenges.ts'
import * as passkeys from './passkeys.ts'
import * as sessions from './sessions.ts'
import * as testSends from './test-sends.ts'
import * as twoFactor from './two-factor.ts'

/** Binds the functions for operators: accounts, passkeys, sessions, login limits, the audit log and test mails. */
export function operatorStore(db: Database) {
  return bindDatabase(db, {
    ...accounts,
    ...accountLinks,
    ...testSends,
    ...twoFactor,
    ...passkeys,
    ...passkeyChallenges,
    ...sessions,
    ...loginLimits,
    ...audit,
    ...auditSearch,
    ...testSends,
  })
}
