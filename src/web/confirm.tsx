import type { FastifyReply } from 'fastify'
import type { ReactElement } from 'react'
import { CONFIRM_HOURS } from '../../config/limits.ts'
import type { ConfirmAnswer } from '../confirm.ts'
import type { Day } from '../day.ts'
import type { FirstDigest } from '../first-digest.ts'
import type { ConfirmationState } from '../ledger/confirmations.ts'
import type { Preferences } from '../subscriber.ts'
import { sendTrouble } from './errors.tsx'
import { type Site, sendPrivatePage } from './site.ts'

/** Answers `GET /confirm/:token`: the button, or why there is none. */
export function sendConfirmation(reply: FastifyReply, site: Site, state: ConfirmationState) {
  if (state.kind !== 'open') return sendClosed(reply, site, state)
  return send(
    reply,
    site,
    'Confirm your subscription',
    <>
      <p className="lead">
        One press, and {site.brand.name}’s digest comes to <b>{state.subscriber.email}</b>.
      </p>
      {/* No action: the form posts to this very address, token and all. */}
      <form method="post">
        <button type="submit">Confirm subscription</button>
      </form>
      <p className="soft small">If you did not ask for it, close this page: nothing more will come.</p>
    </>,
  )
}

/** Answers `POST /confirm/:token`: what comes next, shown once. */
export function sendConfirmed(reply: FastifyReply, site: Site, answer: ConfirmAnswer) {
  if (answer.kind !== 'confirmed') return sendClosed(reply, site, answer)
  const { subscriber, first, preferencesUrl } = answer
  return send(
    reply,
    site,
    'You are subscribed',
    <>
      <p className="lead">
        <b>{subscriber.email}</b> is confirmed.
      </p>
      <p>{whenFirst(first, subscriber)}</p>
      <p>
        {subscriber.interests.length === 0
          ? 'Papers come in the order of the day’s votes. Name your interests, and those that match come first.'
          : `Papers on ${listOf(subscriber.interests)} come first.`}
      </p>
      <p>
        <a className="button" href={preferencesUrl}>
          Your preferences
        </a>
      </p>
      <p className="soft small">
        Every mail has a link to them, and one to unsubscribe. <a href="/">Read today’s papers</a> meanwhile.
      </p>
    </>,
  )
}

type Closed = Exclude<ConfirmationState, { kind: 'open' }>

function sendClosed(reply: FastifyReply, site: Site, state: Closed) {
  switch (state.kind) {
    case 'unknown':
      return sendTrouble(reply, site, 404)
    case 'used':
      return send(
        reply,
        site,
        'You are subscribed already',
        <>
          <p className="lead">
            The subscription of <b>{state.subscriber.email}</b> is confirmed. Nothing was changed.
          </p>
          <p>Every mail has a link to your preferences, and one to unsubscribe.</p>
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
        <AskAgain>A confirmation link works for {CONFIRM_HOURS} hours, and these are over.</AskAgain>,
        410,
      )
    case 'void':
      return send(
        reply,
        site,
        'This link no longer works',
        <AskAgain>The subscription that it belonged to has ended.</AskAgain>,
        410,
      )
  }
}

function AskAgain({ children }: { readonly children: React.ReactNode }) {
  return (
    <>
      <p className="lead">{children}</p>
      <p>Subscribe again, and a new one comes to your inbox.</p>
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

function whenFirst(first: FirstDigest, { frequency, timezone }: Preferences): string {
  if (first.kind === 'soon') return 'Your first digest is on its way: it comes within minutes.'
  const at = `${String(first.hour).padStart(2, '0')}:00 (${timezone})`
  const then = frequency === 'weekly' ? 'Then one comes every week.' : 'Then one comes on every day that has papers.'
  return `Your first digest comes on ${longDay(first.day)}, from ${at}, or on the next day that has papers. ${then}`
}

function longDay(day: Day): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  }).format(new Date(`${day}T00:00:00Z`))
}

function listOf(words: readonly string[]): string {
  return new Intl.ListFormat('en-GB').format(words.map((word) => `“${word}”`))
}
