import { type Day, isOverEverywhere } from '../../domain/day.ts'
import { acceptedOf, type DeliveryState, openOf } from '../../domain/delivery.ts'
import type { CanaryState, EditionState, SendingState } from '../../domain/edition.ts'
import type { Waiting } from '../alerts/waiting.ts'
import type { AwaitedList } from '../publish.ts'
import { rateOf } from './rate.ts'
import { type Ahead, aheadOf, nextOf, recipientsOf, type SubscriberGroup } from './subscribers-ahead.ts'

/** Every state that an edition can be in, in the order of a morning. `status --json` and `/metrics` use these names. */
export const SEND_STATES = [
  'not-published',
  'collecting',
  'no-papers',
  'waits-for-approval',
  'canary',
  'sending',
  'paused',
  'held-by-provider',
  'waits-for-hours',
  'finished',
  'cancelled',
] as const

/** The state of an edition, with what an operator wants to know about it. `status --json` shows it as it is. */
export type SendState =
  | { readonly kind: 'not-published'; readonly day: Day }
  /** The sources have no papers yet. `since`: when they were first asked. `askedAt`: when they were last asked. */
  | {
      readonly kind: 'collecting'
      readonly day: Day
      readonly sources: readonly string[]
      readonly reason: string
      readonly since: Date
      readonly askedAt: Date
    }
  | { readonly kind: 'no-papers'; readonly day: Day; readonly reason: string }
  /** `people`: who would get it now; null: unknown. `approveBy`: when the day ends for the first of them; null: it is over. */
  | {
      readonly kind: 'waits-for-approval'
      readonly day: Day
      readonly people: number | null
      readonly approveBy: Date | null
    }
  | {
      readonly kind: 'canary'
      readonly day: Day
      readonly verdict: 'sending' | 'waiting'
      readonly percent: number
      /** The digests of the canary: how many there are, were accepted, and came back. */
      readonly total: number
      readonly sent: number
      readonly bounced: number
      readonly complained: number
      readonly bouncePercentMax: number
      readonly complaintPercentMax: number
      /** The subscribers who wait for its verdict; null: unknown. */
      readonly heldBack: number | null
      /** When the verdict comes; null: some of its digests are not sent yet. */
      readonly until: Date | null
    }
  /** `due`: subscribers who are due and have no delivery yet. `perSecond`: over the last minute. */
  | {
      readonly kind: 'sending'
      readonly day: Day
      readonly done: number
      readonly total: number
      readonly due: number
      readonly perSecond: number
    }
  /** `by`: the operator, or `paperround` when the canary stopped it; null: unknown. */
  | {
      readonly kind: 'paused'
      readonly day: Day
      readonly by: string | null
      readonly bySystem: boolean
      readonly reason: 'operator' | 'canary'
      readonly since: Date | null
      readonly open: number
      readonly bounced: number
      readonly complained: number
    }
  /** `transport`: the one that is paused or does not answer; null: the receiving servers defer the digests. */
  | {
      readonly kind: 'held-by-provider'
      readonly day: Day
      readonly transport: string | null
      readonly words: string | null
      readonly nextTryAt: Date | null
      readonly done: number
      readonly total: number
      readonly waiting: Waiting
    }
  /** `next`: how many get it at `nextAt`. `later`: how many wait for their hour, including those. */
  | {
      readonly kind: 'waits-for-hours'
      readonly day: Day
      readonly nextAt: Date
      readonly next: number
      readonly later: number
      readonly sent: number
      readonly rejected: number
      readonly unconfirmed: number
    }
  | {
      readonly kind: 'finished'
      readonly day: Day
      readonly total: number
      readonly sent: number
      readonly rejected: number
      readonly unconfirmed: number
      readonly bounced: number
      readonly skipped: number
      /** Subscribers that the warm-up of the sending domain postponed. */
      readonly postponed: number
    }
  | {
      readonly kind: 'cancelled'
      readonly day: Day
      readonly by: string | null
      readonly since: Date | null
      readonly sent: number
      readonly skipped: number
    }

/** The columns and counts of an edition that decide its state. `SendStatus` of the ledger adds to them. */
export interface EditionFacts {
  readonly at: Date
  readonly state: EditionState
  /** Why it is empty or failed. */
  readonly reason: string | null
  readonly publishedAt: Date
  readonly sending: SendingState
  readonly needsApproval: boolean
  readonly approvedAt: Date | null
  readonly canary: CanaryState
  readonly canaryPercent: number
  readonly canaryMinutes: number
  readonly canarySentAt: Date | null
  readonly bouncePercentMax: number
  readonly complaintPercentMax: number
  /** The number of deliveries that dispatch wrote, counted as it wrote them. */
  readonly candidates: number
  readonly counts: Readonly<Record<DeliveryState, number>>
  /** Subscribers that the warm-up of the sending domain postponed. */
  readonly postponed: number
  /** Deliveries settled in the last minute. */
  readonly settledLately: number
  readonly firstSettledAt: Date | null
}

/** Everything that decides the state of an edition. */
export interface SendFacts {
  readonly day: Day
  readonly at: Date
  /** null: there is no edition of the day. */
  readonly edition: EditionFacts | null
  /** null: its list was not requested, or has come. */
  readonly awaited: AwaitedList | null
  /** Why open digests of the day wait. */
  readonly waiting: readonly Waiting[]
  /** The subscribers who get the edition and have no delivery yet; null: not counted. */
  readonly ahead: readonly SubscriberGroup[] | null
  /** The last pause or cancellation; null: none is recorded. */
  readonly steered: { readonly who: string; readonly at: Date; readonly byCanary: boolean } | null
}

