import type { Database } from '../schema/database.ts'
import { type ActionContext, recordAction } from './audit.ts'

/** Two-factor login of one account. */
export interface TwoFactor {
  /** A secret that waits for its first code, or null. */
  readonly pending: string | null
  readonly isOn: boolean
  readonly recoveryCodes: number
}

export async function readTwoFactor(db: Database, operatorId: string): Promise<TwoFactor> {
  const row = await db
    .selectFrom('operators')
    .select((eb) => [
      'totp_secret',
      'totp_pending as pending',
      eb
        .selectFrom('operator_recovery_codes as c')
        .select((of) => of.fn.countAll<string>().as('count'))
        .whereRef('c.operator_id', '=', 'operators.id')
        .as('codes'),
    ])
    .where('id', '=', operatorId)
    .executeTakeFirst()
  return {
    pending: row?.pending ?? null,
    isOn: row !== undefined && row.totp_secret !== null,
    recoveryCodes: Number(row?.codes ?? 0),
  }
}

/** Stores a secret that waits for its first code. Logins do not need a code before that. */
export async function prepareTotp(db: Database, operatorId: string, secret: string | null): Promise<void> {
  await db.updateTable('operators').set({ totp_pending: secret }).where('id', '=', operatorId).execute()
}

/** Turns two-factor login on with the secret that was prepared. Returns false if another secret was prepared meanwhile. */
export async function turnTotpOn(
  db: Database,
  operatorId: string,
  { secret, codeHashes }: { readonly secret: string; readonly codeHashes: readonly string[] },
  { actor, at }: ActionContext,
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const done = await trx
      .updateTable('operators')
      .set({ totp_secret: secret, totp_pending: null })
      .where('id', '=', operatorId)
      .where('totp_pending', '=', secret)
      .returning('id')
      .executeTakeFirst()
    if (done === undefined) return false
    await storeCodes(trx, operatorId, codeHashes)
    await recordAction(trx, actor, { action: 'operator.two-factor-on' }, at)
    return true
  })
}

export async function turnTotpOff(db: Database, operatorId: string, { actor, at }: ActionContext): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx
      .updateTable('operators')
      .set({ totp_secret: null, totp_pending: null })
      .where('id', '=', operatorId)
      .execute()
    await storeCodes(trx, operatorId, [])
    await recordAction(trx, actor, { action: 'operator.two-factor-off' }, at)
  })
}

/** Replaces the recovery codes. The old ones stop working. */
export async function replaceRecoveryCodes(
  db: Database,
  operatorId: string,
  codeHashes: readonly string[],
  { actor, at }: ActionContext,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await storeCodes(trx, operatorId, codeHashes)
    await recordAction(trx, actor, { action: 'operator.recovery-codes-made' }, at)
  })
}

/** Uses a recovery code; false if it is wrong or was used before. */
export async function consumeRecoveryCode(db: Database, operatorId: string, codeHash: string): Promise<boolean> {
  const used = await db
    .deleteFrom('operator_recovery_codes')
    .where('operator_id', '=', operatorId)
    .where('code_hash', '=', codeHash)
    .returning('code_hash')
    .executeTakeFirst()
  return used !== undefined
}

/**
 * Uses a time step of a TOTP code; false if it was used before (RFC 6238 §5.2).
 * @param operatorId 0 for ADMIN_TOTP_SECRET.
 */
export async function consumeTotpStep(db: Database, operatorId: string, step: number, at: Date): Promise<boolean> {
  const taken = await db
    .insertInto('totp_steps')
    .values({ operator_id: operatorId, step: String(step), used_at: at })
    .onConflict((conflict) => conflict.columns(['operator_id', 'step']).doNothing())
    .returning('step')
    .executeTakeFirst()
  await db
    .deleteFrom('totp_steps')
    .where('used_at', '<', new Date(at.getTime() - STEP_KEPT_MS))
    .execute()
  return taken !== undefined
}

const STEP_KEPT_MS = 24 * 3_600_000

async function storeCodes(trx: Database, operatorId: string, codeHashes: readonly string[]): Promise<void> {
  await trx.deleteFrom('operator_recovery_codes').where('operator_id', '=', operatorId).execute()
  if (codeHashes.length === 0) return
  await trx
    .insertInto('operator_recovery_codes')
    .values(codeHashes.map((hash) => ({ operator_id: operatorId, code_hash: hash })))
    .execute()
}
