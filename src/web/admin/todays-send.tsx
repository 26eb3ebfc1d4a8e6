import { COMPLAINT_PERCENT_GOOD, COMPLAINT_PERCENT_MAX } from '../../../config/limits-web.ts'
import { acceptedOf, openOf } from '../../domain/delivery.ts'
import type { SendStatus } from '../../ledger/reports/send-status.ts'
import type { Waiting } from '../../pipeline/alerts/waiting.ts'
import { rateOf } from '../../pipeline/state/rate.ts'
import type { SendState } from '../../pipeline/state/send-state.ts'
import { hasFailures, wordsOf } from '../../pipeline/state/state-words.ts'
import { CountGroups, CountLink } from './deliveries/count-link.tsx'
import { ActionForm, Moment } from './layout/admin-page.tsx'
import { accountOf, formatPercent, grouped, secondsLeft, span, stateLabel } from './layout/figures.ts'
import { withCode } from './layout/with-code.tsx'
import { WaitingList } from './waiting.tsx'

/** The state of a send, its numbers, and its waiting deliveries. */
export interface SendView {
  readonly state: SendState
  readonly status: SendStatus
  readonly waiting: readonly Waiting[]
}

/** Shows the numbers of the dashboard, which are updated live. */
export function SendNumbers({ status, waiting }: Omit<SendView, 'state'>) {
  const accepted = acceptedOf(status.counts)
  const left = secondsLeft(status)
  const rate = rateOf(status)
  const finished = status.candidates - openOf(status.counts)
  return (
    <>
      <Progress finished={finished} recipients={status.candidates} />
      <Account status={status} />
      <dl className="tiles">
        <Tile
          name="Rate"
          value={rate === 0 ? '–' : `${rate < 10 ? rate.toFixed(1) : grouped(Math.round(rate))} /s`}
          hint="over the last minute"
        />
        <Tile name="Time left" value={left === null ? '–' : span(left)} hint="at this rate" />
        <Tile
          name="Oldest unfinished"
          value={
            status.oldestUnsettledAt === null
              ? '–'
              : span((status.at.getTime() - status.oldestUnsettledAt.getTime()) / 1_000)
          }
          hint="since it was queued"
        />
        <Tile
          name="Bounces"
          value={formatPercent(status.counts.bounced, accepted)}
          hint={`${grouped(status.counts.bounced)} of ${grouped(accepted)}`}
        />
        <Complaints count={status.counts.complained} accepted={accepted} />
      </dl>
      <WaitingList waiting={waiting} at={status.at} />
      <Responses status={status} />
      <p className="soft small as-of">
        As of <Moment at={status.at} seconds />
      </p>
    </>
  )
}

/** Shows the buttons that the current state allows. */
export function SendActions({ status, csrf }: { readonly status: SendStatus; readonly csrf: string }) {
  const fields = { day: status.day, seen: status.sending, revision: String(status.revision) }
  const { counts } = status
  if (status.state !== 'published') return null
  return (
    <div className="actions">
      {awaitsApproval(status) ? (
        <a className="button" href={`/admin/editions/${status.day}#approve`}>
          Review and approve…
        </a>
      ) : null}
      {status.sending === 'running' ? <ActionForm to="/admin/pause" csrf={csrf} fields={fields} label="Pause" /> : null}
      {status.sending === 'paused' ? (
        <ActionForm to="/admin/resume" csrf={csrf} fields={fields} label="Resume" look="plain" />
      ) : null}
      {status.sending === 'cancelled' ? null : (
        <a className="button danger" href={`/admin/confirm/cancel?day=${status.day}`}>
          Cancel…
        </a>
      )}
      {status.holds.length > 0 ? (
        <ActionForm to="/admin/open-transports" csrf={csrf} fields={fields} label="Try paused transports now" />
      ) : null}
      {counts.refused > 0 ? (
        <ActionForm to="/admin/retry-refused" csrf={csrf} fields={fields} label="Retry rejected" />
      ) : null}
      {counts.uncertain > 0 ? (
        <>
          <ActionForm to="/admin/uncertain-sent" csrf={csrf} fields={fields} label="Mark unconfirmed as sent" />
          <a className="button danger" href={`/admin/confirm/resend?day=${status.day}`}>
            Resend unconfirmed…
          </a>
        </>
      ) : null}
    </div>
  )
}

/** Shows the state of an edition as a word, and explains it in a sentence. */
export function SendStateTag({ state, at }: { readonly state: SendState; readonly at: Date }) {
  const { name, text } = wordsOf(state, at)
  return (
    <p className="state" data-state={state.kind}>
      <span className={`tag ${toneOf(state)}`}>{name}</span> {withCode(text)}
    </p>
  )
}

