import type { FastifyRequest } from 'fastify'
import { ACCOUNT_CHECKS_MAX } from '../../../../config/limits-web.ts'
import type { OperatorNote } from '../../../ledger/schema/operator-tables.ts'
import { isPassword } from '../../../security/password.ts'
import type { AdminDeps } from '../deps.ts'
import { isSecondFactor, passwordIn } from '../login/check-login.ts'
import { field } from '../login/guard.ts'

/**
 * Asks an operator for the password again, and for a code if one is needed, so that a session that somebody left open cannot change
 * the login. Returns null if both are right. The attempts are limited like those of the login.
 */
export async function recheck(
  request: FastifyRequest,
  deps: AdminDeps,
  of: { readonly operatorId: string; readonly withCode: boolean; readonly at: Date },
): Promise<OperatorNote | null> {
  const { operators } = deps.ledger
  const name = deps.tokens.hashAddress(`account ${of.operatorId}`)
  const attempt = await operators.countLoginAttempt({ name, most: ACCOUNT_CHECKS_MAX }, of.at)
  if (attempt.kind === 'locked') {
    const minutes = Math.max(1, Math.ceil((attempt.until.getTime() - of.at.getTime()) / 60_000))
    return { kind: 'bad', words: `Nothing was changed: too many wrong passwords. Try again in ${minutes} min.` }
  }
  const credentials = await operators.readCredentials({ id: of.operatorId })
  const right = await isPassword(passwordIn(request, 'current'), credentials?.passwordHash ?? null)
  const isDone =
    right &&
    credentials !== null &&
    (!of.withCode || (await isSecondFactor(credentials, field(request, 'code'), deps, of.at)))
  if (!isDone) {
    const asksCode = of.withCode && credentials?.totpSecret != null
    return { kind: 'bad', words: `Nothing was changed: wrong password${asksCode ? ' or code' : ''}. Try again.` }
  }
  await operators.resetLoginAttempts([name])
  return null
}
