import type { FastifyReply } from 'fastify'
import { MAIL_SECURITY_POLICY } from '../requests/policy.ts'
import { keepPrivate } from './site.ts'

/** Sends a digest as a page for one person. `note` is HTML that is shown above it, or null. */
export function sendMailPage(reply: FastifyReply, html: string, note: string | null): FastifyReply {
  return keepPrivate(reply)
    .header('content-security-policy', MAIL_SECURITY_POLICY)
    .type('text/html; charset=utf-8')
    .send(note === null ? html : html.replace(/<body[^>]*>/i, (body) => `${body}${NOTE}${note}</div>`))
}

/** The style is inline, because the page has the style of a mail. */
const NOTE =
  '<div role="note" style="margin:0;padding:12px 16px;font:15px/22px sans-serif;text-align:center;color:#1f2328;background:#fff8c5">'
