import { ADDRESS_UNDO_DAYS, CONFIRM_HOURS } from '../../config/limits.ts'

import type { NextDigest } from '../domain/next-digest.ts'
import type { ClaimedSend } from '../domain/parcel.ts'
import type { Subscriber } from '../domain/subscriber.ts'
import type { NoticeKind } from '../domain/transactional.ts'
import type { Letter } from '../mail/transport.ts'
import type { Brand } from '../rendering/digest/props.ts'
import type { Notice } from '../rendering/transactional.ts'
import type { NoticeProps } from '../rendering/transactional-props.ts'
import type { Links } from '../security/signed-links.ts'
import { noticeLetter, type Sender } from './compose/message.ts'
import { attempt, type SendDeps } from './send/attempt.ts'
import type { ClaimTimes, Retry, SendResult } from './send/send-job.ts'
import type { Settlement } from './send/settlement.ts'

export interface NotifyParts extends SendDeps {
  readonly peek: (id: string) => Promise<NoticeView | null>
  readonly claim: (order: NoticeOrder) => Promise<NoticeClaim>
  readonly settle: (notice: ClaimedNotice, settlement: Settlement) => Promise<{ readonly retry: readonly Retry[] }>
  readonly giveUpHours: number
  readonly render: (props: NoticeProps) => Promise<Notice>
  readonly links: Links
  readonly brand: Brand
  readonly sender: Sender
}

/** One confirmation, welcome or goodbye, sent by the same protocol as a parcel of digests. */
export async function notify(id: string, parts: NotifyParts): Promise<SendResult> {
  return attempt<ClaimedNotice, NoticeView>(
    {
      key: `notice-${id}`,
      peek: () => parts.peek(id),
      claim: async (_view, times) => {
        const result = await parts.claim({ ...times(), id, giveUpHours: parts.giveUpHours })
        if (result.kind === 'done') return { kind: 'settled' }
        if (result.kind === 'later') return { kind: 'wait', at: result.until, why: 'not due yet' }
        const { notice } = result
        return { kind: 'claimed', claimed: notice, compose: async () => [await letterOf(notice, parts)], spare: [] }
      },
      settle: async (notice, [settlement]) => {
        if (settlement === undefined) throw new Error('a transactional mail has one settlement')
        return parts.settle(notice, settlement)
      },
    },
    parts,
  )
}

/** Mails to people on the list carry the way off it. */
export const SUBSCRIBED: ReadonlySet<NoticeKind> = new Set(['welcome', 'known', 'preferences-link'])

async function letterOf(notice: ClaimedNotice, parts: NotifyParts): Promise<Letter> {
  return noticeLetter({
    noticeId: notice.id,
    kind: notice.kind,
    address: notice.address,
    rendered: await parts.render(propsOf(notice, parts)),
    createdAt: notice.createdAt,
    sender: parts.sender,
    unsubscribeUrl: SUBSCRIBED.has(notice.kind) ? parts.links.reader('unsubscribe', notice.subscriber.id) : null,
  })
}

function propsOf(notice: ClaimedNotice, { links, brand }: NotifyParts): NoticeProps {
  const { subscriber } = notice
  const owner = { id: subscriber.id, linkGeneration: notice.linkGeneration }
  switch (notice.kind) {
    case 'confirm':
      return {
        kind: 'confirm',
        brand,
        address: notice.address,
        // The confirmation's row knows when it ends and whether it was used; the link only names it.
        confirmUrl: links.reader('confirm', notice.confirmationId ?? ''),
        expiresInHours: CONFIRM_HOURS,
      }
    case 'known':
      return {
        kind: 'known',
        brand,
        preferencesUrl: links.preferences(owner),
        unsubscribeUrl: links.reader('unsubscribe', subscriber.id),
      }
    case 'welcome':
      return {
        kind: 'welcome',
        brand,
        preferences: subscriber,
        next: notice.nextDigest,
        preferencesUrl: links.preferences(owner),
        unsubscribeUrl: links.reader('unsubscribe', subscriber.id),
      }
    case 'address-confirm':
      return {
        kind: 'address-confirm',
        brand,
        address: notice.address,
        confirmUrl: links.reader('address', notice.id),
        expiresInHours: CONFIRM_HOURS,
      }
    case 'address-changed':
      return {
        kind: 'address-changed',
        brand,
        // The row of this id knows the former address; the link only names it.
        restoreUrl: links.reader('restore-address', notice.id),
        worksForDays: ADDRESS_UNDO_DAYS,
      }
    case 'preferences-link':
      return {
        kind: 'preferences-link',
        brand,
        preferencesUrl: links.preferences(owner),
        unsubscribeUrl: links.reader('unsubscribe', subscriber.id),
      }
    case 'goodbye':
      return { kind: 'goodbye', brand, preferencesUrl: links.preferences(owner) }
  }
}

/** A transactional mail that this worker, and no other, may send now; it is its own only member. */
export interface ClaimedNotice extends ClaimedSend {
  readonly id: string
  readonly kind: NoticeKind
  readonly address: string
  readonly createdAt: Date
  readonly worker: string
  readonly subscriber: Subscriber
  /** What a `confirm` notice asks to be confirmed; null for the others. */
  readonly confirmationId: string | null
  /** What a `welcome` says of the next digest; null for the others. */
  readonly nextDigest: NextDigest | null
  /** The generation of the links in it, as it was when the mail was first claimed. */
  readonly linkGeneration: number
}

export interface NoticeOrder extends Omit<ClaimTimes, 'membersMax'> {
  readonly id: string
  /** After so many hours a mail that a server defers is given up. */
  readonly giveUpHours: number
}

export type NoticeClaim =
  | { readonly kind: 'claimed'; readonly notice: ClaimedNotice }
  | { readonly kind: 'done' }
  | { readonly kind: 'later'; readonly until: Date }

export interface NoticeView {
  /** The transport to which an earlier attempt bound it. */
  readonly boundTo: string | null
}
