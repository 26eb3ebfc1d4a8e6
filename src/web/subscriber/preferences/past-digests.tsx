import type { SubscriberHistory } from '../../../ledger/reports/status.ts'
import { longDay } from '../../../rendering/digest/view-model.ts'
import { describeNextDigest } from '../../../rendering/next-digest-words.ts'
import { counted } from '../../../text/counted.ts'
import type { PreferencesView } from './preferences-view.ts'

/** Shows when the next digest comes, and the outcome of the last ones with the reason if none was sent. */
export function SubscriberDigests({
  view,
}: {
  readonly view: Pick<PreferencesView, 'subscriber' | 'history' | 'next'>
}) {
  const { subscriber, history, next } = view
  return (
    <section aria-labelledby="digests">
      <h2 id="digests">Your digests</h2>
      {subscriber.state === 'active' ? <p>{describeNextDigest(next, subscriber.timezone)}</p> : null}
      <form method="post" className="sample">
        <input type="hidden" name="section" value="sample" />
        <button type="submit" className="quiet">
          Send me a sample now
        </button>
        <p className="hint">
          Today’s digest as your saved preferences choose it, at most once a day. It replaces none.
        </p>
      </form>
      {history.length === 0 ? null : (
        <ul className="index">
          {history.map((each) => (
            <li key={each.period}>
              {nameOf(each)}: {outcomeOf(each)}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function nameOf({ day, period }: SubscriberHistory): string {
  return period.includes('W') ? `Week of ${longDay(day)}` : longDay(day)
}

function outcomeOf({ state, reason, papers }: SubscriberHistory): string {
  switch (state) {
    case 'queued':
    case 'sending':
      return 'on its way.'
    case 'sent':
    case 'delivered':
    case 'complained':
      return `${counted(papers, 'paper')}.`
    case 'skipped':
      return reason === 'nothing-new'
        ? 'no email, because there was nothing new for you: you had already received every paper, or muted it.'
        : 'no email.'
    case 'bounced':
    case 'refused':
      return 'your mail server rejected it.'
    case 'uncertain':
      return 'it may not have arrived.'
  }
}
