import { say } from '../../../language/language.ts'
import type { SubscriberHistory } from '../../../ledger/reports/status.ts'
import { longDay } from '../../../rendering/digest/view-model.ts'
import { describeNextDigest } from '../../../rendering/next-digest-words.ts'
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
      <h2 id="digests">{say('past.title')}</h2>
      {subscriber.state === 'active' ? <p>{describeNextDigest(next, subscriber.timezone)}</p> : null}
      <form method="post" className="sample">
        <input type="hidden" name="section" value="sample" />
        <button type="submit" className="quiet">
          {say('sample.send')}
        </button>
        <p className="hint">{say('sample.hint')}</p>
      </form>
      {history.length === 0 ? null : (
        <ul className="index">
          {history.map((each) => (
            <li key={each.period}>{say('past.line', { name: nameOf(each), outcome: outcomeOf(each) })}</li>
          ))}
        </ul>
      )}
    </section>
  )
}

function nameOf({ day, period }: SubscriberHistory): string {
  return period.includes('W') ? say('past.week', { day: longDay(day) }) : longDay(day)
}

function outcomeOf({ state, reason, papers }: SubscriberHistory): string {
  switch (state) {
    case 'queued':
    case 'sending':
      return say('past.onItsWay')
    case 'sent':
    case 'delivered':
    case 'complained':
      return say('past.papers', { count: papers })
    case 'skipped':
      return reason === 'nothing-new' ? say('past.nothingNew') : say('past.none')
    case 'bounced':
    case 'refused':
      return say('past.rejected')
    case 'uncertain':
      return say('past.uncertain')
  }
}
