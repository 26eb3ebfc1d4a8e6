import type { UnsubscribeRecord } from '../../ledger/subscribers/unsubscribe.ts'
import { FreshLinkForm } from './links/fresh-link.tsx'

/** Asks before unsubscribing. The button posts to the current address. */
export function UnsubscribeForm({ freshLink }: { readonly freshLink: string | null }) {
  return (
    <>
      <p className="lead">You will receive no more digests at the address that this link was sent to.</p>
      <form method="post" className="actions">
        <button type="submit">Unsubscribe</button>
      </form>
      {freshLink === null ? null : (
        <>
          <p>
            Too many emails, or the wrong papers? In your preferences you can get fewer, choose other topics, or pause.
          </p>
          <FreshLinkForm path={freshLink} quiet />
        </>
      )}
    </>
  )
}

/** Key of the first sentence after unsubscribing. */
export type UnsubscribedWords = 'unsubscribed' | 'reason-saved' | 'too-late'

const WORDS: Readonly<Record<UnsubscribedWords, string>> = {
  unsubscribed: 'You will receive no more digests. There is nothing else to do.',
  'reason-saved': 'Thank you for telling us. You will receive no more digests.',
  'too-late': 'This can no longer be undone, but you are welcome to subscribe again.',
}

interface UnsubscribedPageProps {
  readonly unsubscribed: UnsubscribeRecord
  readonly words: UnsubscribedWords
  readonly undoHours: number
  readonly reasons: Readonly<Record<string, string>>
}

/** The page after unsubscribing, with a way to undo it and an optional question. */
export function UnsubscribedPage({ unsubscribed, words, undoHours, reasons }: UnsubscribedPageProps) {
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
          <p className="hint">Works for {undoHours} hours after you unsubscribe.</p>
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
        <legend>Would you tell us why? This is optional.</legend>
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
