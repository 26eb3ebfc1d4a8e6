import type { FastifyInstance } from 'fastify'
import { type Deed, type KeptAct, readActs, recordAct } from '../../ledger/audit.ts'
import { moveReader, type RollEntry, readRollEntry } from '../../ledger/roll.ts'
import { type ReaderHistory, readHistory } from '../../ledger/status.ts'
import { eraseSubscriber } from '../../ledger/subscribers.ts'
import { addSuppression } from '../../ledger/suppressions.ts'
import type { OperatorNote } from '../../ledger/tables.ts'
import { NEXT_SUBSCRIBER, SUBSCRIBER_STATES } from '../../subscriber.ts'
import { sendTrouble } from '../errors.tsx'
import type { Site } from '../site.ts'
import { Hidden, Moment, Sheet, sendDesk } from './desk.tsx'
import { idOf, reasonOf } from './forms.ts'
import { actorOf, field, goOn, operatorOf } from './guard.ts'
import type { AdminParts } from './parts.ts'
import { StateTag } from './readers.tsx'
import { Acts } from './record.tsx'

const HISTORY_ROWS = 60
type IdRequest = { Params: { id: string } }

/** `/admin/readers/:id`: one reader, with what was sent and done, and the ways to let them go. */
export function addReaderPages(admin: FastifyInstance, site: Site, parts: AdminParts): void {
  admin.get<IdRequest>('/readers/:id', async (request, reply) => {
    const id = idOf(request.params.id)
    const record = id === null ? null : await readRollEntry(parts.db, id)
    if (id === null || record === null) return sendTrouble(reply, site, 404)
    const [history, acts] = await Promise.all([
      readHistory(parts.db, id, HISTORY_ROWS),
      readActs(parts.db, { subscriberId: id, limit: 20 }),
    ])
    return sendDesk(
      request,
      reply,
      { site, parts },
      {
        title: 'Reader',
        room: 'readers',
        content: <ReaderPage record={record} history={history} acts={acts} csrf={operatorOf(request).csrf} />,
      },
    )
  })
  const acts = ['unsubscribe', 'suppress', 'erase'] as const
  for (const act of acts) {
    admin.post<IdRequest>(`/readers/:id/${act}`, async (request, reply) => {
      const id = idOf(request.params.id)
      if (id === null) return sendTrouble(reply, site, 404)
      const reason = reasonOf(field(request, 'reason'))
      const to = act === 'erase' ? '/admin/readers' : `/admin/readers/${id}`
      if (!reason.ok) return goOn(request, reply, parts, `/admin/readers/${id}`, { kind: 'bad', words: reason.fault })
      const deed = { actor: actorOf(request), reason: reason.reason, at: site.clock() }
      const note = await DEEDS[act](parts, id, deed, field(request, 'seen'))
      return goOn(request, reply, parts, to, note)
    })
  }
}

type Doing = (parts: AdminParts, id: string, deed: Deed, seen: string) => Promise<OperatorNote>

const LATE: OperatorNote = {
  kind: 'bad',
  words: 'Nothing was changed: it was done already by another, or by the reader.',
}

const DEEDS: Readonly<Record<'unsubscribe' | 'suppress' | 'erase', Doing>> = {
  unsubscribe: async ({ db }, id, deed, seen) => {
    const from = SUBSCRIBER_STATES.find((state) => state === seen) ?? 'active'
    const moved = await moveReader(db, id, { from, to: 'unsubscribed' }, deed)
    return moved ? { kind: 'good', words: 'The reader is unsubscribed.' } : LATE
  },
  suppress: async ({ db }, id, deed) => {
    const record = await readRollEntry(db, id)
    const done = record !== null && (await addSuppression(db, record.addressHash, deed))
    return done ? { kind: 'good', words: 'The address is suppressed: it is not mailed again.' } : LATE
  },
  erase: async ({ db }, id, { actor, reason, at }) => {
    if (!(await eraseSubscriber(db, id, at))) return LATE
    await recordAct(db, actor, { action: 'subscriber.erased', subscriberId: id, reason }, at)
    return {
      kind: 'good',
      words: `Reader ${id} is erased. A keyed hash of the address is kept, so that it is not mailed again by mistake.`,
    }
  },
}

function ReaderPage({
  record: { subscriber, consent },
  history,
  acts,
  csrf,
}: {
  readonly record: RollEntry
  readonly history: readonly ReaderHistory[]
  readonly acts: readonly KeptAct[]
  readonly csrf: string
}) {
  const forms = [
    ...(NEXT_SUBSCRIBER[subscriber.state].includes('unsubscribed') && subscriber.state !== 'suppressed'
      ? [{ act: 'unsubscribe', label: 'Unsubscribe', look: 'quiet' }]
      : []),
    ...(subscriber.state === 'suppressed' ? [] : [{ act: 'suppress', label: 'Suppress the address', look: 'danger' }]),
    { act: 'erase', label: 'Erase for good', look: 'danger' },
  ]
  return (
    <>
      <h1>{subscriber.email}</h1>
      <p className="state">
        <StateTag state={subscriber.state} /> <span className="soft">reader {subscriber.id}</span>
      </p>
      <dl className="facts">
        <dt>Digest</dt>
        <dd>
          {subscriber.frequency}, from {subscriber.hour}:00 {subscriber.timezone}, {subscriber.length} papers with
          abstract
        </dd>
        <dt>Interests</dt>
        <dd>{subscriber.interests.join(', ') || 'none'}</dd>
        <dt>Muted</dt>
        <dd>{subscriber.muted.join(', ') || 'nothing'}</dd>
        <dt>Since</dt>
        <dd>
          <Moment at={subscriber.createdAt} />, confirmed <Moment at={subscriber.confirmedAt} />
        </dd>
        <dt>Consent</dt>
        <dd>
          {consent === null ? 'nothing is known' : `${consent.note} (by the ${consent.by}, ${consent.at.slice(0, 10)})`}
        </dd>
      </dl>
      <h2>Deliveries</h2>
      <History history={history} />
      <h2>Let them go</h2>
      <div className="columns">
        {forms.map(({ act, label, look }) => (
          <form key={act} method="post" action={`/admin/readers/${subscriber.id}/${act}`} className="panel stack">
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
      <h2>What was done</h2>
      <Acts acts={acts} />
    </>
  )
}

function History({ history }: { readonly history: readonly ReaderHistory[] }) {
  if (history.length === 0) return <p className="sheet empty">Nothing was sent yet.</p>
  return (
    <Sheet name="Deliveries">
      <table>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">Period</th>
            <th scope="col">State</th>
            <th scope="col" className="number">
              Papers
            </th>
            <th scope="col">Settled</th>
          </tr>
        </thead>
        <tbody>
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
        </tbody>
      </table>
    </Sheet>
  )
}
