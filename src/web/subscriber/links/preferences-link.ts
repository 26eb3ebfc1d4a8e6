import type { FastifyReply } from 'fastify'
import type { Subscriber } from '../../../domain/subscriber.ts'
import { isOldLink, readLinkSubject } from '../../../security/link-generation.ts'
import type { Site } from '../../layout/page.ts'
import type { SubscriberPagesDeps } from '../deps.ts'
import { sendOldLink } from './fresh-link.tsx'
import { sendInvalidToken, sendNotFound } from './token-pages.tsx'

/** A link that no longer opens a page. `old`: it belongs to an older generation. */
export type ClosedLink =
  | { readonly kind: 'old'; readonly subscriberId: string }
  | { readonly kind: 'invalid-token' | 'erased' }

/** Finds the subscriber of a link to the preferences or one of their subpages. */
export async function openPreferencesLink(
  token: string,
  { tokens, ledger }: Pick<SubscriberPagesDeps, 'tokens' | 'ledger'>,
): Promise<{ readonly kind: 'open'; readonly subscriber: Subscriber } | ClosedLink> {
  const link = readLinkSubject(tokens.verify('preferences', token))
  if (link === null) return { kind: 'invalid-token' }
  const subscriber = await ledger.subscribers.readSubscriber(link.id)
  if (subscriber === null) return { kind: 'erased' }
  return isOldLink(link, subscriber.linkGeneration)
    ? { kind: 'old', subscriberId: link.id }
    : { kind: 'open', subscriber }
}

/** Sends the page for a link that no longer opens anything. */
export function sendClosedLink(link: ClosedLink, reply: FastifyReply, site: Site) {
  if (link.kind === 'old') return sendOldLink(reply, site, link.subscriberId)
  return link.kind === 'invalid-token' ? sendInvalidToken(reply, site) : sendNotFound(reply, site)
}
