import { INTEREST_CHARS_MAX, PAUSE_DAYS_MAX } from '../../../../../config/limits.ts'
import { REASON_CHARS_MAX } from '../../../../../config/limits-web.ts'
import { addDays, dayIn } from '../../../../domain/day.ts'
import type { BulkKind } from '../../../../domain/segments/bulk.ts'
import { fieldsOf, filterWords, type SubscriberFilter } from '../../../../domain/segments/filter.ts'
import { ErrorLine, type FormError, shownError } from '../../../layout/controls.tsx'
import { HiddenFields } from '../../layout/admin-page.tsx'
import { grouped } from '../../layout/figures.ts'
import { queryOf } from '../search-form.tsx'
import { type BulkChoice, erasureWords } from './read-bulk.ts'

/** The name of each bulk action, and what it does and leaves out. */
export const BULK_WORDS: Readonly<Record<BulkKind, { readonly name: string; readonly hint: string }>> = {
  pause: { name: 'Pause', hint: 'Active subscribers get no digests. Pauses that they began themselves do not change.' },
  resume: { name: 'Resume', hint: 'Ends pauses that an operator began, and no others.' },
  unsubscribe: { name: 'Unsubscribe', hint: 'Stops all digests. They can subscribe again.' },
  suppress: { name: 'Suppress addresses', hint: 'Blocks all mail to them, even if they subscribe again.' },
  confirm: {
    name: 'Send the confirmation mail again',
    hint: 'To pending subscribers who got none within a day. They still have to confirm.',
  },
  'add-interest': { name: 'Add an interest', hint: 'To active and paused subscribers who have room for it.' },
  'remove-interest': { name: 'Remove an interest', hint: 'From active and paused subscribers who have it.' },
  erase: { name: 'Erase permanently', hint: 'Deletes addresses, preferences and histories. This cannot be undone.' },
}

interface Props {
  readonly filter: SubscriberFilter
  readonly choice: BulkChoice
  readonly faults: readonly FormError[]
  readonly count: number
  readonly through: string
  readonly previous: string
  readonly csrf: string
  readonly now: Date
  /** Whether the operator's role may erase subscribers. */
  readonly mayErase: boolean
}

/** Shows how many subscribers match, and asks what to do with them. */
export function BulkPage(props: Props) {
  const { filter, faults, count, through, previous, csrf } = props
  return (
    <>
      <h1>
        Change {grouped(count)} {count === 1 ? 'subscriber' : 'subscribers'}
      </h1>
      <p className="lead">
        The search: {filterWords(filter)}. <a href={`/admin/readers?${queryOf(filter)}`}>Show them</a>
      </p>
      {faults.length === 0 ? null : (
        <div className="message bad" role="alert">
          {faults.map(({ field, words }) => (
            <p key={field}>
              <a href={`#${field}`}>{words}</a>
            </p>
          ))}
        </div>
      )}
      {count === 0 ? (
        <p className="sheet empty">No subscribers match, so there is nothing to change.</p>
      ) : (
        <form method="post" action="/admin/readers/bulk" className="panel stack narrow-form bulk">
          <HiddenFields csrf={csrf} fields={{ ...fieldsOf(filter), seen: String(count), through, previous }} />
          <Kinds {...props} />
          <Details {...props} />
          <div>
            <button type="submit">
              Change {grouped(count)} {count === 1 ? 'subscriber' : 'subscribers'}
            </button>
          </div>
        </form>
      )}
    </>
  )
}

function Kinds({ choice, mayErase }: Props) {
  const kinds = (Object.keys(BULK_WORDS) as BulkKind[]).filter((kind) => kind !== 'erase' || mayErase)
  return (
    <fieldset id="kind">
      <legend>What to do</legend>
      {kinds.map((kind) => (
        <label key={kind} className="choice">
          <input type="radio" name="kind" value={kind} required defaultChecked={choice.kind === kind} />
          <span>
            {BULK_WORDS[kind].name} <span className="soft small">{BULK_WORDS[kind].hint}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

function Details({ choice, faults, count, now }: Props) {
  const today = dayIn('UTC', now)
  const until = shownError(faults, 'until')
  const interest = shownError(faults, 'new_interest')
  const typed = shownError(faults, 'typed')
  const reason = shownError(faults, 'reason')
  return (
    <>
      <div className="field for-pause">
        <label htmlFor="until">Paused until</label>
        <input
          id="until"
          name="until"
          type="date"
          min={addDays(today, 1)}
          max={addDays(today, PAUSE_DAYS_MAX)}
          defaultValue={choice.until}
          {...until.attributes}
        />
        <ErrorLine error={until} />
        <p className="hint">Leave it empty to pause until you or they resume.</p>
      </div>
      <div className="field for-interest">
        <label htmlFor="new_interest">Interest</label>
        <input
          id="new_interest"
          name="new_interest"
          type="text"
          maxLength={INTEREST_CHARS_MAX}
          defaultValue={choice.interest}
          {...interest.attributes}
        />
        <ErrorLine error={interest} />
      </div>
      <div className="field for-erase">
        <label htmlFor="typed">Type “{erasureWords(count)}”</label>
        <input
          id="typed"
          name="typed"
          type="text"
          defaultValue={choice.typed}
          autoComplete="off"
          {...typed.attributes}
        />
        <ErrorLine error={typed} />
      </div>
      <div className="field">
        <label htmlFor="reason">Reason</label>
        <input
          id="reason"
          name="reason"
          type="text"
          required
          minLength={3}
          maxLength={REASON_CHARS_MAX}
          defaultValue={choice.reason}
          {...reason.attributes}
        />
        <ErrorLine error={reason} />
        <p className="hint">It is stored in the audit log and in the history of each subscriber.</p>
      </div>
    </>
  )
}
