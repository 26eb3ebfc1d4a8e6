import type { FastifyReply } from 'fastify'
import type { Subscriber } from '../../../domain/subscriber.ts'
import { isOldLink, readLinkSubject } from '../../../security/link-generation.ts'
import type { Site } from '../../layout/page.ts'
import type { SubscriberPagesDeps } from '../deps.ts'

import { sendOldLink } from './fresh-link.tsx'
import { sendInvalidToken, sendNotFound } from './token-pages.tsx'

/** A link that opens nothing. `old`: its generation has ended. */
export type ClosedLink =
  | { readonly kind: 'old'; readonly subscriberId: string }
  | { readonly kind: 'invalid-token' | 'erased' }

/** Opens a link to the preferences or to a page below them. */
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

/** Sends the page for a link that opens nothing. */
export function sendClosedLink(link: ClosedLink, reply: FastifyReply, site: Site) {
  if (link.kind === 'old') return sendOldLink(reply, site, link.subscriberId)
  return link.kind === 'invalid-token' ? sendInvalidToken(reply, site) : sendNotFound(reply, site)
}
