import type { Day } from '../../../../domain/day.ts'
import type { Paper } from '../../../../domain/paper.ts'
import type { Subscriber } from '../../../../domain/subscriber.ts'
import { buildMime } from '../../../../mail/mime.ts'
import type { ViewedDigest } from '../../../../pipeline/look/compose-view.ts'
import { PERSONAS } from '../../../../pipeline/look/readers.ts'
import { NumberedLines } from '../../../../preview/pages/numbered-lines.tsx'
import { Headers } from '../../../../preview/pages/pane.tsx'
import { mailedBytes } from '../../../../rendering/fragment.ts'
import { paperPath } from '../../../../security/signed-links.ts'
import { HiddenFields } from '../../layout/admin-page.tsx'
import { LOOK_VIEWS, type LookQuery, lookPath } from './look-query.ts'
import { framePath } from './look-routes.ts'

/** The content of the section: the reader, and the digest or why there is none. */
export interface LookedAt {
  readonly query: LookQuery
  /** How the reader is named, or null if there is no such subscriber. */
  readonly reader: string | null
  readonly view: ViewedDigest
  /** The papers of the digest. */
  readonly papers: readonly Paper[]
  /** A search for a subscriber that found more or less than one. */
  readonly search: { readonly text: string; readonly matches: readonly Subscriber[] } | null
  readonly transports: readonly string[]
}

/** Shows the digest of an edition as one reader gets it, with a form to choose the reader and one to send a test. */
export function LookSection({
  day,
  shown,
  csrf,
}: {
  readonly day: Day
  readonly shown: LookedAt
  readonly csrf: string
}) {
  const { query, view, reader } = shown
  return (
    <section className="look" id="look" aria-labelledby="look-title">
      <h2 id="look-title">The digest</h2>
      <Chooser day={day} shown={shown} />
      {shown.search === null ? null : <Matches day={day} query={query} search={shown.search} />}
      {view.kind === 'none' ? (
        <p className="message bad">
          There is no digest for {reader ?? 'this subscriber'}: {view.why}.
        </p>
      ) : (
        <>
          <p className="subject" dir="auto">
            {view.message.subject}
          </p>
          <p className="soft small">
            For {reader}. {view.paperIds.length} {view.paperIds.length === 1 ? 'paper' : 'papers'},{' '}
            {Math.ceil(mailedBytes(view.message.html) / 1024)} KB.{' '}
            <a href={lookPath(day, query, { view: 'desktop' }, '/look/mail.eml')}>Download .eml</a> ·{' '}
            <a href={`/papers/${day}`}>The day’s list</a>
          </p>
          <Views day={day} query={query} />
          <MailView day={day} query={query} view={view} />
          <p className="soft small">
            The bytes are those of sending. Only the personal links differ: they change nothing and say so.
          </p>
          <Papers papers={shown.papers} />
          <TestForm day={day} shown={shown} csrf={csrf} />
        </>
      )}
    </section>
  )
}

function Chooser({ day, shown: { query, search } }: { readonly day: Day; readonly shown: LookedAt }) {
  const isPersona = PERSONAS.some(({ id }) => id === query.as)
  return (
    <form method="get" action={`/admin/editions/${day}#look`} className="filters">
      <div className="field">
        <label htmlFor="look-as">As</label>
        <select id="look-as" name="as" defaultValue={query.as}>
          {PERSONAS.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
          {isPersona ? null : <option value={query.as}>Subscriber {query.as}</option>}
        </select>
      </div>
      <div className="field">
        <label htmlFor="look-interests">with interests</label>
        <input
          id="look-interests"
          type="text"
          name="interests"
          defaultValue={query.interests}
          placeholder="agents, retrieval"
        />
      </div>
      <div className="field">
        <label htmlFor="look-subscriber">or a subscriber</label>
        <input
          id="look-subscriber"
          type="text"
          name="subscriber"
          defaultValue={search?.text ?? ''}
          placeholder="address or number"
          autoComplete="off"
        />
      </div>
      {query.view === 'desktop' ? null : <input type="hidden" name="view" value={query.view} />}
      <button type="submit" className="quiet">
        Show digest
      </button>
    </form>
  )
}

function Matches({
  day,
  query,
  search,
}: {
  readonly day: Day
  readonly query: LookQuery
  readonly search: NonNullable<LookedAt['search']>
}) {
  if (search.matches.length === 0)
    return (
      <p className="message bad" role="alert">
        No subscriber has the number or an address that begins with “{search.text}”.
      </p>
    )
  return (
    <ul className="plain">
      {search.matches.map(({ id, email, state }) => (
        <li key={id}>
          <a href={`${lookPath(day, query, { as: id })}#look`}>{email}</a>{' '}
          <span className="soft small">
            {state}, number {id}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Views({ day, query }: { readonly day: Day; readonly query: LookQuery }) {
  return (
    <nav className="views" aria-label="Views of the digest">
      {LOOK_VIEWS.map(([view, title]) => (
        <a
          key={view}
          href={`${lookPath(day, query, { view })}#look`}
          {...(view === query.view ? { 'aria-current': 'true' as const } : {})}
        >
          {title}
        </a>
      ))}
    </nav>
  )
}

function MailView({
  day,
  query,
  view: { message },
}: {
  readonly day: Day
  readonly query: LookQuery
  readonly view: ViewedDigest & { kind: 'digest' }
}) {
  switch (query.view) {
    case 'text':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by the keyboard.
        <section className="mail" tabIndex={0} aria-label="Text part">
          <pre dir="auto">{message.text}</pre>
        </section>
      )
    case 'headers':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by the keyboard.
        <section className="sheet" tabIndex={0} aria-label="Headers">
          <Headers eml={buildMime(message)} />
        </section>
      )
    case 'source':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by the keyboard.
        <section className="mail" tabIndex={0} aria-label="HTML part">
          <NumberedLines text={message.html} />
        </section>
      )
    default:
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: on a phone, the wide view scrolls.
        <section className="frame" tabIndex={0} aria-label="HTML part">
          <iframe
            className={query.view === 'phone' ? 'mail phone' : 'mail wide'}
            title={`The digest, ${query.view}`}
            src={framePath(day, query)}
            // No script runs and no form is sent. Links open the papers in a new tab.
            sandbox="allow-popups allow-popups-to-escape-sandbox"
          />
        </section>
      )
  }
}

function Papers({ papers }: { readonly papers: readonly Paper[] }) {
  return (
    <details className="panel">
      <summary>Papers of this digest</summary>
      <ol>
        {papers.map(({ id, title }) => (
          <li key={id}>
            <a href={paperPath(id)} dir="auto">
              {title}
            </a>
          </li>
        ))}
      </ol>
    </details>
  )
}

function TestForm({ day, shown, csrf }: { readonly day: Day; readonly shown: LookedAt; readonly csrf: string }) {
  const { as, interests } = shown.query
  return (
    <form method="post" action={`/admin/editions/${day}/test-send`} className="filters" aria-label="Send a test">
      <HiddenFields csrf={csrf} fields={{ as, interests }} />
      <div className="field wide">
        <label htmlFor="test-to">Send this digest as a test to</label>
        <input id="test-to" name="to" type="email" required maxLength={254} placeholder="you@example.org" />
      </div>
      {shown.transports.length < 2 ? null : (
        <div className="field">
          <label htmlFor="test-transport">through</label>
          <select id="test-transport" name="transport">
            <option value="">as sending would</option>
            {shown.transports.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </div>
      )}
      <button type="submit" className="quiet">
        Send test
      </button>
    </form>
  )
}
