import { createHash } from 'node:crypto'
import { SLOW_FORM_AGE_MS_MIN } from '../../config/limits-subscriptions.ts'
import type { ConsentTextVersion } from '../domain/consent.ts'
import type { Clock } from '../platform/clock.ts'
import type { Queues } from '../queue/queues.ts'
import { clientAddressOf, networkOf, wideNetworkOf } from '../security/client-ip.ts'
import { type FormCheck, verifyForm } from '../security/form-token.ts'
import { challengeOf, provenBits } from '../security/proof-of-work.ts'
import type { Tokens } from '../security/tokens.ts'
import { suggestAddress } from './email-typo.ts'
import { hashMailbox } from './mailbox.ts'
import { checkSignUp, type SignUp, type SignUpFaults, type SignUpFields } from './sign-up.ts'
import type { SignUpEvidence, SignUpVerdict } from './sign-up-limits.ts'

/** One post of the subscribe form, unchecked. */
export interface SubscribeRequest {
  readonly fields: SignUpFields
  /** Empty when the post has none, as from a script. */
  readonly formToken: string
  /** Value of the hidden field, which only bots fill in. */
  readonly trap: string
  /** Proof of work, or empty. */
  readonly proof: string
  /** Whether the visitor asks to skip the work. */
  readonly slowWay: boolean
  /** Whether the visitor has confirmed the spelling of the address. */
  readonly spellingChecked: boolean
  readonly ip: string
}

/**
 * The answer to the visitor. `accepted` reveals nothing: it is the same for a new address, a subscriber, a suppressed
 * address and a mailbox that was already emailed today.
 */
export type SubscribeResult =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'faults'; readonly faults: SignUpFaults }
  | { readonly kind: 'misspelt'; readonly meant: string }
  /** The form token is too old, too young or invalid. The form is shown again. */
  | { readonly kind: 'stale' }
  /** The form is shown again and the browser computes the proof. `slowWay` says when it can be sent without one. */
  | { readonly kind: 'work'; readonly bits: number; readonly slowWay: 'full' | SlowWay }
  | Extract<SignUpVerdict, { kind: 'busy' }>

/** When this form may be sent without the work. */
interface SlowWay {
  /** A whole minute. */
  readonly from: Date
  /** Minutes until then. */
  readonly minutes: number
}

export interface SubscribeDeps {
  readonly tokens: Tokens
  readonly signUps: SignUpLimits
  /** Queues the sign-up for a worker. If this fails, reconcile finds it. */
  readonly queueSignUp: (signUpId: string) => void
  readonly newId: () => string
  readonly clock: Clock
}

export interface SignUpLimits {
  /** Checks a post against the limits and, if it passes, stores it as a sign-up. */
  checkSignUpLimits(signUpPost: SignUpPost): Promise<LimitsResult>
}

/** Handles a post of the subscribe form: checks the fields, then the limits, and writes one row. */
export async function subscribe(request: SubscribeRequest, deps: SubscribeDeps): Promise<SubscribeResult> {
  const { fields, formToken } = request
  const at = deps.clock()
  const check = checkSignUp(fields)
  if (!check.ok) return { kind: 'faults', faults: check.faults }
  const form = verifyForm(deps.tokens, formToken, at)
  if (form.kind === 'unfit') return { kind: 'stale' }
  const { signUp } = check
  // Only a visitor with a form can answer a question.
  const meant = form.kind === 'none' || request.spellingChecked ? null : suggestAddress(signUp.email)
  if (meant !== null) return { kind: 'misspelt', meant }
  const signUpPost = arrivalOf(request, { signUp, form, at, ...deps })
  const verdict = await deps.signUps.checkSignUpLimits(signUpPost)
  if (verdict.kind === 'busy') return verdict
  if (verdict.kind === 'work') {
    const { bits, slowWay } = verdict
    return { kind: 'work', bits, slowWay: slowWay === 'full' ? slowWay : slowWayOf(form, at) }
  }
  // A mailbox that was already emailed today queues a job too, so that the answer takes the same time.
  if (verdict.kind !== 'dropped') deps.queueSignUp(signUpPost.id)
  return { kind: 'accepted' }
}

