import {
  CLAIM_STALE_MINUTES,
  CONFIRM_HOURS,
  MAIL_TRIES_MAX,
  SEND_BACKOFF_MS,
  SEND_BACKOFF_MS_MAX,
  WORKER_SILENT_MS,
} from '../config/limits.ts'
import type { Clock } from './day.ts'
import type { Notice, NoticeProps } from './digest/notice.ts'
import type { Brand } from './digest/props.ts'
import type { ClaimedNotice, NoticeClaim, NoticeSettlement } from './ledger/notices.ts'
import type { Hold } from './ledger/openwork.ts'
import type { NoticeKind } from './ledger/tables.ts'
import { noticeLetter, type Sender } from './letter.ts'
import type { Links } from './links.ts'
import type { Outcome } from './mail/outcome.ts'
import type { Transport } from './mail/transport.ts'

export interface NotifyParts {
  readonly worker: string
  readonly transports: readonly Transport[]
  readonly claim: (order: {
    id: string
    worker: string
    at: Date
    silentBefore: Date
    staleBefore: Date
  }) => Promise<NoticeClaim>
  readonly bind: (notice: ClaimedNotice, transport: string) => Promise<void>
  readonly settle: (notice: ClaimedNotice, settlement: NoticeSettlement) => Promise<void>
  readonly readHolds: () => Promise<readonly Hold[]>
  readonly render: (props: NoticeProps) => Promise<Notice>
  readonly links: Links
  readonly brand: Brand
  readonly sender: Sender
  readonly clock: Clock
}

export type NotifyResult = { readonly kind: 'settled' } | { readonly kind: 'wait'; readonly at: Date }

/** One confirmation, welcome or goodbye, with the same guarantees as a parcel: claim, render, send, settle. */
export async function notify(noticeId: string, parts: NotifyParts): Promise<NotifyResult> {
  const at = parts.clock()
  const claim = await parts.claim({
    id: noticeId,
    worker: parts.worker,
    at,
    silentBefore: new Date(at.getTime() - WORKER_SILENT_MS),
    staleBefore: new Date(at.getTime() - CLAIM_STALE_MINUTES * 60_000),
  })
  if (claim.kind === 'done') return { kind: 'settled' }
  if (claim.kind === 'later') return { kind: 'wait', at: claim.until }
  const settlement = await attempt(claim.notice, parts)
  await parts.settle(claim.notice, settlement)
  return 'retryAt' in settlement ? { kind: 'wait', at: settlement.retryAt } : { kind: 'settled' }
}

async function attempt(notice: ClaimedNotice, parts: NotifyParts): Promise<NoticeSettlement> {
  const holds = new Map((await parts.readHolds()).map((hold) => [hold.transport, hold]))
  const able =
    notice.boundTo === null ? parts.transports : parts.transports.filter(({ name }) => name === notice.boundTo)
  const transport = able.find(({ name }) => !holds.has(name)) ?? able[0]
  if (transport === undefined)
    return { state: 'uncertain', reason: 'the transport of an earlier attempt is no longer configured' }
  if (notice.boundTo !== null && !withinKeyLife(notice, transport, parts.clock()))
    return { state: 'uncertain', reason: 'the answer was lost' }
  const hold = holds.get(transport.name)
  if (hold !== undefined)
    return { state: notice.boundTo === null ? 'queued' : 'sending', reason: hold.reason, retryAt: hold.until }
  const letter = noticeLetter({
    noticeId: notice.id,
    kind: notice.kind,
    address: notice.address,
    rendered: await parts.render(propsOf(notice, parts)),
    createdAt: notice.createdAt,
    sender: parts.sender,
    unsubscribeUrl: SUBSCRIBED.has(notice.kind) ? parts.links.reader('unsubscribe', notice.subscriber.id) : null,
  })
  await parts.bind(notice, transport.name)
  const [outcome] = await transport.send({ key: `notice-${notice.id}`, letters: [letter] })
  return settlementOf(
    outcome ?? { kind: 'unknown', reason: 'the transport gave no answer' },
    notice,
    transport,
    parts.clock(),
  )
}

/** Mails to people on the list carry the way off it. */
export const SUBSCRIBED: ReadonlySet<NoticeKind> = new Set(['welcome', 'known'])

function settlementOf(outcome: Outcome, notice: ClaimedNotice, transport: Transport, now: Date): NoticeSettlement {
  const retryAt = new Date(now.getTime() + Math.min(SEND_BACKOFF_MS_MAX, SEND_BACKOFF_MS * 2 ** (notice.attempt - 1)))
  switch (outcome.kind) {
    case 'accepted':
      return { state: 'sent', providerId: outcome.providerId }
    case 'refused':
      return { state: 'refused', reason: outcome.reason }
    case 'deferred':
      // What keeps a provider from looking at a repeat says nothing of the call before, which may have sent.
      if (notice.boundTo !== null) return afterUnknown(outcome.reason, retryAt, notice, transport, now)
      if (outcome.hold === undefined && notice.attempt >= MAIL_TRIES_MAX)
        return { state: 'refused', reason: `gave up: ${outcome.reason}` }
      return { state: 'queued', reason: outcome.reason, retryAt }
    case 'unknown':
      return afterUnknown(outcome.reason, retryAt, notice, transport, now)
  }
}

function afterUnknown(
  reason: string,
  retryAt: Date,
  notice: ClaimedNotice,
  transport: Transport,
  now: Date,
): NoticeSettlement {
  return withinKeyLife(notice, transport, now) ? { state: 'sending', reason, retryAt } : { state: 'uncertain', reason }
}

function withinKeyLife(notice: ClaimedNotice, transport: Transport, now: Date): boolean {
  return now.getTime() - notice.firstCallAt.getTime() < transport.keyLifeMs
}

function propsOf(notice: ClaimedNotice, { links, brand }: NotifyParts): NoticeProps {
  const { subscriber } = notice
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
        preferencesUrl: links.reader('preferences', subscriber.id),
        unsubscribeUrl: links.reader('unsubscribe', subscriber.id),
      }
    case 'welcome':
      return {
        kind: 'welcome',
        brand,
        preferences: subscriber,
        next: notice.nextDigest,
        preferencesUrl: links.reader('preferences', subscriber.id),
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
      return { kind: 'address-changed', brand, preferencesUrl: links.reader('preferences', subscriber.id) }
    case 'goodbye':
      return { kind: 'goodbye', brand, preferencesUrl: links.reader('preferences', subscriber.id) }
  }
}
