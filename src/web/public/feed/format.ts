import type { FastifyReply, FastifyRequest } from 'fastify'
import { sendConditionally, sendRendered } from '../../layout/site.ts'
import { atomOf } from './atom.ts'
import type { FeedDocument } from './document.ts'
import { jsonFeedOf } from './json-feed.ts'

export type FeedFormat = 'atom' | 'json'

const FEED_TYPES: Readonly<Record<FeedFormat, string>> = {
  atom: 'application/atom+xml; charset=utf-8',
  json: 'application/feed+json; charset=utf-8',
}

/** Sends a feed. A reader that has this version already gets 304 without a body. */
export function sendFeed(
  request: FastifyRequest,
  reply: FastifyReply,
  format: FeedFormat,
  feed: FeedDocument,
): FastifyReply {
  return sendRendered(request, reply, writeFeed(feed, format), FEED_TYPES[format], feed.updated)
}

/** Sends a feed for one person. Only their own reader may keep it, and no search engine may list it. */
export function sendPrivateFeed(
  request: FastifyRequest,
  reply: FastifyReply,
  format: FeedFormat,
  { text, updated }: { readonly text: string; readonly updated: Date },
): FastifyReply {
  reply.header('cache-control', 'private, max-age=60').header('x-robots-tag', 'noindex, nofollow')
  return sendConditionally(request, reply, text, { type: FEED_TYPES[format], lastModified: updated })
}

export function writeFeed(feed: FeedDocument, format: FeedFormat): string {
  return format === 'atom' ? atomOf(feed) : jsonFeedOf(feed)
}
