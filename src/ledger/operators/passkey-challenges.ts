import { PASSKEY_CHALLENGE_SECONDS, PASSKEY_CHALLENGES_MAX } from '../../../config/limits-web.ts'
import type { Database } from '../schema/database.ts'

/** A random value that a passkey must sign, and who may use it. */
export interface PasskeyChallenge {
  readonly challenge: string
  /** A hash that names the browser or the session that asked for it. */
  readonly holder: string
  /** The operator who adds a passkey, or null for a login. */
  readonly operatorId: string | null
}

/** Stores a challenge for PASSKEY_CHALLENGE_SECONDS. If there are too many, the oldest are deleted. */
export async function savePasskeyChallenge(
  db: Database,
  { challenge, holder, operatorId }: PasskeyChallenge,
  at: Date,
): Promise<void> {
  const expires_at = new Date(at.getTime() + PASSKEY_CHALLENGE_SECONDS * 1_000)
  await db.deleteFrom('passkey_challenges').where('expires_at', '<=', at).execute()
  await db.insertInto('passkey_challenges').values({ challenge, holder, operator_id: operatorId, expires_at }).execute()
  await db
    .deleteFrom('passkey_challenges')
    .where('challenge', 'in', (old) =>
      old
        .selectFrom('passkey_challenges')
        .select('challenge')
        .orderBy('expires_at', 'desc')
        .offset(PASSKEY_CHALLENGES_MAX),
    )
    .execute()
}

/** Uses a challenge once. False if it is unknown, expired, was used, or belongs to somebody else. */
export async function consumePasskeyChallenge(
  db: Database,
  { challenge, holder, operatorId }: PasskeyChallenge,
  at: Date,
): Promise<boolean> {
  const used = await db
    .deleteFrom('passkey_challenges')
    .where('challenge', '=', challenge)
    .where('holder', '=', holder)
    .where('operator_id', operatorId === null ? 'is' : '=', operatorId)
    .where('expires_at', '>', at)
    .returning('challenge')
    .executeTakeFirst()
  return used !== undefined
}
