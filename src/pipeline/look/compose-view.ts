import type { Day } from '../../domain/day.ts'
import { periodOf } from '../../domain/delivery.ts'
import type { Edition } from '../../domain/edition.ts'
import type { Message } from '../../mail/transport.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Composer } from '../compose/compose.ts'
import type { DigestReader } from './readers.ts'

export interface ComposeViewDeps {
  /** The composer of sending. For an operator, it has links that change nothing: see createViewTokens. */
  readonly composer: Composer
  readonly editions: { readEdition(day: Day): Promise<Edition | null> }
  readonly reports: {
    readSentPaperIds(subscriberId: string, paperIds: readonly string[], period: string): Promise<readonly string[]>
  }
  readonly clock: Clock
}

/** A digest as its reader would get it, or the reason why they get none. */
export type ViewedDigest =
  | {
      readonly kind: 'digest'
      readonly message: Message
      readonly paperIds: readonly string[]
      readonly edition: Edition
    }
  | { readonly kind: 'none'; readonly why: string }

/**
 * Composes one digest with the composer of sending, and writes nothing. The reader gets it here even if they would get no mail
 * now, for example because they paused or have not confirmed.
 */
export async function composeView(day: Day, reader: DigestReader, deps: ComposeViewDeps): Promise<ViewedDigest> {
  const { composer, clock } = deps
  const edition = await deps.editions.readEdition(day)
  if (edition === null || edition.entries.length === 0)
    return { kind: 'none', why: `There is no edition of ${day} with papers.` }
  const { id, email, profile, pausedSince } = reader
  const weekly = profile.frequency === 'weekly' || pausedSince !== null
  const issue = await composer.open(day, weekly, edition.votesReadAt ?? null)
  const period = periodOf(profile.frequency, day)
  const alreadySent = id === '0' ? [] : await deps.reports.readSentPaperIds(id, issue.pool.ids, period)
  const subscriber = { ...profile, email, state: 'active', suppressed: false } as const
  const [decision] = issue.decide([
    { deliveryId: '0', subscriberId: id, period, catchUpFrom: pausedSince, subscriber, alreadySent },
  ])
  if (decision?.kind !== 'send') return { kind: 'none', why: whyNone(decision?.reason) }
  const member = { ...decision, subscriberId: id, deferrals: 0 }
  const message = issue.message({ day, keyId: composer.keyId, frozenAt: clock() }, member)
  return { kind: 'digest', message, paperIds: decision.paperIds, edition }
}

function whyNone(reason: string | undefined): string {
  return reason === 'nothing-new' ? 'all its papers were sent before' : (reason ?? 'unknown reason')
}
