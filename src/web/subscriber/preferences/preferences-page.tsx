import { PAUSE_DAYS_MAX } from '../../../../config/limits.ts'
import { addDays, type Day, dayIn } from '../../../domain/day.ts'
import type { Subscriber } from '../../../domain/subscriber.ts'
import { longDay } from '../../../rendering/digest/view-model.ts'
import { ErrorLine, type FormError, shownError } from '../../layout/controls.tsx'
import { FeedbackPanel } from './feedback-panel.tsx'
import { SubscriberDigests } from './past-digests.tsx'
import { PreferencesForm } from './preferences-form.tsx'
import { NEWS, type PreferencesView } from './preferences-view.ts'
import { ReadingLinks } from './reading-links.tsx'

/** The page with all preferences of a subscriber. */
export function PreferencesPage({ view }: { readonly view: PreferencesView }) {
  const { subscriber, news, faults } = view
  const subscribed = subscriber.state === 'active' || subscriber.state === 'paused'
  return (
    <div className="preferences">
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
      {view.unsaved && faults.length === 0 ? (
        <p className="message" role="status">
          This is a preview. <b>Nothing is saved yet.</b> <a href="#matching">See what matches</a>
        </p>
      ) : null}
      {subscribed ? null : <NotSubscribed state={subscriber.state} />}
      {subscribed ? <Sections hasProfile={view.profile !== null} /> : null}
      <div className="sections">
        {subscribed ? (
          <>
            <PreferencesForm
              subscriber={subscriber}
              faults={faults}
              typed={view.typed}
              preview={view.preview}
              ownPapersPath={`${view.path}/papers`}
              now={view.now}
            />
            <SubscriberDigests view={view} />
            <FeedbackPanel profile={view.profile} />
            <Pause view={view} />
            <Address view={view} />
            <OldLinks />
          </>
        ) : null}
        <ReadingLinks addresses={view.reading} />
        <YourData view={view} />
      </div>
    </div>
  )
}

/** Links to the sections of the page. On a wide screen they stay in view. */
function Sections({ hasProfile }: { readonly hasProfile: boolean }) {
  const links: readonly (readonly [string, string])[] = [
    ['topics', 'Topics'],
    ['schedule', 'Schedule'],
    ['format-section', 'Format'],
    ['digests', 'Your digests'],
    ...(hasProfile ? ([['learned', 'Learned from feedback']] as const) : []),
    ['pause', 'Pause'],
    ['address', 'Address'],
    ['links', 'Links to this page'],
    ['reading', 'Saved papers and feed'],
    ['data', 'Your data'],
  ]
  return (
    <nav className="section-links" aria-label="Sections of this page">
      <ul>
        {links.map(([id, words]) => (
          <li key={id}>
            <a href={`#${id}`}>{words}</a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function Faults({ faults }: { readonly faults: readonly FormError[] }) {
  return (
    <div className="message bad" role="alert">
      <p>
        <b>Nothing was saved.</b> Please correct:
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
      <p className="message">Your subscription is not confirmed yet. Press the button in the confirmation email.</p>
    )
  if (state === 'suppressed')
    return (
      <p className="message">
        We send no email to your address, because a digest bounced or was reported as spam, or because the address is
        blocked.
      </p>
    )
  return (
    <p className="message">
      You are unsubscribed and receive no digests. <a href="/#subscribe">Subscribe again</a>
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
            Digests resume on that day. Leave it empty to pause until you resume. The first digest then covers what you
            missed, up to the last seven days.
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
            We send a confirmation email to the new address. Nothing changes until you press the button in it. We also
            notify your old address.
          </p>
        </div>
        <div>
          <button type="submit" className="quiet">
            Send confirmation
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
          Every email has a link that opens this page without a password. If someone else may have one of your emails,
          disable the links sent so far.
        </p>
        <div>
          <button type="submit" className="quiet">
            Disable old links
          </button>
        </div>
      </form>
    </section>
  )
}

function YourData({ view }: { readonly view: PreferencesView }) {
  const { path, unsubscribePath, subscriber } = view
  const canUnsubscribe = subscriber.state !== 'unsubscribed' && subscriber.state !== 'suppressed'
  return (
    <section aria-labelledby="data">
      <h2 id="data">Your data</h2>
      <ul className="index">
        <li>
          <a className="title" href={`${path}/data`} download="paperround-data.json">
            Download my data
          </a>
          <div className="soft small">Everything that we store about you, as JSON.</div>
        </li>
        {canUnsubscribe ? (
          <li>
            <a className="title" href={unsubscribePath}>
              Unsubscribe
            </a>
            <div className="soft small">No more digests. We keep your preferences in case you come back.</div>
          </li>
        ) : null}
        <li>
          <a className="title" href={`${path}/erase`}>
            Delete my data
          </a>
          <div className="soft small">Deletes everything. The next page explains what little we must keep.</div>
        </li>
      </ul>
    </section>
  )
}
