import type { FastifyReply } from 'fastify'
import type { ReactElement, ReactNode } from 'react'
import { say } from '../../../language/language.ts'
import { sayWith } from '../../../language/markup.ts'
import type { Site } from '../../layout/page.ts'
import { sendPrivatePage } from '../../layout/site.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Returns a token's subject if it is a UUID, else null, so that only valid ids reach the ledger. */
export function uuidOf(subject: string | null): string | null {
  return subject !== null && UUID.test(subject) ? subject : null
}

/** A short page with one heading. */
export function PlainPage({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <section className="notice-page">
      <h1>{title}</h1>
      {children}
    </section>
  )
}

/** Sends a short page that is neither cached nor indexed. */
export function sendPlainPage(reply: FastifyReply, site: Site, title: string, children: ReactNode, status = 200) {
  const content = <PlainPage title={title}>{children}</PlainPage>
  return sendPrivatePage(reply, site, { title, canonical: null, content }, status)
}

/**
 * Sends the page for an invalid token. It does not reveal whether the token is damaged or whether a subscriber exists.
 */
export function sendInvalidToken(reply: FastifyReply, site: Site) {
  return sendPlainPage(
    reply,
    site,
    say('link.broken'),
    <>
      <p className="lead">{say('link.brokenText')}</p>
      <LostLinkForm fault={null} />
      <p className="soft small">{sayWith('link.wantedConfirm', { a: (text) => <a href="/subscribe">{text}</a> })}</p>
    </>,
    404,
  )
}

/** Requests a new link for a typed address. The email also has a link to unsubscribe. */
export function LostLinkForm({ fault }: { readonly fault: string | null }) {
  const errorAttributes =
    fault === null ? {} : ({ 'aria-invalid': true, 'aria-describedby': 'fresh-link-fault' } as const)
  return (
    <form method="post" action="/fresh-link" className="panel stack">
      <p>{say('lostLink.offer')}</p>
      <div className="field">
        <label htmlFor="fresh-link-email">{say('lostLink.address')}</label>
        <input
          id="fresh-link-email"
          name="email"
          type="email"
          autoComplete="email"
          required
          maxLength={254}
          placeholder="name@example.org"
          {...errorAttributes}
        />
        {fault === null ? null : (
          <p className="error" id="fresh-link-fault">
            {fault}
          </p>
        )}
      </div>
      <button type="submit">{say('freshLink.button')}</button>
    </form>
  )
}

/** Sends the page for an erased subscriber. The status is 410 by default; unsubscribing always answers 200. */
export function sendNotFound(reply: FastifyReply, site: Site, status = 410) {
  return sendPlainPage(
    reply,
    site,
    say('deleted.title'),
    <>
      <p className="lead">{say('deleted.text')}</p>
      <p>
        <a href="/">{say('link.today')}</a>
      </p>
    </>,
    status,
  )
}

/** Sends the page for a form that another site's page posted. */
export function sendCrossSite(reply: FastifyReply, site: Site) {
  return sendPlainPage(reply, site, say('crossSite.title'), <p className="lead">{say('crossSite.text')}</p>, 403)
}
