import { COMPLAINT_PERCENT_GOOD, COMPLAINT_PERCENT_MAX } from '../../../config/limits-web.ts'
import { acceptedOf, openOf } from '../../domain/delivery.ts'
import type { SendStatus } from '../../ledger/reports/send-status.ts'
import type { Waiting } from '../../pipeline/alerts/waiting.ts'
import { ActionForm, Moment } from './layout/admin-page.tsx'
import { accountOf, formatPercent, grouped, rateOf, secondsLeft, span, stateLabel } from './layout/figures.ts'
import { WaitingList } from './waiting.tsx'

/** The status of a send, and its waiting deliveries. */
export interface SendView {
  readonly status: SendStatus
  readonly waiting: readonly Waiting[]
}

/** Shows the numbers of the dashboard, which are updated live. */
export function SendNumbers({ status, waiting }: SendView) {
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
        <ActionForm to="/admin/approve" csrf={csrf} fields={fields} label="Approve and send" look="plain" />
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

/** Shows the state of the send as a word, and explains it in a sentence. */
export function SendStateTag({ status, waiting = [] }: Pick<SendView, 'status'> & Partial<SendView>) {
  const [tone, word, why] = stateWords(status, waiting)
  return (
    <p className="state">
      <span className={`tag ${tone}`}>{word}</span> {why}
    </p>
  )
}

function awaitsApproval(status: SendStatus): boolean {
  return status.needsApproval && status.approvedAt === null
}

function stateWords(
  status: SendStatus,
  waiting: readonly Waiting[],
): [tone: 'good' | 'bad' | 'calm', word: string, why: string] {
  if (status.state === 'failed')
    return ['bad', 'not published', 'No source answered. The program tries again until the end of the day.']
  if (status.state === 'empty') return ['calm', 'no papers', 'The list of this day is empty, so no mail is sent.']
  if (status.sending === 'cancelled') return ['bad', 'cancelled', 'Digests that were not sent are skipped.']
  if (status.canary === 'stopped' && status.sending === 'paused')
    return ['bad', 'stopped', 'The canary had too many bounces or complaints. Resume to send to everyone else anyway.']
  if (status.sending === 'paused') return ['bad', 'paused', 'Sends in progress finish, and no new ones start.']
  if (awaitsApproval(status))
    return ['bad', 'waiting for approval', 'Nothing is sent until an operator approves the edition.']
  if (status.canary === 'sending')
    return ['calm', 'canary', `${status.canaryPercent} % of the subscribers get it first.`]
  if (status.canary === 'waiting')
    return [
      'calm',
      'canary waiting',
      `The first ${status.canaryPercent} % are sent. The others follow ${status.canaryMinutes} min later if bounces are at most ${status.bouncePercentMax} % and complaints at most ${status.complaintPercentMax} %.`,
    ]
  if (status.dispatchedAt === null)
    return ['calm', 'ready', 'No subscriber is due yet. You can still edit the edition.']
  const open = openOf(status.counts)
  if (open === 0)
    return ['good', 'finished', 'All digests that were due are finished. Others follow at their delivery time.']
  const waitingDigests = waiting.reduce((sum, { mail, count }) => (mail === 'digest' ? sum + count : sum), 0)
  return waitingDigests < open
    ? ['good', 'running', 'Digests are being sent.']
    : ['calm', 'delayed', 'All remaining digests are waiting for their next try. The reasons are below.']
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
            <dd data-term={name}>{grouped(count)}</dd>
            {groups.some((part) => part.count > 0) ? (
              <dd className="soft small">
                {groups
                  .filter((part) => part.count > 0)
                  .map((part) => `${grouped(part.count)} ${part.name}`)
                  .join(', ')}
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
              <span className="number">{grouped(count)}</span> <span className="tag">{stateLabel(state)}</span> {reason}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
