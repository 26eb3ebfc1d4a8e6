import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Day, parseDay } from '../../../domain/day.ts'
import { SENDING_STATES, type SendingState } from '../../../domain/edition.ts'
import type { RequeueResult } from '../../../ledger/deliveries/requeue.ts'
import type { EditOptions, EditResult } from '../../../ledger/editions/edit-edition.ts'
import type { RecordedAction } from '../../../ledger/operators/audit.ts'
import type { DeliveryCursor } from '../../../ledger/reports/delivery-list.ts'
import type { OperatorNote } from '../../../ledger/schema/operator-tables.ts'
import { sendErrorPage } from '../../layout/errors.tsx'
import type { Site } from '../../layout/page.ts'
import { wordsOf } from '../audit/words.ts'
import { deliveryOf } from '../deliveries/deliveries.tsx'
import type { AdminDeps } from '../deps.ts'
import { ActionForm, sendAdminPage } from '../layout/admin-page.tsx'
import { grouped } from '../layout/figures.ts'
import { actorOf, field, operatorOf, redirectWithNote } from '../login/guard.ts'

const STATE_CHANGES = [
  ['/pause', 'paused', 'Paused. Sends in progress finish, and no new ones start.'],
  ['/resume', 'running', 'Resumed. Paused transports are tried again too.'],
  ['/cancel', 'cancelled', 'Cancelled. Digests that were not sent are skipped.'],
] as const

type Handler = (edit: EditOptions, request: FastifyRequest) => Promise<OperatorNote>

/** Each button that sends deliveries again, with the state that lists them and the function that queues them. */
const AGAIN = [
  ['/retry-refused', 'refused', 'rejected', 'requeueRefusedOfDay'],
  ['/uncertain-resend', 'uncertain', 'unconfirmed', 'resendUncertain'],
] as const

/** Adds the actions of the dashboard. Each is a guarded update, and the second of two operators sees who was first. */
export function addSteering(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  const post = (path: string, handler: Handler) =>
    admin.post(path, async (request, reply) => {
      const day = parseDay(field(request, 'day'))
      if (day === null) return sendErrorPage(reply, site, 400, 'The day is missing or invalid.')
      const note = await handler({ day, actor: actorOf(request), at: site.clock() }, request)
      return redirectWithNote(request, reply, deps, `/admin?day=${day}`, note)
    })
  for (const [path, to, words] of STATE_CHANGES) {
    post(path, async (edit, request) => {
      const from = field(request, 'seen') as SendingState
      if (!SENDING_STATES.includes(from)) return { kind: 'bad', words: 'The form was incomplete. Please try again.' }
      const result = await deps.ledger.editions.steerEdition(edit, { from, to })
      if (result.kind === 'done' && to !== 'paused') await deps.wake()
      return noteOf(result, words)
    })
  }
  post('/open-transports', async (edit) => {
    const opened = await deps.ledger.deliveries.resumeTransports(edit)
    if (opened === 0) return { kind: 'bad', words: 'No transport is paused any more.' }
    await deps.wake()
    return { kind: 'good', words: 'Paused transports are tried again now.' }
  })
  for (const [path, state, which, name] of AGAIN) {
    admin.post(path, async (request, reply) => {
      const day = parseDay(field(request, 'day'))
      const only = oneOf(field(request, 'subscriber'), field(request, 'period'))
      // A faulty form must not mean all deliveries.
      if (day === null || only === null) return sendErrorPage(reply, site, 400, 'The form was incomplete.')
      const edit = { day, actor: actorOf(request), at: site.clock(), ...deps, ...(only === 'all' ? {} : { only }) }
      const note = await queued(await deps.ledger.deliveries[name](edit), deps, which)
      const back = only === 'all' ? `/admin?day=${day}` : `/admin/deliveries?day=${day}&state=${state}`
      return redirectWithNote(request, reply, deps, back, note)
    })
  }
  post('/uncertain-sent', async (edit) => {
    const count = await deps.ledger.deliveries.markUncertainSent(edit)
    return count === 0
      ? { kind: 'bad', words: 'No delivery is unconfirmed any more: another operator has already resolved them.' }
      : { kind: 'good', words: `Marked as sent: ${countOf(count, 'unconfirmed')}.` }
  })
  addConfirmations(admin, site, deps)
}

/** Returns the note for a change, or says who changed the edition first. */
export function noteOf(result: EditResult, words: string): OperatorNote {
  if (result.kind === 'done') return { kind: 'good', words }
  return {
    kind: 'bad',
    words: `Nothing was changed, because the edition has changed since you opened the page.${lastOf(result.by)}`,
  }
}

