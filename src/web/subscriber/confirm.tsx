import type { FastifyReply } from 'fastify'
import type { ReactElement } from 'react'
import { CONFIRM_HOURS } from '../../../config/limits-subscriptions.ts'
import { language, say } from '../../language/language.ts'
import { sayWith } from '../../language/markup.ts'
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
    say('confirm.title'),
    <>
      <p className="lead">
        {sayWith(
          'confirm.text',
          { b: (text) => <b>{text}</b> },
          { brand: site.brand.name, email: state.subscriber.email },
        )}
      </p>
      {/* No action: the form posts to this very address, token and all. */}
      <form method="post">
        <button type="submit">{say('confirm.button')}</button>
      </form>
      <p className="soft small">{say('confirm.notAsked')}</p>
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
    say('confirmed.title'),
    <>
      <p className="lead">{sayWith('confirmed.text', { b: (text) => <b>{text}</b> }, { email: subscriber.email })}</p>
      <p>{describeNextDigest(next, subscriber.timezone)}</p>
      <p>
        {subscriber.interests.length === 0
          ? say('confirmed.byVotes')
          : say('confirmed.byInterests', { interests: listOf(subscriber.interests) })}
      </p>
      <form method="post" action={ownPath(site, preferencesUrl)} className="sample">
        <input type="hidden" name="section" value="sample" />
        <button type="submit" className="quiet">
          {say('sample.send')}
        </button>
      </form>
      <p>
        <a className="button" href={preferencesUrl}>
          {say('preferences.title')}
        </a>
      </p>
      <p className="soft small">
        {say('confirmed.links')} <a href="/">{say('confirmed.read')}</a>
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
        say('confirmed.already'),
        <>
          {/* No address: this link may be in a mailbox that the subscriber has moved away from. */}
          <p className="lead">{say('confirmed.unchanged')}</p>
          <p>{say('confirmed.links')}</p>
          <p>
            <a href="/">{say('link.today')}</a>
          </p>
        </>,
      )
    case 'expired':
      return send(
        reply,
        site,
        say('link.expired'),
        <RequestNewConfirmation>{say('confirm.expired', { hours: CONFIRM_HOURS })}</RequestNewConfirmation>,
        410,
      )
    case 'void':
      return send(
        reply,
        site,
        say('link.void'),
        <RequestNewConfirmation>{say('confirm.void')}</RequestNewConfirmation>,
        410,
      )
  }
}

function RequestNewConfirmation({ children }: { readonly children: React.ReactNode }) {
  return (
    <>
      <p className="lead">{children}</p>
      <p>{say('confirm.again')}</p>
      <p>
        <a className="button" href="/subscribe">
          {say('link.new')}
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
  return language().list(words.map((word) => say('quoted', { text: word })))
}
