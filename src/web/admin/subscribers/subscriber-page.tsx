import { Fragment, type ReactNode } from 'react'
import { NEXT_SUBSCRIBER, type Subscriber } from '../../../domain/subscriber.ts'
import type { RecordedAction } from '../../../ledger/operators/audit.ts'
import type { readSubscriberEvents } from '../../../ledger/reports/events.ts'
import type { SubscriberHistory } from '../../../ledger/reports/status.ts'
import type { SubscriberListing } from '../../../ledger/subscribers/subscriber-search.ts'
import { figures, Table } from '../../layout/table.tsx'
import { AuditEntries } from '../audit-log.tsx'
import { Hidden, Moment } from '../layout/admin-page.tsx'
import { StateTag } from './subscribers.tsx'

/** One reader: what they chose, what was sent, what happened, and the ways to let them go. */
export function SubscriberPage({
  record: { subscriber, consent },
  history,
  events,
  acts,
  csrf,
}: {
  readonly record: SubscriberListing
  readonly history: readonly SubscriberHistory[]
  readonly events: readonly SubscriberEvent[]
  readonly acts: readonly RecordedAction[]
  readonly csrf: string
}) {
  return (
    <>
      <h1>{subscriber.email}</h1>
      <p className="state">
        <StateTag state={subscriber.state} /> <span className="soft">reader {subscriber.id}</span>
      </p>
      <Facts subscriber={subscriber} consent={consent} />
      <h2>Deliveries</h2>
      <History history={history} />
      <h2>What happened</h2>
      <Events events={events} />
      <h2>Let them go</h2>
      <LetGo subscriber={subscriber} csrf={csrf} />
      <h2>What operators did</h2>
      <AuditEntries acts={acts} />
    </>
  )
}

function LetGo({ subscriber, csrf }: { readonly subscriber: Subscriber; readonly csrf: string }) {
  const forms = [
    ...(NEXT_SUBSCRIBER[subscriber.state].includes('unsubscribed') && subscriber.state !== 'suppressed'
      ? [
          {
            act: 'unsubscribe',
            label: 'Unsubscribe',
            look: 'quiet',
            hint: 'No more digests. They may subscribe again.',
          },
        ]
      : []),
    ...(subscriber.state === 'suppressed'
      ? []
      : [
          {
            act: 'suppress',
            label: 'Suppress the address',
            look: 'danger',
            hint: 'Nothing is mailed there again, whoever subscribes it, until the suppression is lifted.',
          },
        ]),
    {
      act: 'erase',
      label: 'Erase for good',
      look: 'danger',
      hint: 'Address, preferences and history are deleted; a keyed hash keeps it from coming back by mistake.',
    },
  ]
  return (
    <div className="columns">
      {forms.map(({ act, label, look, hint }) => (
        <form key={act} method="post" action={`/admin/readers/${subscriber.id}/${act}`} className="panel stack">
          <p className="soft">{hint}</p>
          <Hidden csrf={csrf} fields={{ seen: subscriber.state }} />
          <div className="field">
            <label htmlFor={`reason-${act}`}>
              Reason<span className="hidden"> to {label.toLowerCase()}</span>
            </label>
            <input id={`reason-${act}`} name="reason" type="text" required minLength={3} maxLength={500} />
          </div>
          <button type="submit" className={look}>
            {label}
          </button>
        </form>
      ))}
    </div>
  )
}

type SubscriberEvent = Awaited<ReturnType<typeof readSubscriberEvents>>[number]

function Facts({ subscriber, consent }: Pick<SubscriberListing, 'subscriber' | 'consent'>) {
  const days = subscriber.frequency === 'weekly' ? [subscriber.weekday] : subscriber.weekdays
  const facts: readonly [string, ReactNode][] = [
    [
      'Digest',
      `${subscriber.frequency} (${days.map((each) => WEEKDAYS[each - 1]).join(', ')}), from ${subscriber.deliveryHour}:00 ${subscriber.timezone}, ${subscriber.format === 'titles' ? 'titles only' : `${subscriber.featuredCount} papers with ${subscriber.format}`}`,
    ],
    ['Interests', subscriber.interests.join(', ') || 'none'],
    ['Authors', subscriber.authors.join(', ') || 'none'],
    ['Muted', subscriber.mutedTerms.join(', ') || 'nothing'],
    ...(subscriber.pausedUntil === null ? [] : [['Paused until', subscriber.pausedUntil] as [string, ReactNode]]),
    [
      'Since',
      <>
        <Moment at={subscriber.createdAt} />, confirmed <Moment at={subscriber.confirmedAt} />
      </>,
    ],
    [
      'Consent',
      consent === null ? 'nothing is known' : `${consent.note} (by the ${consent.by}, ${consent.at.slice(0, 10)})`,
    ],
  ]
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
    </dl>
  )
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

function Events({ events }: { readonly events: readonly SubscriberEvent[] }) {
  if (events.length === 0) return <p className="sheet empty">Nothing happened yet.</p>
  return (
    <Table name="Events" columns={['When', 'What', 'Why']}>
      {events.map(({ id, at, kind, data }) => (
        <tr key={id}>
          <td>
            <Moment at={at} />
          </td>
          <td>{kind}</td>
          <td>{String(data.why ?? data.reason ?? data.verdict ?? '')}</td>
        </tr>
      ))}
    </Table>
  )
}

function History({ history }: { readonly history: readonly SubscriberHistory[] }) {
  if (history.length === 0) return <p className="sheet empty">Nothing was sent yet.</p>
  return (
    <Table name="Deliveries" columns={['Day', 'Period', 'State', figures('Papers'), 'Settled']}>
      {history.map((delivery) => (
        <tr key={`${delivery.day} ${delivery.period}`}>
          <td>
            <a href={`/admin?day=${delivery.day}`}>{delivery.day}</a>
          </td>
          <td>{delivery.period}</td>
          <td>
            {delivery.state}
            {delivery.reason === null ? null : <div className="soft small">{delivery.reason}</div>}
          </td>
          <td className="number">{delivery.papers}</td>
          <td>
            <Moment at={delivery.settledAt} />
          </td>
        </tr>
      ))}
    </Table>
  )
}
