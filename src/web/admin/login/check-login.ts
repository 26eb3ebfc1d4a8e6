import type { FastifyRequest } from 'fastify'
import { checkAddress } from '../../../domain/subscriber.ts'
import type { Credentials } from '../../../ledger/operators/accounts.ts'
import { isPassword } from '../../../security/password.ts'
import { hashRecoveryCode } from '../../../security/recovery-codes.ts'
import { matchTotp, readTotpSecret } from '../../../security/totp.ts'
import type { AdminDeps } from '../deps.ts'

export interface LoginInput {
  readonly email: string
  readonly password: string
  readonly code: string
}

/** The account or the password that a login form is checked against. */
type Entry =
  | { readonly kind: 'password' }
  /** Null if the address has no account. The check takes equally long. */
  | { readonly kind: 'account'; readonly credentials: Credentials | null }
  /** ADMIN_PASSWORD is no longer used. */
  | { readonly kind: 'retired' }

/** Finds what a login is checked against: the account of the address, or ADMIN_PASSWORD if no address was given. */
export async function findEntry(email: string, { ledger, checkPassword }: AdminDeps): Promise<Entry> {
  if (email === '') {
    const isUsed = checkPassword !== null && !(await ledger.operators.hasOwner())
    return isUsed ? { kind: 'password' } : { kind: 'retired' }
  }
  const address = checkAddress(email)
  const credentials = address.ok ? await ledger.operators.readCredentials({ emailKey: address.key }) : null
  return { kind: 'account', credentials }
}

/** Always checks both password and code, so that the response does not reveal which was wrong. */
export async function isRight(entry: Entry, input: LoginInput, deps: AdminDeps, at: Date): Promise<boolean> {
  if (entry.kind === 'account') {
    const right = await isPassword(input.password, entry.credentials?.passwordHash ?? null)
    return right && entry.credentials !== null && isSecondFactor(entry.credentials, input.code, deps, at)
  }
  const right = entry.kind === 'password' && (await deps.checkPassword?.(input.password)) === true
  if (deps.totpSecret === null) return right
  const step = matchTotp(deps.totpSecret, input.code, at)
  return right && step !== null && (await deps.ledger.operators.consumeTotpStep('0', step, at))
}

/** Checks and uses a code of the authenticator or a recovery code. True if the account has no two-factor login. */
export async function isSecondFactor(
  { id, totpSecret }: Pick<Credentials, 'id' | 'totpSecret'>,
  code: string,
  { ledger, tokens }: Pick<AdminDeps, 'ledger' | 'tokens'>,
  at: Date,
): Promise<boolean> {
  if (totpSecret === null) return true
  const secret = readTotpSecret(totpSecret)
  const step = secret === null ? null : matchTotp(secret, code, at)
  if (step !== null) return ledger.operators.consumeTotpStep(id, step, at)
  const hash = hashRecoveryCode(code, id, tokens.hashAddress)
  return hash !== null && ledger.operators.consumeRecoveryCode(id, hash)
}

/** The fields of the login form. */
export interface LoginAsks {
  readonly email: 'no' | 'optional' | 'required'
  readonly code: 'no' | 'optional' | 'required'
}

/** Returns which fields the login form has. They depend on the installation, never on an account. */
export async function asksFor({ ledger, totpSecret, checkPassword }: AdminDeps): Promise<LoginAsks> {
  if (checkPassword === null || (await ledger.operators.hasOwner())) return { email: 'required', code: 'optional' }
  if (await ledger.operators.hasOperators()) return { email: 'optional', code: 'optional' }
  return { email: 'no', code: totpSecret === null ? 'no' : 'required' }
}

/** Returns the words for a rejected login. */
export async function wrongWords(deps: AdminDeps): Promise<string> {
  const { email, code } = await asksFor(deps)
  if (email !== 'no') return 'Wrong email address, password or code.'
  return code === 'no' ? 'Wrong password.' : 'Wrong password or code.'
}

/** Returns a password of a form untrimmed, because spaces may be part of it. */
export function passwordIn({ body }: FastifyRequest, name = 'password'): string {
  const value = (body as Record<string, unknown> | null | undefined)?.[name]
  return typeof value === 'string' ? value : ''
}
