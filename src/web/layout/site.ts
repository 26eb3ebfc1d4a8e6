import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { renderToStaticMarkup } from 'react-dom/server'
import { Layout } from './layout.tsx'
import type { Page, Site } from './page.ts'

/** Sends a public page that may be cached for a minute. */
export function sendRendered(
  request: FastifyRequest,
  reply: FastifyReply,
  body: string,
  type = 'text/html; charset=utf-8',
  lastModified: Date | null = null,
): FastifyReply {
  reply.header('cache-control', 'public, max-age=60')
  return sendConditionally(request, reply, body, { type, lastModified })
}

/**
 * Sends a body, or 304 if the client has it (RFC 9110 §13.1.2). `Last-Modified` is compared only for a client that sends no
 * entity tag (RFC 9110 §13.1.3).
 */
export function sendConditionally(
  request: FastifyRequest,
  reply: FastifyReply,
  body: string,
  { type, lastModified }: { readonly type: string; readonly lastModified: Date | null },
): FastifyReply {
  const etag = `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  reply.header('etag', etag)
  if (lastModified !== null) reply.header('last-modified', lastModified.toUTCString())
  const { 'if-none-match': tags, 'if-modified-since': since } = request.headers
  const unchanged = tags === undefined ? isUnchangedSince(since, lastModified) : matches(tags, etag)
  return unchanged ? reply.status(304).send() : reply.type(type).send(body)
}

/** The header has whole seconds. */
function isUnchangedSince(since: string | undefined, lastModified: Date | null): boolean {
  return since !== undefined && lastModified !== null && lastModified.getTime() < Date.parse(since) + 1_000
}

/** Sends a page for one person: not cached and not indexed. */
export function sendPrivatePage(reply: FastifyReply, site: Site, page: Page, status = 200) {
  return keepPrivate(reply).status(status).type('text/html; charset=utf-8').send(renderPage(site, page))
}

/** Returns the path of one of our own links, because the site may also be reached under another host name. */
export function ownPath({ brand }: Site, url: string): string {
  return url.slice(brand.publicUrl.length)
}

/** Sets the headers of every page that a token opens. */
export function keepPrivate(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store').header('x-robots-tag', 'noindex, nofollow')
}

/** Renders the whole document. */
export function renderPage(site: Site, page: Page): string {
  return `<!doctype html>${renderToStaticMarkup(Layout({ site, page }))}`
}

function matches(header: string | undefined, etag: string): boolean {
  return (header ?? '').split(',').some((each) => each.trim() === etag || each.trim() === '*')
}