function lastOf(by: RecordedAction | null): string {
  if (by === null) return ''
  return ` Last change: ${by.who} ${wordsOf(by)} at ${by.at.toISOString().slice(11, 16)} UTC.`
}

async function queued(
  { count, parcelIds }: RequeueResult,
  deps: AdminDeps,
  which: 'rejected' | 'unconfirmed',
): Promise<OperatorNote> {
  if (count === 0)
    return {
      kind: 'bad',
      words: `Nothing to send again: another operator has already done it, or the ${which} deliveries may no longer be sent.`,
    }
  await deps.addSendJobs(parcelIds)
  return { kind: 'good', words: `Queued again: ${countOf(count, which)}.` }
}

/** Returns the delivery that a form names, `all` if it names none, or null if what it names is not one. */
function oneOf(subscriber: string, period: string): DeliveryCursor | 'all' | null {
  return subscriber === '' && period === '' ? 'all' : deliveryOf(subscriber, period)
}

/** "1 rejected delivery", "3 rejected deliveries". */
function countOf(count: number, which: 'rejected' | 'unconfirmed'): string {
  return `${grouped(count)} ${which} ${count === 1 ? 'delivery' : 'deliveries'}`
}

interface ConfirmQuery {
  readonly day?: string
  /** The subscriber and period of one delivery; without them: all of the day. */
  readonly subscriber?: string
  readonly period?: string
}

/** Adds confirmation pages for the actions that cannot be undone. */
function addConfirmations(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  const sendConfirmation = async (
    request: FastifyRequest<{ Querystring: ConfirmQuery }>,
    reply: FastifyReply,
    which: 'cancel' | 'resend',
  ) => {
    const day = parseDay(request.query.day ?? '')
    const status = day === null ? null : await deps.ledger.reports.readSendStatus(day, site.clock())
    const { subscriber = '', period = '' } = request.query
    const only = oneOf(subscriber, period)
    if (day === null || status === null || only === null) return sendErrorPage(reply, site, 404)
    const fields = { day, seen: status.sending, ...(only === 'all' ? {} : { subscriber, period }) }
    const count = only !== 'all' ? 1 : which === 'cancel' ? status.counts.queued : status.counts.uncertain
    return sendAdminPage(
      request,
      reply,
      { site, deps },
      {
        title: CONFIRMATIONS[which].title,
        section: 'today',
        content: (
          <Confirmation
            day={day}
            {...CONFIRMATIONS[which]}
            count={count}
            back={only === 'all' ? `/admin?day=${day}` : `/admin/deliveries?day=${day}&state=uncertain`}
            of={only === 'all' ? '' : `, subscriber ${subscriber}`}
            csrf={operatorOf(request).csrf}
            fields={fields}
          />
        ),
      },
    )
  }
  admin.get<{ Querystring: ConfirmQuery }>('/confirm/cancel', (request, reply) =>
    sendConfirmation(request, reply, 'cancel'),
  )
  admin.get<{ Querystring: ConfirmQuery }>('/confirm/resend', (request, reply) =>
    sendConfirmation(request, reply, 'resend'),
  )
}

const CONFIRMATIONS = {
  cancel: {
    title: 'Cancel the edition?',
    noun: 'queued digest',
    words:
      'will be skipped, and no one else will get this edition. You cannot undo this. To stop for a while, pause it instead.',
    to: '/admin/cancel',
    label: 'Cancel edition',
  },
  resend: {
    title: 'Resend unconfirmed digests?',
    noun: 'digest',
    words:
      'may or may not have arrived, because the provider’s answer was lost. Subscribers who already have one get it twice. If in doubt, mark them as sent.',
    to: '/admin/uncertain-resend',
    label: 'Resend digests',
  },
} as const

function Confirmation(props: {
  readonly day: Day
  readonly title: string
  readonly words: string
  readonly to: string
  readonly label: string
  readonly noun: string
  readonly count: number
  /** Names the subscriber, if the question is about one. */
  readonly of: string
  readonly back: string
  readonly csrf: string
  readonly fields: Readonly<Record<string, string>>
}) {
  return (
    <section>
      <h1>{props.title}</h1>
      <p className="lead">
        Edition of {props.day}
        {props.of}: {grouped(props.count)} {props.count === 1 ? props.noun : `${props.noun}s`} {props.words}
      </p>
      <div className="actions">
        <ActionForm to={props.to} csrf={props.csrf} fields={props.fields} label={props.label} look="danger" />
        <a className="button quiet" href={props.back}>
          Back
        </a>
      </div>
    </section>
  )
}