const TONES: Readonly<Record<SendState['kind'], 'good' | 'bad' | 'calm'>> = {
  'not-published': 'calm',
  collecting: 'calm',
  'no-papers': 'calm',
  'waits-for-approval': 'bad',
  canary: 'calm',
  sending: 'good',
  paused: 'bad',
  'held-by-provider': 'bad',
  'waits-for-hours': 'calm',
  finished: 'good',
  cancelled: 'bad',
}

function toneOf(state: SendState): 'good' | 'bad' | 'calm' {
  return state.kind === 'finished' && hasFailures(state) ? 'bad' : TONES[state.kind]
}

function awaitsApproval(status: SendStatus): boolean {
  return status.needsApproval && status.approvedAt === null
}

function Progress({ finished, recipients }: { readonly finished: number; readonly recipients: number }) {
  return (
    <div className="progress">
      <label htmlFor="progress">
        {grouped(finished)} of {grouped(recipients)} finished
      </label>
      <progress id="progress" max={Math.max(1, recipients)} value={finished} />
    </div>
  )
}

function Account({ status }: { readonly status: SendStatus }) {
  return (
    <section aria-labelledby="account" className={status.addsUp ? 'account' : 'account alarm'}>
      <h2 id="account">
        {status.addsUp ? (
          <span className="tag good">✓ adds up</span>
        ) : (
          <span className="tag bad" role="alert">
            ✗ does not add up
          </span>
        )}{' '}
        Delivery counts
      </h2>
      <dl>
        <div className="sum">
          <dt>recipients</dt>
          <dd data-term="recipients">{grouped(status.candidates)}</dd>
        </div>
        {accountOf(status).map(({ name, count, groups }, index) => (
          <div key={name}>
            <dt>
              <span aria-hidden="true" className="soft">
                {index === 0 ? '= ' : '+ '}
              </span>
              {name}
            </dt>
            <dd data-term={name}>
              <CountLink day={status.day} name={name} count={count}>
                {grouped(count)}
              </CountLink>
            </dd>
            {groups.some((part) => part.count > 0) ? (
              <dd className="soft small">
                <CountGroups day={status.day} of={name} groups={groups} />
              </dd>
            ) : null}
          </div>
        ))}
      </dl>
    </section>
  )
}

function Tile({
  name,
  value,
  hint,
  tone = '',
}: {
  readonly name: string
  readonly value: string
  readonly hint: string
  readonly tone?: string
}) {
  return (
    <div className={`tile ${tone}`}>
      <dt>{name}</dt>
      <dd className="value">{value}</dd>
      <dd className="soft small">{hint}</dd>
    </div>
  )
}

/** Compares complaints with Gmail's limits (sender guidelines: below 0.1 %, never 0.3 %). */
function Complaints({ count, accepted }: { readonly count: number; readonly accepted: number }) {
  const share = accepted === 0 ? 0 : (count / accepted) * 100
  const [tone, line] =
    share >= COMPLAINT_PERCENT_MAX
      ? ['bad', `above Gmail’s limit of ${COMPLAINT_PERCENT_MAX} %`]
      : share >= COMPLAINT_PERCENT_GOOD
        ? ['warn', `above ${COMPLAINT_PERCENT_GOOD} %, below Gmail’s limit of ${COMPLAINT_PERCENT_MAX} %`]
        : ['', `Gmail’s limits: ${COMPLAINT_PERCENT_GOOD} and ${COMPLAINT_PERCENT_MAX} %`]
  const hint = `${grouped(count)} of ${grouped(accepted)}; ${line}`
  return <Tile name="Complaints" value={formatPercent(count, accepted)} hint={hint} tone={tone} />
}

function Responses({ status }: { readonly status: SendStatus }) {
  // Waiting deliveries have their own list.
  const reasons = status.reasons.filter(({ state }) => !['skipped', 'queued', 'sending'].includes(state)).slice(0, 10)
  return (
    <section aria-labelledby="responses">
      <h2 id="responses">Provider responses</h2>
      {reasons.length === 0 ? (
        <p className="soft">No rejections or bounces.</p>
      ) : (
        <ul className="responses">
          {reasons.map(({ state, reason, count }) => (
            <li key={`${state} ${reason}`}>
              <CountLink day={status.day} name={state} count={count} reason={reason}>
                <span className="number">{grouped(count)}</span>
              </CountLink>{' '}
              <span className="tag">{stateLabel(state)}</span> {reason}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
