import { Fragment, type ReactNode } from 'react'
import { HISTORY_ROWS_SHOWN } from '../../../../../config/limits-people.ts'
import type { Format, Subscriber } from '../../../../domain/subscriber.ts'
import type { RecordedAction } from '../../../../ledger/operators/audit.ts'
import type { ConsentStep, PastDelivery, SentMail } from '../../../../ledger/subscribers/edit/history.ts'
import type { SubscriberListing } from '../../../../ledger/subscribers/subscriber-search.ts'
import type { Suppression } from '../../../../ledger/subscribers/suppressions.ts'
import { AuditEntries } from '../../audit/entries.tsx'
import { Moment } from '../../layout/admin-page.tsx'
import { StateTag } from '../subscribers.tsx'
import { StateForms } from './state-forms.tsx'
import { ConsentTable, DeliveryTable, EventTable, MailTable, type SubscriberEvent } from './tables.tsx'

interface Props {
  readonly record: SubscriberListing
  readonly deliveries: readonly PastDelivery[]
  readonly mails: readonly SentMail[]
  readonly consents: readonly ConsentStep[]
  readonly events: readonly SubscriberEvent[]
  readonly actions: readonly RecordedAction[]
  readonly suppression: Pick<Suppression, 'reason' | 'note' | 'since'> | null
  readonly csrf: string
  readonly now: Date
}

/** Shows a subscriber: preferences, actions that their state allows, and the newest rows of each history. */
export function SubscriberPage(props: Props) {
  const { record, deliveries, mails, consents, events, actions } = props
  const { subscriber, consent } = record
  const section = (of: string, heading: string, rows: number, table: ReactNode) => (
    <>
      <h2>{heading}</h2>
      {table}
      {rows < HISTORY_ROWS_SHOWN ? null : (
        <p>
          <a href={`/admin/readers/${subscriber.id}/history?of=${of}`}>All {heading.toLowerCase()}</a>
        </p>
      )}
    </>
  )
  return (
    <>
      <h1>{subscriber.email}</h1>
      <p className="state">
        <StateTag state={subscriber.state} /> <span className="soft">subscriber {subscriber.id}</span>{' '}
        <a href={`/admin/readers/${subscriber.id}/edit`}>Edit preferences, address or consent</a>
      </p>
      <Suppressed suppression={props.suppression} />
      <Facts subscriber={subscriber} consent={consent} />
      <h2>Change the state</h2>
      <StateForms subscriber={subscriber} csrf={props.csrf} now={props.now} />
      {section('deliveries', 'Deliveries', deliveries.length, <DeliveryTable rows={deliveries} />)}
      {section('mails', 'Other mails', mails.length, <MailTable rows={mails} />)}
      {section('consents', 'Consents', consents.length, <ConsentTable rows={consents} />)}
      {section('events', 'Events', events.length, <EventTable rows={events} />)}
      {section('actions', 'Actions by operators', actions.length, <AuditEntries actions={actions} />)}
    </>
  )
}

function Suppressed({ suppression }: Pick<Props, 'suppression'>) {
  if (suppression === null) return null
  const { reason, note, since } = suppression
  return (
    <p className="message bad">
      This address gets no mail since <Moment at={since} />: {reason}
      {note === null ? '' : ` (${note})`}.
      {reason === 'complained'
        ? ' They reported a digest as spam. Lift the suppression only if they ask you to themselves.'
        : ''}
    </p>
  )
}

const FORMAT_WORDS: Readonly<Record<Format, (featured: number) => string>> = {
  skim: (featured) => `${featured} papers, short after the first`,
  abstracts: (featured) => `${featured} papers with abstracts`,
  sentences: (featured) => `${featured} papers with key sentences`,
  summaries: (featured) => `${featured} papers with AI summaries`,
  titles: () => 'titles only',
}

function Facts({ subscriber, consent }: Pick<SubscriberListing, 'consent'> & { readonly subscriber: Subscriber }) {
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
