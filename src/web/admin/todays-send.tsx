import { COMPLAINT_PERCENT_GOOD, COMPLAINT_PERCENT_MAX } from '../../../config/limits-web.ts'
import { acceptedOf, openOf } from '../../domain/delivery.ts'
import type { SendStatus } from '../../ledger/reports/send-status.ts'
import type { Waiting } from '../../pipeline/alerts/waiting.ts'
import { ActionForm, Moment } from './layout/admin-page.tsx'
import { accountOf, formatPercent, grouped, rateOf, secondsLeft, span } from './layout/figures.ts'
import { WaitingList } from './waiting.tsx'

/** A round, and what of it waits. */
export interface SendView {
  readonly round: SendStatus
  readonly waiting: readonly Waiting[]
}

/** The part of the dashboard that changes by itself: what every number means is the same with and without a script. */
export function SendNumbers({ round, waiting }: SendView) {
  const taken = acceptedOf(round.counts)
  const left = secondsLeft(round)
  const rate = rateOf(round)
  const settled = round.candidates - openOf(round.counts)
  return (
    <>
      <Progress settled={settled} candidates={round.candidates} />
      <Account round={round} />
      <dl className="tiles">
        <Tile
          name="Rate"
          value={rate === 0 ? '–' : `${rate < 10 ? rate.toFixed(1) : grouped(Math.round(rate))} /s`}
          hint="over the last minute"
        />
        <Tile name="Time left" value={left === null ? '–' : span(left)} hint="at this rate" />
        <Tile
          name="Oldest unsettled"
          value={
            round.oldestUnsettledAt === null
              ? '–'
              : span((round.at.getTime() - round.oldestUnsettledAt.getTime()) / 1_000)
          }
          hint="since it was queued"
        />
        <Tile
          name="Bounces"
          value={formatPercent(round.counts.bounced, taken)}
          hint={`${grouped(round.counts.bounced)} of ${grouped(taken)}`}
        />
        <Complaints count={round.counts.complained} taken={taken} />
      </dl>
      <WaitingList waiting={waiting} at={round.at} />
      <Answers round={round} />
      <p className="soft small as-of">
        As of <Moment at={round.at} seconds />
      </p>
    </>
  )
}

/** What an operator may do with the round as it is. */
export function SendActions({ round, csrf }: { readonly round: SendStatus; readonly csrf: string }) {
  const fields = { day: round.day, seen: round.sending, revision: String(round.revision) }
  const { counts } = round
  if (round.state !== 'published') return null
  return (
    <div className="acts">
      {isWaiting(round) ? (
        <ActionForm to="/admin/approve" csrf={csrf} fields={fields} label="Approve and let it go" look="plain" />
      ) : null}
      {round.sending === 'running' ? <ActionForm to="/admin/pause" csrf={csrf} fields={fields} label="Pause" /> : null}
      {round.sending === 'paused' ? (
        <ActionForm to="/admin/resume" csrf={csrf} fields={fields} label="Resume" look="plain" />
      ) : null}
      {round.sending === 'cancelled' ? null : (
        <a className="button danger" href={`/admin/confirm/cancel?day=${round.day}`}>
          Cancel…
        </a>
      )}
      {round.holds.length > 0 ? (
        <ActionForm to="/admin/open-transports" csrf={csrf} fields={fields} label="Try paused transports now" />
      ) : null}
      {counts.refused > 0 ? (
        <ActionForm to="/admin/retry-refused" csrf={csrf} fields={fields} label="Retry the refused" />
      ) : null}
      {counts.uncertain > 0 ? (
        <>
          <ActionForm to="/admin/uncertain-sent" csrf={csrf} fields={fields} label="Take the uncertain for sent" />
          <a className="button danger" href={`/admin/confirm/resend?day=${round.day}`}>
            Send the uncertain again…
          </a>
        </>
      ) : null}
    </div>
  )
}

/** In one word what happens with the edition, and in a sentence why. */
export function SendStateTag({ round, waiting = [] }: Pick<SendView, 'round'> & Partial<SendView>) {
  const [tone, word, why] = stateWords(round, waiting)
  return (
    <p className="state">
      <span className={`tag ${tone}`}>{word}</span> {why}
    </p>
  )
}

function isWaiting(round: SendStatus): boolean {
  return round.needsApproval && round.approvedAt === null
}

