import { SUBJECT_CHARS_MAX } from '../../config/limits.ts'
import { ADDRESS_UNDO_DAYS, CONFIRM_HOURS } from '../../config/limits-subscriptions.ts'
import type { FrozenSample } from '../domain/mail/sample.ts'
import type { TransactionalKind } from '../domain/mail/transactional.ts'
import type { ClaimedSend } from '../domain/parcel.ts'
import type { NextDigest } from '../domain/schedule/next-digest.ts'
import type { Subscriber } from '../domain/subscriber.ts'
import { say } from '../language/language.ts'
import type { Message } from '../mail/transport.ts'
import type { Brand, TemplateEngine } from '../rendering/digest/props.ts'
import { shorten } from '../rendering/shorten.ts'
import { renderTransactional } from '../rendering/transactional.ts'
import type { TransactionalProps } from '../rendering/transactional-props.ts'
import type { HashOf } from '../security/address-hash.ts'
import type { Links } from '../security/signed-links.ts'
import type { BrandVersions, Composer } from './compose/compose.ts'
import { type Sender, senderFor, transactionalMessage } from './compose/message.ts'
import { attempt } from './send/attempt.ts'
import type { RefusedMessages, SendDeps } from './send/send-deps.ts'
import type { ClaimTimes, Retry, SendResult } from './send/send-job.ts'
import type { Settlement } from './send/settlement.ts'

export interface DeliverTransactionalDeps extends SendDeps {
  readonly deliveries: TransactionalClaims
  readonly hashOf: HashOf
  readonly template: TemplateEngine
  /** Left out: a repeat has the current brand. */
  readonly brands?: BrandVersions
  readonly links: Links
  readonly composer: Composer
  readonly brand: Brand
  readonly sender: Sender
}

/** The claims of transactional emails, as the ledger implements them. */
export interface TransactionalClaims extends RefusedMessages {
  /** Returns null for an email that is unknown or finished. */
  findTransactional(id: string): Promise<TransactionalRecord | null>
  /** Claims an email for one worker, unless it must not be sent any more. `hashOf` finds suppressed addresses. */
  claimTransactional(options: TransactionalClaimOptions, hashOf: HashOf): Promise<TransactionalClaim>
  /** Records the outcome of a claimed email. */
  settleTransactional(
    transactional: ClaimedTransactional,
    settlement: Settlement,
  ): Promise<{ readonly retry: readonly Retry[] }>
}

/** Sends one transactional email, by the same protocol as a parcel of digests. */
export async function deliverTransactional(id: string, deps: DeliverTransactionalDeps): Promise<SendResult> {
  const { deliveries, giveUpHours } = deps
  return attempt<ClaimedTransactional, TransactionalRecord>(
    {
      key: `notice-${id}`,
      find: () => deliveries.findTransactional(id),
      claim: async (_view, times) => {
        const result = await deliveries.claimTransactional(
          { ...times(), id, giveUpHours, template: deps.brands?.template ?? null },
          deps.hashOf,
        )
        if (result.kind === 'done') return { kind: 'settled' }
        if (result.kind === 'later') return { kind: 'wait', at: result.until, why: 'not due yet' }
        const { transactional } = result
        return {
          kind: 'claimed',
          claimed: transactional,
          compose: async () => [await messageOf(transactional, deps)],
          spare: [],
        }
      },
      settle: async (transactional, [settlement]) => {
        if (settlement === undefined) throw new Error('a transactional email has one settlement')
        return deliveries.settleTransactional(transactional, settlement)
      },
    },
    deps,
  )
}

/** Emails to subscribers have an unsubscribe link. */
export const SUBSCRIBED: ReadonlySet<TransactionalKind> = new Set(['welcome', 'known', 'preferences-link', 'sample'])

async function messageOf(transactional: ClaimedTransactional, given: DeliverTransactionalDeps): Promise<Message> {
  const { template } = transactional
  const brand = (template === null ? null : await given.brands?.findBrand?.(template)) ?? given.brand
  const deps = { ...given, brand }
  return transactionalMessage({
    transactionalId: transactional.id,
    kind: transactional.kind,
    address: transactional.address,
    rendered:
      transactional.sample === null
        ? await renderTransactional(propsOf(transactional, deps), deps.template, deps.brands?.templates)
        : await composeSample(transactional, transactional.sample, deps),
    createdAt: transactional.createdAt,
    sender: senderFor(deps.sender, brand, transactional.sample === null ? 'transactional' : 'digest'),
    unsubscribeUrl: SUBSCRIBED.has(transactional.kind)
      ? deps.links.subscriber('unsubscribe', transactional.subscriber.id)
      : null,
  })
}

