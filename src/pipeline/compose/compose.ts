import { type Day, earliest } from '../../domain/day.ts'
import type { ClaimedParcel, DigestItem, PendingDelivery, Selection, SendDecision } from '../../domain/parcel.ts'
import { say } from '../../language/language.ts'
import type { Message } from '../../mail/transport.ts'
import { assembleDigest } from '../../rendering/digest/assemble.ts'
import type { Brand, Digest, DigestPaper } from '../../rendering/digest/props.ts'
import type { Templates } from '../../rendering/templates.ts'
import { chosenByOf, explained, explaining } from './explain-selection.ts'
import { digestMessage, type Sender, senderFor } from './message.ts'
import { createPools, type Pool, type PoolDeps } from './pool.ts'
import { frequencyOf, selectPapers } from './select-papers.ts'

export interface ComposeDeps extends PoolDeps, BrandVersions {
  readonly sender: Sender
  readonly keyId: string
  /** Whether new digests show the pictures of papers (DIGEST_IMAGES). Left out: they do not. */
  readonly pictures?: boolean
  readonly brand: Brand
}

/** The templates and brand of this installation, and the brands of earlier mails. */
export interface BrandVersions {
  /** Names the bytes of the templates and the brand; kept with each parcel. */
  readonly template: string
  /** Returns the brand of an earlier template, or null if it is the same or unknown. Left out: it is the same. */
  readonly findBrand?: (template: string) => Promise<Brand | null>
  /** The operator's own templates. Left out: the program's. */
  readonly templates?: Templates
}

/** Composes digests from frozen rows. Templates are compiled once per edition and filled in for each subscriber. */
export interface Composer {
  readonly keyId: string
  /**
   * Prepares the digests of a day. `votesAt` selects the votes of a later refresh. Weekly digests are prepared only if
   * `weekly` is set. `template` is that of a frozen mail: its brand is used, so that the mail has the same bytes again.
   */
  open(day: Day, weekly: boolean, votesAt?: Date | null, template?: string | null): Promise<EditionDigest>
}

/** One day's digests, ready to be composed for subscribers. */
export interface EditionDigest {
  readonly template: string
  readonly pool: { readonly ids: readonly string[]; readonly since: Day }
  /** Selects papers for each delivery. It is synchronous, so that it can run inside the claim's transaction. */
  decide(candidates: readonly PendingDelivery[]): readonly SendDecision[]
  /**
   * Returns the digest of a frozen member, with the same bytes at each call and on each machine. `other` replaces values of
   * the mail, for a page that shows the digest in a browser, and for a sample.
   */
  digest(member: Part<DigestItem>, keyId: string, other?: OtherValues): Digest
  message(parcel: Part<ClaimedParcel, 'day' | 'keyId' | 'frozenAt'>, member: DigestItem): Message
}

type Part<T, K extends keyof T = keyof T> = { readonly [P in K]: T[P] }

/** Values that replace those of the mail. */
export interface OtherValues {
  readonly unsubscribeUrl?: string
  readonly preferencesUrl?: string
  readonly browserUrl?: string
  readonly feedbackUrl?: string
  /** Left out of the page that shows the digest in a browser, which loads nothing from other hosts. */
  readonly pictures?: false
  /** Why the reader gets it. */
  readonly reason?: string
}

export function createComposer(deps: ComposeDeps): Composer {
  const poolOf = createPools(deps)
  return {
    keyId: deps.keyId,
    async open(day, weekly, votesAt = null, template = null) {
      const earlier = template === null ? null : await deps.findBrand?.(template)
      const version = earlier ? (template ?? deps.template) : deps.template
      const shown = { brand: earlier ?? deps.brand, version }
      const daily = await poolOf('daily', day, votesAt, shown)
      const weeklyPool = weekly ? await poolOf('weekly', day, votesAt, shown) : null
      const sender = senderFor(deps.sender, shown.brand, 'digest')
      return createEditionDigest(daily, weeklyPool, { ...deps, sender, template: version })
    },
  }
}

