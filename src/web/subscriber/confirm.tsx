import type { FastifyReply } from 'fastify'
import type { ReactElement } from 'react'
import { CONFIRM_HOURS } from '../../../config/limits-subscriptions.ts'
import { describeNextDigest } from '../../rendering/next-digest-words.ts'
import type { ConfirmationState, ConfirmResult } from '../../subscriptions/confirm.ts'
import type { Site } from '../layout/page.ts'
import { ownPath, sendPrivatePage } from '../layout/site.ts'
import { sendInvalidToken } from './links/token-pages.tsx'

/** Answers `GET /confirm/:token` with the confirm button, or says why there is none. */
export function sendConfirmation(reply: FastifyReply, site: Site, state: ConfirmationState) {
  if (state.kind !== 'open') return sendClosed(reply, site, state)
  return send(
    reply,
    site,
    'Confirm your subscription',
    <>
      <p className="lead">
        Press the button to receive {site.brand.name}’s digest at <b>{state.subscriber.email}</b>.
      </p>
      {/* No action: the form posts to this very address, token and all. */}
      <form method="post">
        <button type="submit">Confirm subscription</button>
      </form>
      <p className="soft small">If you did not ask for it, close this page. We will not email you again.</p>
    </>,
  )
}

/** Answers `POST /confirm/:token` and says when the first digest comes. */
export function sendConfirmed(reply: FastifyReply, site: Site, answer: ConfirmResult) {
  if (answer.kind !== 'confirmed') return sendClosed(reply, site, answer)
  const { subscriber, next, preferencesUrl } = answer
  return send(
    reply,
    site,
    'You are subscribed',
    <>
      <p className="lead">
        <b>{subscriber.email}</b> is confirmed.
      </p>
      <p>{describeNextDigest(next, subscriber.timezone)}</p>
      <p>
        {subscriber.interests.length === 0
          ? 'Papers are sorted by the day’s votes. Add interests, and matching papers come first.'
          : `Papers on ${listOf(subscriber.interests)} come first.`}
      </p>
      <form method="post" action={ownPath(site, preferencesUrl)} className="sample">
        <input type="hidden" name="section" value="sample" />
        <button type="submit" className="quiet">
          Send me a sample now
        </button>
      </form>
      <p>
        <a className="button" href={preferencesUrl}>
          Your preferences
        </a>
      </p>
      <p className="soft small">
        Every email has a link to your preferences and one to unsubscribe. <a href="/">Read today’s papers</a>
      </p>
    </>,
  )
}

type Closed = Exclude<ConfirmationState, { kind: 'open' }>

function sendClosed(reply: FastifyReply, site: Site, state: Closed) {
  switch (state.kind) {
    case 'unknown':
      return sendInvalidToken(reply, site)
    case 'used':
      return send(
        reply,
        site,
        'You are already subscribed',
        <>
          {/* No address: this link may be in a mailbox that the subscriber has moved away from. */}
          <p className="lead">The subscription is confirmed. Nothing was changed.</p>
          <p>Every email has a link to your preferences and one to unsubscribe.</p>
          <p>
            <a href="/">Today’s papers</a>
          </p>
        </>,
      )
    case 'expired':
      return send(
        reply,
        site,
        'This link has expired',
        <RequestNewConfirmation>
          A confirmation link works for {CONFIRM_HOURS} hours. This one is older.
        </RequestNewConfirmation>,
        410,
      )
    case 'void':
      return send(
        reply,
        site,
        'This link no longer works',
        <RequestNewConfirmation>The subscription that it belonged to has ended.</RequestNewConfirmation>,
        410,
      )
  }
}

function RequestNewConfirmation({ children }: { readonly children: React.ReactNode }) {
  return (
    <>
      <p className="lead">{children}</p>
      <p>Subscribe again to get a new link.</p>
      <p>
        <a className="button" href="/subscribe">
          Get a new link
        </a>
      </p>
    </>
  )
}

function send(reply: FastifyReply, site: Site, title: string, content: ReactElement, status = 200) {
  const section = (
    <section className="notice-page">
      <h1>{title}</h1>
      {content}
    </section>
  )
  return sendPrivatePage(reply, site, { title, canonical: null, content: section }, status)
}

function listOf(words: readonly string[]): string {
  return new Intl.ListFormat('en-GB').format(words.map((word) => `“${word}”`))
}
