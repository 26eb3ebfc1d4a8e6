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

/** The subscriber of a link that works, or why it does not. */
export type OpenedLink = { readonly kind: 'open'; readonly subscriber: Subscriber } | ClosedLink

/** Finds the subscriber of a link to the preferences or one of their subpages. */
export function openPreferencesLink(
  token: string,
  deps: Pick<SubscriberPagesDeps, 'tokens' | 'ledger'>,
): Promise<OpenedLink> {
  return openSubscriberLink('preferences', token, deps)
}

/** Finds the subscriber of a link that expires with the generation. */
export async function openSubscriberLink(
  purpose: 'preferences' | 'feed' | 'saved',
  token: string,
  { tokens, ledger }: Pick<SubscriberPagesDeps, 'tokens' | 'ledger'>,
): Promise<OpenedLink> {
  const link = readLinkSubject(tokens.verify(purpose, token))
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
