import type { FastifyInstance } from 'fastify'
import { SUBSCRIBERS_PAGE_ROWS } from '../../../../config/limits-web.ts'
import { checkAddress } from '../../../domain/subscriber.ts'
import type { AdminContext } from '../../../ledger/operators/audit.ts'
import type { OperatorNote } from '../../../ledger/schema/operator-tables.ts'
import type { Suppression, SuppressionListing } from '../../../ledger/subscribers/suppressions.ts'
import type { Site } from '../../layout/page.ts'
import { Table } from '../../layout/table.tsx'
import type { AdminDeps } from '../deps.ts'
import { HiddenFields, Moment, sendAdminPage } from '../layout/admin-page.tsx'
import { reasonOf } from '../layout/forms.ts'
import { actorOf, field, operatorOf, redirectWithNote } from '../login/guard.ts'

/** Adds `/admin/suppressions`: addresses that are never mailed. Most are known only by a keyed hash. */
export function addSuppressionPages(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  admin.get<{ Querystring: { after?: string } }>('/suppressions', async (request, reply) => {
    const suppressions = await deps.ledger.subscribers.listSuppressions(
      SUBSCRIBERS_PAGE_ROWS,
      parseCursor(request.query.after),
    )
    return sendAdminPage(
      request,
      reply,
      { site, deps },
      {
        title: 'Suppressions',
        section: 'suppressions',
        content: <SuppressionsPage suppressions={suppressions} csrf={operatorOf(request).csrf} />,
      },
    )
  })
  for (const kind of ['add', 'lift'] as const) {
    admin.post(`/suppressions/${kind}`, async (request, reply) => {
      const reason = reasonOf(field(request, 'reason'))
      const address = checkAddress(field(request, 'email'))
      const note: OperatorNote = !reason.ok
        ? { kind: 'bad', words: reason.fault }
        : !address.ok
          ? { kind: 'bad', words: `Nothing was changed: ${address.reason}.` }
          : await change(kind, deps.tokens.hashAddress(address.key), {
              deps,
              action: { actor: actorOf(request), reason: reason.reason, at: site.clock() },
            })
      return redirectWithNote(request, reply, deps, '/admin/suppressions', note)
    })
  }
}

/** Parses the end of the previous page: a time in milliseconds and a hash. */
function parseCursor(text: string | undefined): SuppressionListing | null {
  const found = /^(\d{1,15})-([0-9a-f]{64})$/.exec(text ?? '')
  return found === null ? null : { since: new Date(Number(found[1])), hash: found[2] ?? '' }
}

async function change(
  kind: 'add' | 'lift',
  hash: string,
  { deps, action }: { readonly deps: AdminDeps; readonly action: AdminContext },
): Promise<OperatorNote> {
  if (kind === 'add')
    return (await deps.ledger.subscribers.addSuppression(hash, action))
      ? { kind: 'good', words: 'Address suppressed. It will not be mailed again.' }
      : { kind: 'bad', words: 'An operator has already suppressed this address.' }
  return (await deps.ledger.subscribers.liftSuppression(hash, action))
    ? { kind: 'good', words: 'Suppression lifted. The subscriber must opt in again before anything is sent.' }
    : { kind: 'bad', words: 'This address is not suppressed. Another operator may have lifted it already.' }
}

function SuppressionsPage({
  suppressions,
  csrf,
}: {
  readonly suppressions: readonly Suppression[]
  readonly csrf: string
}) {
  const last = suppressions.length < SUBSCRIBERS_PAGE_ROWS ? undefined : suppressions.at(-1)
  return (
    <>
      <h1>Suppressions</h1>
      <p className="lead">
        Addresses that are never mailed: hard bounces, complaints, erasures, and those you add. They are stored as keyed
        hashes, so an address is shown only while its subscriber is on the list.
      </p>
      <div className="columns">
        <AddressForm csrf={csrf} kind="add" label="Suppress address" />
        <AddressForm csrf={csrf} kind="lift" label="Lift suppression" />
      </div>
      <h2>Newest first</h2>
      {suppressions.length === 0 ? (
        <p className="sheet empty">No address is suppressed.</p>
      ) : (
        <SuppressionTable suppressions={suppressions} />
      )}
      {last === undefined ? null : <a href={`/admin/suppressions?after=${last.since.getTime()}-${last.hash}`}>Older</a>}
    </>
  )
}

function SuppressionTable({ suppressions }: { readonly suppressions: readonly Suppression[] }) {
  return (
    <Table name="Suppressed addresses" columns={['Hash', 'Subscriber', 'Reason', 'Since']}>
      {suppressions.map((each) => (
        <tr key={each.hash}>
          <td>
            <code>{each.hash.slice(0, 12)}</code>
          </td>
          <td className="address">
            {each.subscriberId === null ? (
              <span className="soft">not on the list</span>
            ) : (
              <a href={`/admin/readers/${each.subscriberId}`}>{each.email}</a>
            )}
          </td>
          <td>
            {each.reason}
            {each.note === null ? null : <div className="soft small">{each.note}</div>}
          </td>
          <td>
            <Moment at={each.since} />
          </td>
        </tr>
      ))}
    </Table>
  )
}

function AddressForm({
  csrf,
  kind,
  label,
}: {
  readonly csrf: string
  readonly kind: 'add' | 'lift'
  readonly label: string
}) {
  return (
    <form method="post" action={`/admin/suppressions/${kind}`} className="panel stack">
      <h2>{label}</h2>
      <HiddenFields csrf={csrf} />
      <div className="field">
        <label htmlFor={`email-${kind}`}>Email address</label>
        <input id={`email-${kind}`} name="email" type="email" required autoComplete="off" />
      </div>
      <div className="field">
        <label htmlFor={`reason-${kind}`}>Reason</label>
        <input id={`reason-${kind}`} name="reason" type="text" required minLength={3} maxLength={500} />
      </div>
      <button type="submit" className={kind === 'add' ? 'danger' : 'quiet'}>
        {label}
      </button>
    </form>
  )
}