// A post without a token is answered with a new form.
function slowWayOf(form: FormCheck, at: Date): SlowWay {
  const minutes = Math.ceil(Math.max(0, SLOW_FORM_AGE_MS_MIN - (form.kind === 'fit' ? form.ageMs : 0)) / 60_000)
  const from = new Date(Math.ceil((at.getTime() + minutes * 60_000) / 60_000) * 60_000)
  return { from, minutes }
}

interface Checked extends Pick<SubscribeDeps, 'tokens' | 'newId'> {
  readonly signUp: SignUp
  readonly form: FormCheck
  readonly at: Date
}

function arrivalOf(request: SubscribeRequest, { signUp, form, at, tokens, newId }: Checked): SignUpPost {
  const { fields, formToken, ip } = request
  const fits = form.kind === 'fit'
  const challenge = challengeOf(formToken, fields.email)
  return {
    id: newId(),
    at,
    signUp,
    addressHash: tokens.hashAddress(signUp.emailKey),
    mailboxHash: hashMailbox(tokens, signUp.emailKey),
    network: networkOf(ip),
    ip: clientAddressOf(ip),
    wording: fits ? form.wording : null,
    formHash: fits ? createHash('sha256').update(formToken).digest('hex') : null,
    postHash: fits ? challenge.toString('hex') : null,
    evidence: {
      provider: signUp.provider,
      wideNetwork: wideNetworkOf(ip),
      form: fits,
      trapped: request.trap !== '',
      workBits: fits ? provenBits(challenge, request.proof) : 0,
      waited: fits && request.slowWay && form.ageMs >= SLOW_FORM_AGE_MS_MIN,
    },
  }
}

export interface ProcessSignUpDeps {
  readonly signUps: SignUpProcessing
  readonly queues: Pick<Queues, 'add'>
  readonly newId: () => string
  readonly clock: Clock
}

export interface SignUpProcessing {
  /** Processes a queued sign-up once and writes the email that it asks for. */
  processOpenSignUp(options: {
    readonly id: string
    readonly at: Date
    readonly newId: () => string
  }): Promise<ProcessedSignUp>
}

/** Processes an admitted sign-up in a worker. Only here is the address looked up and an email chosen. */
export async function processSignUp(signUpId: string, deps: ProcessSignUpDeps): Promise<ProcessedSignUp> {
  const { signUps, queues, newId, clock } = deps
  const result = await signUps.processOpenSignUp({ id: signUpId, at: clock(), newId })
  if ('transactionalId' in result) await queues.add('notice', [{ transactionalId: result.transactionalId }])
  return result
}

/** Outcome of a sign-up. `asked` and `told` queue an email; the others queue none. */
export type ProcessedSignUp =
  | { readonly kind: 'asked' | 'told'; readonly transactionalId: string }
  | { readonly kind: 'quiet'; readonly why: 'suppressed' | 'asked lately' | 'told lately' }
  | { readonly kind: 'not-found' }

/** One post of the subscribe form, ready for the limits. */
export interface SignUpPost {
  readonly id: string
  readonly at: Date
  readonly signUp: SignUp
  readonly addressHash: string
  readonly mailboxHash: string
  readonly network: string
  readonly ip: string | null
  readonly wording: ConsentTextVersion | null
  readonly formHash: string | null
  /** Hash that is equal when a post is repeated; null without a form token. */
  readonly postHash: string | null
  readonly evidence: SignUpEvidence
}

/**
 * `mailbox`: this mailbox was already emailed today. `repeated`: the same form was posted for the same address before.
 * In both cases the visitor sees the page of an admitted sign-up.
 */
export type LimitsResult = SignUpVerdict | { readonly kind: 'mailbox' } | { readonly kind: 'repeated' }
