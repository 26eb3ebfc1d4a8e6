import { SIGN_UP_WORK_BITS } from '../config/limits.ts'
import type { Verdict } from './admission.ts'
import type { Clock } from './day.ts'
import { checkForm } from './form-token.ts'
import type { Arrival } from './ledger/joining.ts'
import type { TakenUp } from './ledger/taking-up.ts'
import { addressOf, networkOf } from './network.ts'
import { checkSignUp, type SignUpFaults, type SignUpFields } from './sign-up.ts'
import type { Tokens } from './token.ts'
import { suggestAddress } from './typo.ts'
import { isWorkDone } from './work.ts'

/** One post of the subscribe form as it came. */
export interface JoinRequest {
  readonly fields: SignUpFields
  /** Empty when the post brought none, as a script's does. */
  readonly formToken: string
  /** What stood in the field that people do not see. */
  readonly trap: string
  readonly nonce: string
  /** The person was asked about the address's spelling and answered. */
  readonly spellingChecked: boolean
  readonly ip: string
}

/**
 * What the visitor is answered. `accepted` says nothing of what will happen: it is the same for a stranger, a reader,
 * a suppressed address and a post over a limit.
 */
export type JoinAnswer =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'faults'; readonly faults: SignUpFaults }
  | { readonly kind: 'misspelt'; readonly meant: string }
  /** The form is too old, was sent faster than anybody types, or is not ours: it is shown again. */
  | { readonly kind: 'stale' }
  | { readonly kind: 'work'; readonly bits: number }
  | { readonly kind: 'flood' }

export interface JoinParts {
  readonly tokens: Tokens
  readonly admit: (arrival: Arrival) => Promise<Verdict>
  /** Has the sign-up taken up by a worker; what is lost here is found by reconcile. */
  readonly wake: (signUpId: string) => void
  readonly newId: () => string
  readonly clock: Clock
}

/** Answers a post of the subscribe form: checks what was typed, holds it against the limits, writes one row. */
export async function join(request: JoinRequest, parts: JoinParts): Promise<JoinAnswer> {
  const { fields, formToken } = request
  const at = parts.clock()
  const check = checkSignUp(fields)
  if (!check.ok) return { kind: 'faults', faults: check.faults }
  const form = checkForm(parts.tokens, formToken, at)
  if (form.kind === 'unfit') return { kind: 'stale' }
  const { signUp } = check
  // Only a person at a form can answer a question.
  const meant = form.kind === 'none' || request.spellingChecked ? null : suggestAddress(signUp.email)
  if (meant !== null) return { kind: 'misspelt', meant }
  const id = parts.newId()
  const verdict = await parts.admit({
    id,
    at,
    signUp,
    addressHash: parts.tokens.hashAddress(signUp.emailKey),
    network: networkOf(request.ip),
    ip: addressOf(request.ip),
    wording: form.kind === 'fit' ? form.wording : null,
    evidence: {
      domain: signUp.domain,
      form: form.kind === 'fit',
      trapped: request.trap !== '',
      worked: form.kind === 'fit' && isWorkDone(formToken, fields.email, request.nonce, SIGN_UP_WORK_BITS),
    },
  })
  if (verdict.kind === 'work') return { kind: 'work', bits: SIGN_UP_WORK_BITS }
  if (verdict.kind === 'flood') return verdict
  if (verdict.kind === 'admitted') parts.wake(id)
  return { kind: 'accepted' }
}

export interface TakeUpParts {
  readonly takeUp: (id: string) => Promise<TakenUp>
  readonly addNoticeJobs: (noticeIds: readonly string[]) => Promise<void>
}

/** Takes up an admitted sign-up, in a worker: only now is looked who the address belongs to, and mailed accordingly. */
export async function takeUp(signUpId: string, parts: TakeUpParts): Promise<TakenUp> {
  const result = await parts.takeUp(signUpId)
  if ('noticeId' in result) await parts.addNoticeJobs([result.noticeId])
  return result
}
