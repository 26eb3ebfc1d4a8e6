import type { MessageKey } from '../../language/catalogue.ts'
import { say } from '../../language/language.ts'
import type { UnsubscribeRecord } from '../../ledger/subscribers/unsubscribe.ts'
import { FreshLinkForm } from './links/fresh-link.tsx'

/** Asks before unsubscribing. The button posts to the current address. */
export function UnsubscribeForm({ freshLink }: { readonly freshLink: string | null }) {
  return (
    <>
      <p className="lead">{say('unsubscribe.text')}</p>
      <form method="post" className="actions">
        <button type="submit">{say('unsubscribe.button')}</button>
      </form>
      {freshLink === null ? null : (
        <>
          <p>{say('unsubscribe.tooMany')}</p>
          <FreshLinkForm path={freshLink} quiet />
        </>
      )}
    </>
  )
}

/** Key of the first sentence after unsubscribing. */
export type UnsubscribedWords = 'unsubscribed' | 'reason-saved' | 'too-late'

const WORDS: Readonly<Record<UnsubscribedWords, MessageKey>> = {
  unsubscribed: 'unsubscribed.done',
  'reason-saved': 'unsubscribed.thanks',
  'too-late': 'unsubscribed.tooLate',
}

interface UnsubscribedPageProps {
  readonly unsubscribed: UnsubscribeRecord
  readonly words: UnsubscribedWords
  readonly undoHours: number
  readonly reasons: Readonly<Record<string, MessageKey>>
}

/** The page after unsubscribing, with a way to undo it and an optional question. */
export function UnsubscribedPage({ unsubscribed, words, undoHours, reasons }: UnsubscribedPageProps) {
  return (
    <>
      <p className="lead" role="status">
        {say(WORDS[words])}
      </p>
      {unsubscribed.undoable ? (
        // The query tells `restore-check` from the access log that this request is no unsubscribe.
        <form method="post" action="?undo" className="actions">
          <input type="hidden" name="undo" value="1" />
          <button type="submit" className="quiet">
            {say('unsubscribed.undo')}
          </button>
          <p className="hint">{say('unsubscribed.undoHours', { hours: undoHours })}</p>
        </form>
      ) : (
        <p>
          <a className="button" href="/#subscribe">
            {say('link.subscribeAgain')}
          </a>
        </p>
      )}
      {unsubscribed.reason === null && unsubscribed.undoable ? <AskWhy reasons={reasons} /> : null}
    </>
  )
}

function AskWhy({ reasons }: { readonly reasons: Readonly<Record<string, MessageKey>> }) {
  return (
    <form method="post" className="panel stack">
      <fieldset>
        <legend>{say('unsubscribed.why')}</legend>
        {Object.entries(reasons).map(([value, label]) => (
          <label className="choice" key={value}>
            <input type="radio" name="reason" value={value} required />
            <span>{say(label)}</span>
          </label>
        ))}
      </fieldset>
      <div>
        <button type="submit" className="quiet">
          {say('unsubscribed.send')}
        </button>
      </div>
    </form>
  )
}
