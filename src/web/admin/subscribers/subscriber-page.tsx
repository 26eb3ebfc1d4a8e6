import { Fragment, type ReactNode } from 'react'
import { type Format, NEXT_SUBSCRIBER, type Subscriber } from '../../../domain/subscriber.ts'
import type { RecordedAction } from '../../../ledger/operators/audit.ts'
import type { readSubscriberEvents } from '../../../ledger/reports/events.ts'
import type { SubscriberHistory } from '../../../ledger/reports/status.ts'
import type { SubscriberListing } from '../../../ledger/subscribers/subscriber-search.ts'
import { figures, Table } from '../../layout/table.tsx'
import { AuditEntries } from '../audit-log.tsx'
import { HiddenFields, Moment } from '../layout/admin-page.tsx'
import { stateLabel } from '../layout/figures.ts'
import { StateTag } from './subscribers.tsx'

/** Shows a subscriber: preferences, deliveries, events, actions, and the forms to remove them. */
export function SubscriberPage({
  record: { subscriber, consent },
  history,
  events,
  actions,
  csrf,
}: {
  readonly record: SubscriberListing
  readonly history: readonly SubscriberHistory[]
  readonly events: readonly SubscriberEvent[]
  readonly actions: readonly RecordedAction[]
  readonly csrf: string
}) {
  return (
    <>
      <h1>{subscriber.email}</h1>
      <p className="state">
        <StateTag state={subscriber.state} /> <span className="soft">subscriber {subscriber.id}</span>
      </p>
      <Facts subscriber={subscriber} consent={consent} />
      <h2>Deliveries</h2>
      <History history={history} />
      <h2>Events</h2>
      <Events events={events} />
      <h2>Remove subscriber</h2>
      <RemovalForms subscriber={subscriber} csrf={csrf} />
      <h2>Actions by operators</h2>
      <AuditEntries actions={actions} />
    </>
  )
}

function RemovalForms({ subscriber, csrf }: { readonly subscriber: Subscriber; readonly csrf: string }) {
  const forms = [
    ...(NEXT_SUBSCRIBER[subscriber.state].includes('unsubscribed') && subscriber.state !== 'suppressed'
      ? [
          {
            action: 'unsubscribe',
            label: 'Unsubscribe',
            look: 'quiet',
            hint: 'Stops all digests. The subscriber can subscribe again.',
          },
        ]
      : []),
    ...(subscriber.state === 'suppressed'
      ? []
      : [
          {
            action: 'suppress',
            label: 'Suppress address',
            look: 'danger',
            hint: 'Blocks all mail to this address, even if it subscribes again, until you lift the suppression.',
          },
        ]),
    {
      action: 'erase',
      label: 'Erase permanently',
      look: 'danger',
      hint: 'Deletes the address, preferences and history. A keyed hash stays, so that the address is not mailed by mistake.',
    },
  ]
  return (
    <div className="columns">
      {forms.map(({ action, label, look, hint }) => (
        <form key={action} method="post" action={`/admin/readers/${subscriber.id}/${action}`} className="panel stack">
          <p className="soft">{hint}</p>
          <HiddenFields csrf={csrf} fields={{ seen: subscriber.state }} />
          <div className="field">
            <label htmlFor={`reason-${action}`}>
              Reason<span className="hidden"> to {label.toLowerCase()}</span>
            </label>
            <input id={`reason-${action}`} name="reason" type="text" required minLength={3} maxLength={500} />
          </div>
          <button type="submit" className={look}>
            {label}
          </button>
        </form>
      ))}
    </div>
  )
}

const FORMAT_WORDS: Readonly<Record<Format, (featured: number) => string>> = {
  skim: (featured) => `${featured} papers, short after the first`,
  abstracts: (featured) => `${featured} papers with abstracts`,
  sentences: (featured) => `${featured} papers with key sentences`,
  summaries: (featured) => `${featured} papers with AI summaries`,
  titles: () => 'titles only',
}

type SubscriberEvent = Awaited<ReturnType<typeof readSubscriberEvents>>[number]

function Facts({ subscriber, consent }: Pick<SubscriberListing, 'subscriber' | 'consent'>) {
  const days = subscriber.frequency === 'weekly' ? [subscriber.weekday] : subscriber.weekdays
  const facts: readonly [string, ReactNode][] = [
    [
      'Digest',
      `${subscriber.frequency} (${days.map((each) => WEEKDAYS[each - 1]).join(', ')}), from ${subscriber.deliveryHour}:00 ${subscriber.timezone}, ${FORMAT_WORDS[subscriber.format](subscriber.featuredCount)}`,
    ],
    ['Interests', subscriber.interests.join(', ') || 'none'],
    ['Authors', subscriber.authors.join(', ') || 'none'],
    ['Muted', subscriber.mutedTerms.join(', ') || 'none'],
    ...(subscriber.pausedUntil === null ? [] : [['Paused until', subscriber.pausedUntil] as [string, ReactNode]]),
    [
      'Since',
      <>
        <Moment at={subscriber.createdAt} />, confirmed <Moment at={subscriber.confirmedAt} />
      </>,
    ],
    ['Consent', consent === null ? 'unknown' : `${consent.note} (by the ${consent.by}, ${consent.at.slice(0, 10)})`],
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
  if (events.length === 0) return <p className="sheet empty">No events yet.</p>
  return (
    <Table name="Events" columns={['When', 'Event', 'Reason']}>
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
  if (history.length === 0) return <p className="sheet empty">No deliveries yet.</p>
  return (
    <Table name="Deliveries" columns={['Day', 'Period', 'State', figures('Papers'), 'Finished']}>
      {history.map((delivery) => (
        <tr key={`${delivery.day} ${delivery.period}`}>
          <td>
            <a href={`/admin?day=${delivery.day}`}>{delivery.day}</a>
          </td>
          <td>{delivery.period}</td>
          <td>
            {stateLabel(delivery.state)}
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