/** Composes a sample from its frozen choice. It says in its subject and at its end that it is a sample. */
async function composeSample(
  { id, address, subscriber, linkGeneration, template }: ClaimedTransactional,
  { day, keyId, paperIds, selection }: FrozenSample,
  { composer, links, brand }: DeliverTransactionalDeps,
) {
  const digests = await composer.open(day, selection.span === 'week', null, template)
  const item = { deliveryId: id, subscriberId: subscriber.id, address, paperIds, deferrals: 0 }
  const { subject, html, text } = digests.digest({ ...item, selection: { ...selection, linkGeneration } }, keyId, {
    browserUrl: links.edition(day),
    reason: say('sample.reason', { brand: brand.name }),
  })
  return { subject: shorten(say('sample.subject', { subject }), SUBJECT_CHARS_MAX), html, text }
}

function propsOf(transactional: ClaimedTransactional, { links, brand }: DeliverTransactionalDeps): TransactionalProps {
  const { subscriber } = transactional
  const owner = { id: subscriber.id, linkGeneration: transactional.linkGeneration }
  switch (transactional.kind) {
    case 'confirm':
      return {
        kind: 'confirm',
        brand,
        address: transactional.address,
        // The link is only an id: the confirmation's row says when it expires and whether it was used.
        confirmUrl: links.subscriber('confirm', transactional.confirmationId ?? ''),
        expiresInHours: CONFIRM_HOURS,
      }
    case 'known':
      return {
        kind: 'known',
        brand,
        preferencesUrl: links.preferences(owner),
        unsubscribeUrl: links.subscriber('unsubscribe', subscriber.id),
      }
    case 'welcome':
      return {
        kind: 'welcome',
        brand,
        preferences: subscriber,
        next: transactional.nextDigest,
        preferencesUrl: links.preferences(owner),
        unsubscribeUrl: links.subscriber('unsubscribe', subscriber.id),
      }
    case 'address-confirm':
      return {
        kind: 'address-confirm',
        brand,
        address: transactional.address,
        confirmUrl: links.subscriber('address', transactional.id),
        expiresInHours: CONFIRM_HOURS,
      }
    case 'address-changed':
      return {
        kind: 'address-changed',
        brand,
        // The link is only an id: its row has the former address.
        restoreUrl: links.subscriber('restore-address', transactional.id),
        worksForDays: ADDRESS_UNDO_DAYS,
      }
    case 'preferences-link':
      return {
        kind: 'preferences-link',
        brand,
        preferencesUrl: links.preferences(owner),
        unsubscribeUrl: links.subscriber('unsubscribe', subscriber.id),
      }
    case 'sample':
      throw new Error('a sample is stored with its choice')
    case 'goodbye':
      return { kind: 'goodbye', brand, preferencesUrl: links.preferences(owner) }
  }
}

/** A transactional email that only this worker may send now. It is its own only member. */
export interface ClaimedTransactional extends ClaimedSend {
  readonly id: string
  readonly kind: TransactionalKind
  readonly address: string
  readonly createdAt: Date
  readonly worker: string
  readonly subscriber: Subscriber
  /** The confirmation that a `confirm` email asks for; null for other kinds. */
  readonly confirmationId: string | null
  /** The next digest, which a `welcome` email announces; null for other kinds. */
  readonly nextDigest: NextDigest | null
  /** The choice that a `sample` shows; null for other kinds. */
  readonly sample: FrozenSample | null
  /** The generation of its links, as of the first claim. */
  readonly linkGeneration: number
  /** Its template, as of the first claim. */
  readonly template: string | null
}

export interface TransactionalClaimOptions extends Omit<ClaimTimes, 'membersMax' | 'ahead'> {
  readonly id: string
  /** The name of its templates, unless an earlier call has fixed it. */
  readonly template?: string | null
  /** An email that a server still defers after this time is given up. */
  readonly giveUpHours: number
}

export type TransactionalClaim =
  | { readonly kind: 'claimed'; readonly transactional: ClaimedTransactional }
  | { readonly kind: 'done' }
  | { readonly kind: 'later'; readonly until: Date }

export interface TransactionalRecord {
  /** The transport of an earlier attempt, if any. */
  readonly boundTo: string | null
}
