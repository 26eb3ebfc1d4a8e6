import { PAUSE_DAYS_MAX } from '../../../../config/limits.ts'
import { addDays, type Day, dayIn } from '../../../domain/day.ts'
import type { Subscriber } from '../../../domain/subscriber.ts'
import { say } from '../../../language/language.ts'
import { sayWith } from '../../../language/markup.ts'
import { longDay } from '../../../rendering/digest/view-model.ts'
import { ErrorLine, FaultLinks, type FormError, shownError } from '../../layout/controls.tsx'
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
      <h1>{say('preferences.title')}</h1>
      <p className="lead">
        {sayWith('preferences.for', { b: (text) => <b dir="auto">{text}</b> }, { email: subscriber.email })}
      </p>
      {news === null ? null : (
        <p className="message good" role="status">
          {say(NEWS[news])}
        </p>
      )}
      {subscriber.state === 'paused' ? <Paused until={subscriber.pausedUntil} /> : null}
      {faults.length === 0 ? null : <Faults faults={faults} />}
      {view.unsaved && faults.length === 0 ? (
        <p className="message" role="status">
          {sayWith('preferences.preview', { b: (text) => <b>{text}</b>, a: (text) => <a href="#matching">{text}</a> })}
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
    ['topics', say('preferences.topics')],
    ['schedule', say('preferences.schedule')],
    ['format-section', say('preferences.format')],
    ['digests', say('past.title')],
    ...(hasProfile ? ([['learned', say('preferences.learned')]] as const) : []),
    ['pause', say('preferences.pause')],
    ['address', say('preferences.address')],
    ['links', say('preferences.links')],
    ['reading', say('preferences.reading')],
    ['data', say('preferences.data')],
  ]
  return (
    <nav className="section-links" aria-label={say('preferences.sections')}>
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
      <p>{sayWith('preferences.faults', { b: (text) => <b>{text}</b> })}</p>
      <FaultLinks faults={faults} />
    </div>
  )
}

function NotSubscribed({ state }: { readonly state: Subscriber['state'] }) {
  if (state === 'pending') return <p className="message">{say('preferences.pending')}</p>
  if (state === 'suppressed') return <p className="message">{say('preferences.suppressed')}</p>
  return (
    <p className="message">
      {say('preferences.unsubscribed')} <a href="/#subscribe">{say('link.subscribeAgain')}</a>
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
      <h2 id="pause">{say('preferences.pause')}</h2>
      <form method="post" className="panel stack">
        <input type="hidden" name="section" value="pause" />
        <div className="field">
          <label htmlFor="until">{subscriber.state === 'paused' ? say('pause.changeDay') : say('pause.until')}</label>
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
            {say('pause.hint')}
          </p>
        </div>
        <div>
          <button type="submit" className="quiet">
            {subscriber.state === 'paused' ? say('pause.change') : say('pause.button')}
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
      <p>{until === null ? say('paused.open') : say('paused.until', { day: longDay(until) })}</p>
      <button type="submit">{say('paused.resume')}</button>
    </form>
  )
}

function Address({ view }: { readonly view: PreferencesView }) {
  const error = shownError(view.faults, 'email')
  return (
    <section aria-labelledby="address">
      <h2 id="address">{say('preferences.address')}</h2>
      <form method="post" className="panel stack">
        <input type="hidden" name="section" value="address" />
        <div className="field">
          <label htmlFor="email">{say('address.new')}</label>
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
            {say('address.hint')}
          </p>
        </div>
        <div>
          <button type="submit" className="quiet">
            {say('address.send')}
          </button>
        </div>
      </form>
    </section>
  )
}

function OldLinks() {
  return (
    <section aria-labelledby="links">
      <h2 id="links">{say('preferences.links')}</h2>
      <form method="post" className="panel stack">
        <input type="hidden" name="section" value="links" />
        <p>{say('oldLinks.text')}</p>
        <div>
          <button type="submit" className="quiet">
            {say('oldLinks.button')}
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
      <h2 id="data">{say('preferences.data')}</h2>
      <ul className="index">
        <li>
          <a className="title" href={`${path}/data`} download="paperround-data.json">
            {say('data.download')}
          </a>
          <div className="soft small">{say('data.downloadHint')}</div>
        </li>
        {canUnsubscribe ? (
          <li>
            <a className="title" href={unsubscribePath}>
              {say('unsubscribe.button')}
            </a>
            <div className="soft small">{say('data.unsubscribeHint')}</div>
          </li>
        ) : null}
        <li>
          <a className="title" href={`${path}/erase`}>
            {say('data.delete')}
          </a>
          <div className="soft small">{say('data.deleteHint')}</div>
        </li>
      </ul>
    </section>
  )
}
