import { PAUSE_DAYS_MAX } from '../../../../../config/limits.ts'
import { addDays, dayIn } from '../../../../domain/day.ts'
import type { Subscriber, SubscriberState } from '../../../../domain/subscriber.ts'
import { HiddenFields } from '../../layout/admin-page.tsx'
import type { ActionName } from './actions.ts'

interface StateForm {
  readonly action: ActionName
  readonly label: string
  readonly look: 'quiet' | 'danger'
  readonly hint: string
  /** The label of the reason, if it is more than that. */
  readonly reason?: string
}

const PAUSE: StateForm = {
  action: 'pause',
  label: 'Pause',
  look: 'quiet',
  hint: 'No digests until a day, or until somebody resumes. The first digest then catches up.',
}
const RESUME: StateForm = { action: 'resume', label: 'Resume', look: 'quiet', hint: 'Ends the pause now.' }
const UNSUBSCRIBE: StateForm = {
  action: 'unsubscribe',
  label: 'Unsubscribe',
  look: 'quiet',
  hint: 'Stops all digests. The subscriber can subscribe again.',
}
const AGAIN: StateForm = {
  action: 'resubscribe',
  label: 'Subscribe again',
  look: 'quiet',
  hint: 'Only if the subscriber asked you. What you enter becomes the proof of their consent.',
  reason: 'Where and when they asked',
}
const CONFIRM: StateForm = {
  action: 'confirm',
  label: 'Send confirmation again',
  look: 'quiet',
  hint: 'Sends another confirmation mail. They get no digest before they press its button.',
}
const LINK: StateForm = {
  action: 'link',
  label: 'Send preferences link',
  look: 'quiet',
  hint: 'Mails the subscriber a link to their own preferences.',
}
const SUPPRESS: StateForm = {
  action: 'suppress',
  label: 'Suppress address',
  look: 'danger',
  hint: 'Blocks all mail to this address, even if it subscribes again, until you lift the suppression.',
}
const LIFT: StateForm = {
  action: 'lift',
  label: 'Lift suppression',
  look: 'quiet',
  hint: 'The address can subscribe again. Until its owner does so, it gets no mail.',
}
const ERASE: StateForm = {
  action: 'erase',
  label: 'Erase permanently',
  look: 'danger',
  hint: 'Deletes the address, preferences and history. A keyed hash stays, so that the address is not mailed by mistake.',
}

const FORMS: Readonly<Record<SubscriberState, readonly StateForm[]>> = {
  pending: [CONFIRM, UNSUBSCRIBE, SUPPRESS, ERASE],
  active: [PAUSE, UNSUBSCRIBE, LINK, SUPPRESS, ERASE],
  paused: [RESUME, PAUSE, UNSUBSCRIBE, LINK, SUPPRESS, ERASE],
  unsubscribed: [AGAIN, SUPPRESS, ERASE],
  suppressed: [LIFT, ERASE],
}

/** Shows the actions that the state of a subscriber allows. Each needs a reason. */
export function StateForms({
  subscriber,
  csrf,
  now,
}: {
  readonly subscriber: Subscriber
  readonly csrf: string
  readonly now: Date
}) {
  const today = dayIn(subscriber.timezone, now)
  return (
    <div className="columns">
      {FORMS[subscriber.state].map(({ action, label, look, hint, reason }) => (
        <form key={action} method="post" action={`/admin/readers/${subscriber.id}/${action}`} className="panel stack">
          <p className="soft">{hint}</p>
          <HiddenFields csrf={csrf} fields={{ seen: subscriber.state }} />
          {action === 'pause' ? (
            <div className="field">
              <label htmlFor="until">Until (optional)</label>
              <input
                id="until"
                name="until"
                type="date"
                min={addDays(today, 1)}
                max={addDays(today, PAUSE_DAYS_MAX)}
                defaultValue={subscriber.pausedUntil ?? ''}
              />
            </div>
          ) : null}
          <div className="field">
            <label htmlFor={`reason-${action}`}>
              {reason ?? 'Reason'}
              <span className="hidden"> to {label.toLowerCase()}</span>
            </label>
            <input id={`reason-${action}`} name="reason" type="text" required minLength={3} maxLength={500} />
          </div>
          <div>
            <button type="submit" className={look}>
              {label}
            </button>
          </div>
        </form>
      ))}
    </div>
  )
}
