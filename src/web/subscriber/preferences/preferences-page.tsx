import { PAUSE_DAYS_MAX } from '../../../../config/limits.ts'
import { addDays, type Day, dayIn } from '../../../domain/day.ts'
import type { Subscriber } from '../../../domain/subscriber.ts'
import { longDay } from '../../../rendering/digest/view-model.ts'
import { ErrorLine, type FormError, shownError } from '../../layout/controls.tsx'
import { FeedbackPanel } from './feedback-panel.tsx'
import { SubscriberDigests } from './past-digests.tsx'
import { PreferencesForm } from './preferences-form.tsx'
import { NEWS, type PreferencesView } from './preferences-view.ts'

/** All that a reader can say about their subscription. */
export function PreferencesPage({ view }: { readonly view: PreferencesView }) {
  const { subscriber, news, faults } = view
  const subscribed = subscriber.state === 'active' || subscriber.state === 'paused'
  return (
    <>
      <h1>Your preferences</h1>
      <p className="lead">
        For <b dir="auto">{subscriber.email}</b>
      </p>
      {news === null ? null : (
        <p className="message good" role="status">
          {NEWS[news]}
        </p>
      )}
      {subscriber.state === 'paused' ? <Paused until={subscriber.pausedUntil} /> : null}
      {faults.length === 0 ? null : <Faults faults={faults} />}
      {subscribed ? null : <NotSubscribed state={subscriber.state} />}
      {subscribed ? (
        <>
          <PreferencesForm subscriber={subscriber} faults={faults} typed={view.typed} />
          <SubscriberDigests view={view} />
          <FeedbackPanel profile={view.profile} />
          <Pause view={view} />
          <Address view={view} />
          <OldLinks />
        </>
      ) : null}
      <Ending view={view} />
    </>
  )
}

function Faults({ faults }: { readonly faults: readonly FormError[] }) {
  return (
    <div className="message bad" role="alert">
      <p>
        <b>Nothing was saved yet.</b> Please look at:
      </p>
      <ul>
        {faults.map(({ field, words }) => (
          <li key={`${field} ${words}`}>
            <a href={`#${field}`}>{words}</a>
          </li>
        ))}
      </ul>
    </div>
  )
}

function NotSubscribed({ state }: { readonly state: Subscriber['state'] }) {
  if (state === 'pending')
    return (
      <p className="message">Your subscription is not confirmed yet: press the button in the mail that asks you to.</p>
    )
  if (state === 'suppressed')
    return <p className="message">No mail goes to your address, because it bounced, was reported, or is blocked.</p>
  return (
    <p className="message">
      You are unsubscribed: no digest comes. <a href="/#subscribe">Subscribe again</a>
    </p>
  )
}

function Pause({ view }: { readonly view: PreferencesView }) {
  const { subscriber, now } = view
  const today = dayIn(subscriber.timezone, now)
  const error = shownError(view.faults, 'until')
  const typed = view.typed?.get('until')?.[0]
  return (
    <section aria-labelledby="pause">
      <h2 id="pause">Pause</h2>
      <form method="post" className="panel stack">
        <input type="hidden" name="section" value="pause" />
        <div className="field">
          <label htmlFor="until">{subscriber.state === 'paused' ? 'Change the day' : 'No digests until'}</label>
          <input
            type="date"
            id="until"
            name="until"
            min={addDays(today, 1)}
            max={addDays(today, PAUSE_DAYS_MAX)}
            defaultValue={typed ?? subscriber.pausedUntil ?? ''}
            aria-describedby="until-hint"
            {...error.attributes}
          />
          <ErrorLine error={error} />
          <p className="hint" id="until-hint">
            On that day they come again; left empty, when you say so. Then one digest catches up on what you missed,
            over the last seven days at most.
          </p>
        </div>
        <div>
          <button type="submit" className="quiet">
            {subscriber.state === 'paused' ? 'Change the pause' : 'Pause'}
          </button>
        </div>
      </form>
    </section>
  )
}

function Paused({ until }: { readonly until: Day | null }) {
  return (
    <form method="post" className="message spread">
      <input type="hidden" name="section" value="pause" />
      <input type="hidden" name="action" value="resume" />
      <p>{until === null ? 'Paused until you resume.' : `Paused until ${longDay(until)}.`}</p>
      <button type="submit">Resume now</button>
    </form>
  )
}

function Address({ view }: { readonly view: PreferencesView }) {
  const error = shownError(view.faults, 'email')
  return (
    <section aria-labelledby="address">
      <h2 id="address">Address</h2>
      <form method="post" className="panel stack">
        <input type="hidden" name="section" value="address" />
        <div className="field">
          <label htmlFor="email">New address</label>
          <input
            type="text"
            inputMode="email"
            autoComplete="email"
            autoCapitalize="none"
            spellCheck={false}
            id="email"
            name="email"
            defaultValue={view.typed?.get('email')?.[0] ?? ''}
            aria-describedby="email-hint"
            {...error.attributes}
          />
          <ErrorLine error={error} />
          <p className="hint" id="email-hint">
            A mail goes there and asks; until its button is pressed nothing changes. Your old address is told that you
            moved.
          </p>
        </div>
        <div>
          <button type="submit" className="quiet">
            Ask the new address
          </button>
        </div>
      </form>
    </section>
  )
}

function OldLinks() {
  return (
    <section aria-labelledby="links">
      <h2 id="links">Links to this page</h2>
      <form method="post" className="panel stack">
        <input type="hidden" name="section" value="links" />
        <p>
          Every mail has a link that opens this page without a password. If somebody else may have one of your mails,
          end the links that were sent so far.
        </p>
        <div>
          <button type="submit" className="quiet">
            Log out old links
          </button>
        </div>
      </form>
    </section>
  )
}

function Ending({ view }: { readonly view: PreferencesView }) {
  const { path, unsubscribePath, subscriber } = view
  const leavable = subscriber.state !== 'unsubscribed' && subscriber.state !== 'suppressed'
  return (
    <section aria-labelledby="data">
      <h2 id="data">Your data</h2>
      <ul className="index">
        <li>
          <a className="title" href={`${path}/data`} download="paperround-data.json">
            Download my data
          </a>
          <div className="soft small">Everything that is stored about you, as JSON.</div>
        </li>
        {leavable ? (
          <li>
            <a className="title" href={unsubscribePath}>
              Unsubscribe
            </a>
            <div className="soft small">No more digests. Your preferences stay, should you come back.</div>
          </li>
        ) : null}
        <li>
          <a className="title" href={`${path}/erase`}>
            Erase me
          </a>
          <div className="soft small">Deletes all of it. The next page says what little has to be kept.</div>
        </li>
      </ul>
    </section>
  )
}
