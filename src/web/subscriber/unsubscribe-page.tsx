import type { UnsubscribeRecord } from '../../ledger/subscribers/unsubscribe.ts'
import { FreshLinkForm } from './links/fresh-link.tsx'

/** The question before leaving. The button posts to the page's own address. */
export function UnsubscribeForm({ freshLink }: { readonly freshLink: string | null }) {
  return (
    <>
      <p className="lead">No more digests will come to the address that this link was sent to.</p>
      <form method="post" className="actions">
        <button type="submit">Unsubscribe</button>
      </form>
      {freshLink === null ? null : (
        <>
          <p>Too many, or the wrong ones? In the preferences you get fewer, choose other topics, or pause.</p>
          <FreshLinkForm path={freshLink} quiet />
        </>
      )}
    </>
  )
}

/** What a reader who has left is told first. */
export type UnsubscribedWords = 'left' | 'told' | 'too-late'

const WORDS: Readonly<Record<UnsubscribedWords, string>> = {
  left: 'No more digests will come. You need not do anything else.',
  told: 'Thank you for saying why. No more digests will come.',
  'too-late': 'This can no longer be undone from here, but you are welcome to subscribe again.',
}

interface LeftProps {
  readonly unsubscribed: UnsubscribeRecord
  readonly words: UnsubscribedWords
  readonly undoHours: number
  readonly reasons: Readonly<Record<string, string>>
}

/** After leaving: a way back while it is fresh, and one question that may be left alone. */
export function UnsubscribedPage({ unsubscribed, words, undoHours, reasons }: LeftProps) {
  return (
    <>
      <p className="lead" role="status">
        {WORDS[words]}
      </p>
      {unsubscribed.undoable ? (
        <form method="post" className="actions">
          <input type="hidden" name="undo" value="1" />
          <button type="submit" className="quiet">
            Undo: keep me subscribed
          </button>
          <p className="hint">Works for {undoHours} hours from when you left.</p>
        </form>
      ) : (
        <p>
          <a className="button" href="/#subscribe">
            Subscribe again
          </a>
        </p>
      )}
      {unsubscribed.reason === null && unsubscribed.undoable ? <AskWhy reasons={reasons} /> : null}
    </>
  )
}

function AskWhy({ reasons }: { readonly reasons: Readonly<Record<string, string>> }) {
  return (
    <form method="post" className="panel stack">
      <fieldset>
        <legend>Would you tell us why? It is one question, and you may leave it.</legend>
        {Object.entries(reasons).map(([value, label]) => (
          <label className="choice" key={value}>
            <input type="radio" name="reason" value={value} required />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
      <div>
        <button type="submit" className="quiet">
          Send
        </button>
      </div>
    </form>
  )
}