function stateWords(
  round: SendStatus,
  waiting: readonly Waiting[],
): [tone: 'good' | 'bad' | 'calm', word: string, why: string] {
  if (round.state === 'failed')
    return ['bad', 'not published', 'No source answered. It is tried again until the day is over.']
  if (round.state === 'empty') return ['calm', 'no papers', 'The list of the day is empty, so no mail is sent.']
  if (round.sending === 'cancelled') return ['bad', 'cancelled', 'What was not sent is skipped, for good.']
  if (round.canary === 'stopped' && round.sending === 'paused')
    return [
      'bad',
      'stopped',
      'The canary’s bounces or complaints were too many. Resume to send to the others all the same.',
    ]
  if (round.sending === 'paused') return ['bad', 'paused', 'What is on the wire finishes; nothing new starts.']
  if (isWaiting(round)) return ['bad', 'waits for approval', 'Nothing goes out until an operator approves it.']
  if (round.canary === 'sending') return ['calm', 'canary', `Goes to ${round.canaryPercent} % of the readers first.`]
  if (round.canary === 'waiting')
    return [
      'calm',
      'canary waits',
      `The first ${round.canaryPercent} % have it. The others follow ${round.canaryMinutes} min after them, if bounces stay at or under ${round.bouncePercentMax} % and complaints at or under ${round.complaintPercentMax} %.`,
    ]
  if (round.dispatchedAt === null) return ['calm', 'ready', 'Nobody is due yet. It may still be edited.']
  const open = openOf(round.counts)
  if (open === 0) return ['good', 'settled', 'Everybody who was due has it. Others follow as their hour comes.']
  const waits = waiting.reduce((sum, { mail, count }) => (mail === 'digest' ? sum + count : sum), 0)
  return waits < open
    ? ['good', 'running', 'Digests are going out.']
    : ['calm', 'delayed', 'All that is open waits for its next try. See below why.']
}

function Progress({ settled, candidates }: { readonly settled: number; readonly candidates: number }) {
  return (
    <div className="progress">
      <label htmlFor="progress">
        {grouped(settled)} of {grouped(candidates)} settled
      </label>
      <progress id="progress" max={Math.max(1, candidates)} value={settled} />
    </div>
  )
}

function Account({ round }: { readonly round: SendStatus }) {
  return (
    <section aria-labelledby="account" className={round.addsUp ? 'account' : 'account alarm'}>
      <h2 id="account">
        {round.addsUp ? (
          <span className="tag good">✓ adds up</span>
        ) : (
          <span className="tag bad" role="alert">
            ✗ does not add up
          </span>
        )}{' '}
        Accounting
      </h2>
      <dl>
        <div className="sum">
          <dt>candidates</dt>
          <dd data-term="candidates">{grouped(round.candidates)}</dd>
        </div>
        {accountOf(round).map(({ name, count, groups }, index) => (
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

/** Against Gmail's lines (sender guidelines: below 0.1 %, never 0.3 %). */
function Complaints({ count, taken }: { readonly count: number; readonly taken: number }) {
  const share = taken === 0 ? 0 : (count / taken) * 100
  const [tone, line] =
    share >= COMPLAINT_PERCENT_MAX
      ? ['bad', `over Gmail’s ${COMPLAINT_PERCENT_MAX} %`]
      : share >= COMPLAINT_PERCENT_GOOD
        ? ['warn', `over Gmail’s ${COMPLAINT_PERCENT_GOOD} %, under ${COMPLAINT_PERCENT_MAX} %`]
        : ['', `Gmail’s lines: ${COMPLAINT_PERCENT_GOOD} and ${COMPLAINT_PERCENT_MAX} %`]
  const hint = `${grouped(count)} of ${grouped(taken)}; ${line}`
  return <Tile name="Complaints" value={formatPercent(count, taken)} hint={hint} tone={tone} />
}

function Answers({ round }: { readonly round: SendStatus }) {
  // What waits has its own list.
  const reasons = round.reasons.filter(({ state }) => !['skipped', 'queued', 'sending'].includes(state)).slice(0, 10)
  return (
    <section aria-labelledby="answers">
      <h2 id="answers">Provider’s answers</h2>
      {reasons.length === 0 ? (
        <p className="soft">Nothing was rejected.</p>
      ) : (
        <ul className="answers">
          {reasons.map(({ state, reason, count }) => (
            <li key={`${state} ${reason}`}>
              <span className="number">{grouped(count)}</span> <span className="tag">{state}</span> {reason}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