/** Returns whether the state depends on the subscribers who have no delivery yet. Counting them reads the whole list. */
export function needsAhead({ state, sending, canary, counts }: EditionFacts): boolean {
  if (state === 'failed' || sending !== 'running') return false
  return openOf(counts) === 0 || canary === 'sending' || canary === 'waiting'
}

/**
 * Returns the state of an edition. `status`, the admin pages, `/metrics` and the alerts all use this function, so that they
 * never say different things.
 */
export function sendStateOf(facts: SendFacts): SendState {
  const { day, edition, awaited } = facts
  if (edition === null) return awaited === null ? { kind: 'not-published', day } : collecting(awaited)
  if (edition.state === 'failed') return failed(facts, edition)
  const ahead = aheadOf(facts.ahead ?? [], facts)
  const { counts, sending } = edition
  if (edition.state === 'empty' && edition.candidates + recipientsOf(ahead) === 0)
    return { kind: 'no-papers', day, reason: edition.reason ?? 'empty' }
  if (sending === 'cancelled') {
    const { by, since } = steeredBy(facts)
    return { kind: 'cancelled', day, by, since, sent: acceptedOf(counts), skipped: counts.skipped }
  }
  if (sending === 'paused') return paused(facts, edition)
  if (edition.needsApproval && edition.approvedAt === null) {
    const people = facts.ahead === null ? null : recipientsOf(ahead)
    return { kind: 'waits-for-approval', day, people, approveBy: ahead.firstDayEndsAt }
  }
  return held(facts, edition) ?? canary(facts, edition, ahead) ?? running(facts, edition, ahead)
}

function collecting({ day, sources, reason, askedAt, since }: AwaitedList): SendState {
  return { kind: 'collecting', day, sources, reason, since: since ?? askedAt, askedAt }
}

/** No source answered. They are asked again until the day is over everywhere. */
function failed({ day, at, awaited }: SendFacts, { reason, publishedAt }: EditionFacts): SendState {
  const words = reason ?? 'no source answered'
  if (isOverEverywhere(day, at)) return { kind: 'no-papers', day, reason: words }
  if (awaited !== null) return collecting(awaited)
  return { kind: 'collecting', day, sources: [], reason: words, since: publishedAt, askedAt: publishedAt }
}

function steeredBy({ steered }: SendFacts): { readonly by: string | null; readonly since: Date | null } {
  return { by: steered?.who ?? null, since: steered?.at ?? null }
}

function paused(facts: SendFacts, { counts, canary: canaryState }: EditionFacts): SendState {
  const bySystem = facts.steered === null ? canaryState === 'stopped' : facts.steered.byCanary
  return {
    kind: 'paused',
    day: facts.day,
    ...steeredBy(facts),
    bySystem,
    reason: bySystem ? 'canary' : 'operator',
    open: openOf(counts),
    bounced: counts.bounced + counts.refused,
    complained: counts.complained,
  }
}

/** Returns the state if no open digest can be sent now. A pause for the rate limit is part of sending. */
function held({ day, waiting }: SendFacts, { counts, candidates }: EditionFacts): SendState | null {
  const open = openOf(counts)
  const digests = waiting.filter(({ mail, count, why }) => mail === 'digest' && count > 0 && why !== 'edition-paused')
  if (open === 0 || digests.reduce((sum, { count }) => sum + count, 0) < open) return null
  const [most] = [...digests].sort((one, other) => rankOf(other) - rankOf(one) || other.count - one.count)
  if (most === undefined || most.kind === 'rate') return null
  return {
    kind: 'held-by-provider',
    day,
    transport: most.transport,
    words: most.reason,
    nextTryAt: most.nextTryAt,
    done: candidates - open,
    total: candidates,
    waiting: most,
  }
}

/** A paused transport holds everything back, so it is named before digests that wait for their own retry. */
function rankOf({ why }: Waiting): number {
  return why === 'transport-paused' ? 1 : 0
}

function canary({ day, ahead: groups }: SendFacts, edition: EditionFacts, ahead: Ahead): SendState | null {
  const { counts, canarySentAt } = edition
  if (edition.canary !== 'sending' && edition.canary !== 'waiting') return null
  // The canary begins when the first subscriber is due.
  if (edition.canary === 'sending' && edition.candidates === 0 && ahead.now.subscribers === 0) return null
  return {
    kind: 'canary',
    day,
    verdict: edition.canary,
    percent: edition.canaryPercent,
    total: edition.candidates,
    sent: acceptedOf(counts),
    bounced: counts.bounced + counts.refused,
    complained: counts.complained,
    bouncePercentMax: edition.bouncePercentMax,
    complaintPercentMax: edition.complaintPercentMax,
    heldBack: groups === null ? null : recipientsOf(ahead),
    until:
      canarySentAt === null || edition.canary === 'sending'
        ? null
        : new Date(canarySentAt.getTime() + edition.canaryMinutes * 60_000),
  }
}

function running({ day }: SendFacts, edition: EditionFacts, ahead: Ahead): SendState {
  const { counts, candidates, postponed } = edition
  const open = openOf(counts)
  // Subscribers whom the warm-up postponed are due, but they do not get this edition.
  const due = Math.max(0, ahead.now.subscribers - postponed)
  if (open > 0 || due > 0)
    return { kind: 'sending', day, done: candidates - open, total: candidates, due, perSecond: rateOf(edition) }
  const results = { sent: acceptedOf(counts), rejected: counts.refused, unconfirmed: counts.uncertain }
  const next = nextOf(ahead)
  if (next !== null && recipientsOf(ahead) > postponed) return { kind: 'waits-for-hours', day, ...next, ...results }
  return {
    kind: 'finished',
    day,
    total: candidates,
    ...results,
    bounced: counts.bounced,
    skipped: counts.skipped,
    postponed,
  }
}
