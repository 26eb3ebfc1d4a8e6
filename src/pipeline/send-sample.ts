import type { Day } from '../domain/day.ts'
import type { FeedbackProfile } from '../domain/interests/feedback-profile.ts'
import type { FrozenSample } from '../domain/mail/sample.ts'
import { checkAddress, type Preferences, type Subscriber } from '../domain/subscriber.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tokens } from '../security/tokens.ts'
import { hashMailbox } from '../subscriptions/mailbox.ts'
import type { Composer } from './compose/compose.ts'

/** A sample to write. */
export interface SampleRequest {
  readonly id: string
  readonly subscriberId: string
  readonly mailboxHash: string
  readonly sample: FrozenSample
}

/** `had-one`: this mailbox got a sample within the last day. */
export type SampleWritten = 'written' | 'had-one' | 'not-subscribed'

export interface SendSampleDeps {
  readonly composer: Composer
  readonly tokens: Tokens
  readonly editions: { readSampleDay(publishedBefore: Date): Promise<Day | null> }
  readonly subscribers: {
    readFeedbackProfile(id: string): Promise<{ readonly learned: FeedbackProfile | null } | null>
  }
  readonly deliveries: { writeSample(request: SampleRequest, at: Date): Promise<SampleWritten> }
  /** Queues the mail. If this fails, reconcile finds it. */
  readonly queueTransactional: (transactionalId: string) => void
  readonly newId: () => string
  readonly clock: Clock
}

/** `empty`: there is no list yet, or every paper of it is muted. */
export type SampleResult = SampleWritten | 'empty'

/**
 * Sends a confirmed subscriber a sample of the newest digest, chosen by their current preferences. It is a transactional email
 * and no delivery, so the digest itself comes as if there had been no sample.
 */
export async function sendSample(subscriber: Subscriber, deps: SendSampleDeps): Promise<SampleResult> {
  const address = checkAddress(subscriber.email)
  if (!address.ok) return 'not-subscribed'
  const profile = await deps.subscribers.readFeedbackProfile(subscriber.id)
  const sample = await chooseSample({ ...subscriber, learned: profile?.learned ?? null }, deps)
  if (sample === null) return 'empty'
  const id = deps.newId()
  const mailboxHash = hashMailbox(deps.tokens, address.key)
  const written = await deps.deliveries.writeSample(
    { id, subscriberId: subscriber.id, mailboxHash, sample },
    deps.clock(),
  )
  if (written === 'written') deps.queueTransactional(id)
  return written
}

/** The preferences that a sample is chosen by. */
export interface SampleProfile extends Preferences {
  readonly learned?: FeedbackProfile | null
  readonly linkGeneration?: number
}

/** An edition that has not gone out may be published again on its day. */
const SETTLED_MS = 24 * 3_600_000

/** Chooses the papers of a sample from the newest list that does not change any more, or null if there are none. */
export async function chooseSample(
  profile: SampleProfile,
  { composer, editions, clock }: Pick<SendSampleDeps, 'composer' | 'editions' | 'clock'>,
): Promise<FrozenSample | null> {
  const day = await editions.readSampleDay(new Date(clock().getTime() - SETTLED_MS))
  if (day === null) return null
  const weekly = profile.frequency === 'weekly'
  const digests = await composer.open(day, weekly)
  const [decision] = digests.decide([
    {
      deliveryId: '0',
      subscriberId: '0',
      period: weekly ? `${day} W` : day,
      catchUpFrom: null,
      subscriber: { ...profile, email: '', state: 'active', suppressed: false },
      alreadySent: [],
    },
  ])
  if (decision?.kind !== 'send') return null
  return { day, keyId: composer.keyId, paperIds: decision.paperIds, selection: decision.selection }
}
