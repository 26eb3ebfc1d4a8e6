import type { FastifyInstance } from 'fastify'
import { SUBSCRIBERS_PAGE_ROWS } from '../../../../config/limits-web.ts'
import { checkAddress } from '../../../domain/subscriber.ts'
import type { AdminContext } from '../../../ledger/operators/audit.ts'
import type { OperatorNote } from '../../../ledger/schema/operator-tables.ts'
import type { Suppression, SuppressionListing } from '../../../ledger/subscribers/suppressions.ts'
import type { Site } from '../../layout/page.ts'
import { Table } from '../../layout/table.tsx'
import type { AdminDeps } from '../deps.ts'
import { Hidden, Moment, sendAdminPage } from '../layout/admin-page.tsx'
import { reasonOf } from '../layout/forms.ts'
import { actorOf, field, goOn, operatorOf } from '../login/guard.ts'

/** `/admin/suppressions`: addresses that are never mailed, most of them known by a keyed hash only. */
export function addSuppressionPages(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  admin.get<{ Querystring: { after?: string } }>('/suppressions', async (request, reply) => {
    const suppressions = await deps.ledger.subscribers.listSuppressions(
      SUBSCRIBERS_PAGE_ROWS,
      markOf(request.query.after),
    )
    return sendAdminPage(
      request,
      reply,
      { site, deps },
      {
        title: 'Suppressions',
        room: 'suppressions',
        content: <SuppressionsPage suppressions={suppressions} csrf={operatorOf(request).csrf} />,
      },
    )
  })
  for (const act of ['add', 'lift'] as const) {
    admin.post(`/suppressions/${act}`, async (request, reply) => {
      const reason = reasonOf(field(request, 'reason'))
      const address = checkAddress(field(request, 'email'))
      const note: OperatorNote = !reason.ok
        ? { kind: 'bad', words: reason.fault }
        : !address.ok
          ? { kind: 'bad', words: `Nothing was changed: ${address.reason}.` }
          : await change(act, deps.tokens.hashAddress(address.key), {
              deps,
              action: { actor: actorOf(request), reason: reason.reason, at: site.clock() },
            })
      return goOn(request, reply, deps, '/admin/suppressions', note)
    })
  }
}

/** Where the page before ended: a moment in milliseconds and a hash. */
function markOf(text: string | undefined): SuppressionListing | null {
  const found = /^(\d{1,15})-([0-9a-f]{64})$/.exec(text ?? '')
  return found === null ? null : { since: new Date(Number(found[1])), hash: found[2] ?? '' }
}

async function change(
  act: 'add' | 'lift',
  hash: string,
  { deps, action }: { readonly deps: AdminDeps; readonly action: AdminContext },
): Promise<OperatorNote> {
  if (act === 'add')
    return (await deps.ledger.subscribers.addSuppression(hash, action))
      ? { kind: 'good', words: 'The address is suppressed: it is not mailed again.' }
      : { kind: 'bad', words: 'An operator has suppressed it already.' }
  return (await deps.ledger.subscribers.liftSuppression(hash, action))
    ? { kind: 'good', words: 'The suppression is lifted. The reader has to opt in again before anything is sent.' }
    : { kind: 'bad', words: 'This address is not suppressed, or another has lifted it already.' }
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
        Addresses that are never mailed: hard bounces, complaints, erasures, and those you add. They are kept as keyed
        hashes, so an address is named only while its reader is on the list.
      </p>
      <div className="columns">
        <AddressForm csrf={csrf} act="add" label="Suppress an address" />
        <AddressForm csrf={csrf} act="lift" label="Lift a suppression" />
      </div>
      <h2>Newest</h2>
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
    <Table name="Suppressed addresses" columns={['Hash', 'Reader', 'Reason', 'Since']}>
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
  act,
  label,
}: {
  readonly csrf: string
  readonly act: 'add' | 'lift'
  readonly label: string
}) {
  return (
    <form method="post" action={`/admin/suppressions/${act}`} className="panel stack">
      <h2>{label}</h2>
      <Hidden csrf={csrf} />
      <div className="field">
        <label htmlFor={`email-${act}`}>Address</label>
        <input id={`email-${act}`} name="email" type="email" required autoComplete="off" />
      </div>
      <div className="field">
        <label htmlFor={`reason-${act}`}>Reason</label>
        <input id={`reason-${act}`} name="reason" type="text" required minLength={3} maxLength={500} />
      </div>
      <button type="submit" className={act === 'add' ? 'danger' : 'quiet'}>
        {label}
      </button>
    </form>
  )
}