function createEditionDigest(daily: Pool, weekly: Pool | null, deps: ComposeDeps): EditionDigest {
  const pools = weekly === null ? [daily] : [daily, weekly]
  const poolOf = (span: Selection['span']): Pool => (span === 'week' && weekly !== null ? weekly : daily)
  const repeated = (member: Part<DigestItem>, keyId: string, other: OtherValues = {}) => {
    const pool = poolOf(member.selection.span)
    return assembleFor(pool, member, { picks: frozenPicks(pool, member), keyId, other }, deps)
  }
  // A digest is assembled to decide what fits. The same digest is sent a moment later.
  const assembled = new Map<string, Assembled>()
  return {
    template: deps.template,
    pool: {
      ids: [...new Set(pools.flatMap((pool) => pool.ids))],
      since: weekly === null ? daily.since : earliest([daily.since, weekly.since]),
    },
    decide: (candidates) =>
      candidates.map((candidate) => {
        // The period of the delivery decides, not the current preference. After a pause the digest covers the week.
        const pool = poolOf(frequencyOf(candidate) === 'weekly' || candidate.catchUpFrom !== null ? 'week' : 'day')
        const decision = selectPapers(pool, candidate)
        if (decision.kind === 'skip') return decision
        const { deliveryId, subscriberId } = candidate
        const { address, chosen } = decision
        const selection = deps.pictures ? { ...decision.selection, pictures: true as const } : decision.selection
        const picks = chosen.map((each) => explained(each, pool.reasons))
        const made = assembleFor(pool, { deliveryId, subscriberId, selection }, { picks, keyId: deps.keyId }, deps)
        assembled.set(deliveryId, made)
        const { paperIds, left } = made.digest
        return {
          kind: 'send',
          deliveryId,
          address,
          paperIds,
          selection: left === 0 ? selection : { ...selection, left },
        }
      }),
    digest: (member, keyId, other) => repeated(member, keyId, other).digest,
    message(parcel, member) {
      const ready = parcel.keyId === deps.keyId ? assembled.get(member.deliveryId) : undefined
      assembled.delete(member.deliveryId)
      const { digest, unsubscribeUrl } = ready ?? repeated(member, parcel.keyId)
      return digestMessage({
        digest,
        unsubscribeUrl,
        member,
        day: parcel.day,
        keyId: parcel.keyId,
        frozenAt: parcel.frozenAt,
        sender: deps.sender,
        links: deps.links,
      })
    },
  }
}

/** Returns the papers of a frozen member with their reasons, as they were when it was decided. */
function frozenPicks(pool: Pool, { paperIds, selection }: Part<DigestItem>): DigestPaper[] {
  const why = explaining(selection, pool.reasons)
  return paperIds.flatMap((paperId) => {
    const entry = pool.byId.get(paperId)
    return entry === undefined ? [] : [why(entry)]
  })
}

interface Assembled {
  readonly digest: Digest
  /** The mail and its header both contain it. */
  readonly unsubscribeUrl: string
}

interface AssembleInput {
  readonly picks: readonly DigestPaper[]
  readonly keyId: string
  readonly other?: OtherValues
}

function assembleFor(
  pool: Pool,
  { deliveryId, subscriberId, selection: choice }: Part<DigestItem, 'deliveryId' | 'subscriberId' | 'selection'>,
  { picks, keyId, other = {} }: AssembleInput,
  deps: ComposeDeps,
): Assembled {
  const owner = { id: subscriberId, linkGeneration: choice.linkGeneration ?? 0 }
  const unsubscribeUrl = other.unsubscribeUrl ?? deps.links.subscriber('unsubscribe', subscriberId, keyId)
  const targets = choice.pictures && other.pictures !== false ? pool.compiled.pictured : pool.compiled
  const forms = choice.titles === undefined ? targets : targets[choice.titles]
  const digest = assembleDigest(choice.form === undefined ? forms : forms.short[choice.form], {
    picks,
    featured: choice.featured,
    catchUp: choice.catchUp,
    left: choice.left ?? 0,
    chosenBy: chosenByOf(choice),
    feedbackUrl: other.feedbackUrl ?? deps.links.feedback(owner, keyId),
    slots: {
      unsubscribeUrl,
      preferencesUrl: other.preferencesUrl ?? deps.links.preferences(owner, keyId),
      browserUrl: other.browserUrl ?? deps.links.digest(deliveryId, owner.linkGeneration, keyId),
      reason: other.reason ?? say('digest.reason', { frequency: choice.frequency, brand: pool.brand.name }),
    },
  })
  return { digest, unsubscribeUrl }
}
