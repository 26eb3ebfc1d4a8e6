import type { FastifyReply } from 'fastify'
import type { ReactElement, ReactNode } from 'react'
import type { Site } from '../../layout/page.ts'
import { sendPrivatePage } from '../../layout/site.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** A token's subject as a row's id, or null: only what fits the ledger's ids is asked for. */
export function uuidOf(subject: string | null): string | null {
  return subject !== null && UUID.test(subject) ? subject : null
}

/** A short page: one heading, some words, and what can be done. */
export function PlainPage({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <section className="notice-page">
      <h1>{title}</h1>
      {children}
    </section>
  )
}

/** Sends a short page that is one reader's. */
export function sendPlainPage(reply: FastifyReply, site: Site, title: string, children: ReactNode, status = 200) {
  const content = <PlainPage title={title}>{children}</PlainPage>
  return sendPrivatePage(reply, site, { title, canonical: null, content }, status)
}

/**
 * For a token that was never ours or was cut on its way. It is not told which, nor whether a reader exists.
 */
export function sendInvalidToken(reply: FastifyReply, site: Site) {
  return sendPlainPage(
    reply,
    site,
    'This link does not work',
    <>
      <p className="lead">
        It may have been cut in two by a mail program. Open it from the mail itself, or copy it whole.
      </p>
      <LostLinkForm fault={null} />
      <p className="soft small">
        Was it to confirm a subscription? Then <a href="/subscribe">subscribe once more</a>.
      </p>
    </>,
    404,
  )
}

/** Has a fresh link mailed to an address that is typed: by it a subscriber can unsubscribe, too. */
export function LostLinkForm({ fault }: { readonly fault: string | null }) {
  const marks = fault === null ? {} : ({ 'aria-invalid': true, 'aria-describedby': 'fresh-link-fault' } as const)
  return (
    <form method="post" action="/fresh-link" className="panel stack">
      <p>Or let us mail you a fresh link, to your preferences and to unsubscribe.</p>
      <div className="field">
        <label htmlFor="fresh-link-email">The address that gets the digest</label>
        <input
          id="fresh-link-email"
          name="email"
          type="email"
          autoComplete="email"
          required
          maxLength={254}
          placeholder="name@example.org"
          {...marks}
        />
        {fault === null ? null : (
          <p className="error" id="fresh-link-fault">
            {fault}
          </p>
        )}
      </div>
      <button type="submit">Mail me a fresh link</button>
    </form>
  )
}

/** For a token whose reader was erased. 410 says that it will not come back; leaving answers 200 all the same. */
export function sendNotFound(reply: FastifyReply, site: Site, status = 410) {
  return sendPlainPage(
    reply,
    site,
    'Nothing is stored any more',
    <>
      <p className="lead">
        The reader to whom this link belonged was erased. No mail will come, and there is nothing left to change.
      </p>
      <p>
        <a href="/">Today’s papers</a>
      </p>
    </>,
    status,
  )
}

/** For a form that another site's page sent. */
export function sendCrossSite(reply: FastifyReply, site: Site) {
  return sendPlainPage(
    reply,
    site,
    'That came from another site',
    <p className="lead">Nothing was changed. Open the page from your mail and try again from there.</p>,
    403,
  )
}
