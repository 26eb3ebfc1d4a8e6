import { CONSENT_TEXTS, isConsentText } from '../../../../domain/consent.ts'
import type { TransactionalKind } from '../../../../domain/mail/transactional.ts'
import type { readSubscriberEvents } from '../../../../ledger/reports/events.ts'
import type { ConsentStep, PastDelivery, SentMail } from '../../../../ledger/subscribers/edit/history.ts'
import { figures, Table } from '../../../layout/table.tsx'
import { Moment } from '../../layout/admin-page.tsx'
import { stateLabel } from '../../layout/figures.ts'

export type SubscriberEvent = Awaited<ReturnType<typeof readSubscriberEvents>>[number]

export function DeliveryTable({ rows }: { readonly rows: readonly PastDelivery[] }) {
  if (rows.length === 0) return <p className="sheet empty">No deliveries yet.</p>
  return (
    <Table name="Deliveries" columns={['Day', 'Period', 'State', figures('Papers'), 'Finished']}>
      {rows.map((delivery) => (
        <tr key={delivery.id}>
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
            {delivery.settledAt === null ? <span className="soft">not yet</span> : <Moment at={delivery.settledAt} />}
          </td>
        </tr>
      ))}
    </Table>
  )
}

const MAILS: Readonly<Record<TransactionalKind, string>> = {
  confirm: 'confirmation of the subscription',
  welcome: 'welcome',
  goodbye: 'unsubscribe notice',
  known: 'already subscribed',
  'address-confirm': 'confirmation of a new address',
  'address-changed': 'notice to the old address',
  'preferences-link': 'link to the preferences',
  sample: 'sample digest',
}

export function MailTable({ rows }: { readonly rows: readonly SentMail[] }) {
  if (rows.length === 0) return <p className="sheet empty">No other mails yet.</p>
  return (
    <Table name="Other mails" columns={['When', 'Mail', 'State']}>
      {rows.map(({ id, at, kind, state, reason }) => (
        <tr key={id}>
          <td>
            <Moment at={at} />
          </td>
          <td>{MAILS[kind]}</td>
          <td>
            {state === 'refused' ? 'rejected' : state === 'uncertain' ? 'unconfirmed' : state}
            {reason === null ? null : <div className="soft small">{reason}</div>}
          </td>
        </tr>
      ))}
    </Table>
  )
}

export function ConsentTable({ rows }: { readonly rows: readonly ConsentStep[] }) {
  if (rows.length === 0)
    return <p className="sheet empty">No steps are recorded. The note above says where they agreed.</p>
  return (
    <Table name="Consents" columns={['When', 'Step', 'By', 'Text that was shown']}>
      {rows.map(({ id, at, kind, form, wording }) => (
        <tr key={id}>
          <td>
            <Moment at={at} />
          </td>
          <td>{kind}</td>
          <td>{form === 'web' ? 'form on the website' : form}</td>
          <td>{wording === null ? '–' : isConsentText(wording) ? CONSENT_TEXTS[wording] : wording}</td>
        </tr>
      ))}
    </Table>
  )
}

const EVENTS: Readonly<Record<string, string>> = {
  'subscriber.active': 'active',
  'subscriber.pending': 'asked to confirm',
  'subscriber.paused': 'paused',
  'subscriber.unsubscribed': 'unsubscribed',
  'subscriber.suppressed': 'suppressed',
  'subscriber.preferences': 'preferences changed',
  'subscriber.reason': 'said why they left',
  'subscriber.address-asked': 'asked for a new address',
  'subscriber.address-changed': 'address changed',
  'subscriber.address-restored': 'old address restored',
  'subscriber.links-ended': 'disabled old links',
  'suppression.added': 'suppression added',
  'suppression.lifted': 'suppression lifted',
  'delivery.bounced': 'digest bounced',
  'delivery.complained': 'reported a digest as spam',
  'delivery.soft-bounced': 'digest bounced for now',
}

export function EventTable({ rows }: { readonly rows: readonly SubscriberEvent[] }) {
  if (rows.length === 0) return <p className="sheet empty">No events yet.</p>
  return (
    <Table name="Events" columns={['When', 'Event', 'Details']}>
      {rows.map(({ id, at, kind, data }) => (
        <tr key={id}>
          <td>
            <Moment at={at} />
          </td>
          <td>{EVENTS[kind] ?? kind}</td>
          <td>{detailsOf(kind, data)}</td>
        </tr>
      ))}
    </Table>
  )
}

/** Returns the reason of an event, and the old and new values of changed preferences. */
function detailsOf(kind: string, data: SubscriberEvent['data']): string {
  const why = data.why ?? data.reason ?? data.verdict
  const until = typeof data.until === 'string' ? `until ${data.until}` : null
  const changes =
    kind === 'subscriber.preferences'
      ? Object.entries(data).flatMap(([name, change]) => changeWords(name, change) ?? [])
      : []
  const by = data.by === 'operator' ? 'by an operator' : null
  return [...changes, until, typeof why === 'string' ? why : null, by].filter((each) => each !== null).join(' · ')
}

function changeWords(name: string, change: unknown): string | null {
  if (typeof change !== 'object' || change === null || !('from' in change) || !('to' in change)) return null
  const words = (value: unknown) => (Array.isArray(value) ? value.join(', ') || 'none' : String(value))
  return `${name}: ${words(change.from)} → ${words(change.to)}`
}
