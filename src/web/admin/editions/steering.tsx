import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Day, parseDay } from '../../../domain/day.ts'
import { SENDING_STATES, type SendingState } from '../../../domain/edition.ts'
import type { RequeueResult } from '../../../ledger/deliveries/requeue.ts'
import type { EditOptions, EditResult } from '../../../ledger/editions/edit-edition.ts'
import type { RecordedAction } from '../../../ledger/operators/audit.ts'
import type { OperatorNote } from '../../../ledger/schema/operator-tables.ts'
import { sendErrorPage } from '../../layout/errors.tsx'
import type { Site } from '../../layout/page.ts'
import type { AdminDeps } from '../deps.ts'
import { ActionForm, sendAdminPage } from '../layout/admin-page.tsx'
import { grouped } from '../layout/figures.ts'
import { actorOf, field, goOn, operatorOf } from '../login/guard.ts'

const MOVES = [
  ['/pause', 'paused', 'It is paused: what is on the wire finishes, nothing new starts.'],
  ['/resume', 'running', 'It goes on, and transports that were held are open again.'],
  ['/cancel', 'cancelled', 'It is cancelled for good: what was not sent is skipped.'],
] as const

type Handler = (edit: EditOptions, request: FastifyRequest) => Promise<OperatorNote>

/** The buttons of the dashboard. Each is a guarded update: of two operators, the second learns who was first. */
export function addSteering(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  const post = (path: string, handler: Handler) =>
    admin.post(path, async (request, reply) => {
      const day = parseDay(field(request, 'day'))
      if (day === null) return sendErrorPage(reply, site, 400, 'Which day?')
      const note = await handler({ day, actor: actorOf(request), at: site.clock() }, request)
      return goOn(request, reply, deps, `/admin?day=${day}`, note)
    })
  for (const [path, to, words] of MOVES) {
    post(path, async (edit, request) => {
      const from = field(request, 'seen') as SendingState
      if (!SENDING_STATES.includes(from)) return { kind: 'bad', words: 'The form was not whole. Please try again.' }
      const result = await deps.ledger.editions.steerEdition(edit, { from, to })
      if (result.kind === 'done' && to !== 'paused') await deps.wake()
      return noteOf(result, words)
    })
  }
  post('/approve', async (edit, request) => {
    const revision = Number(field(request, 'revision'))
    if (!Number.isSafeInteger(revision)) return { kind: 'bad', words: 'The form was not whole. Please try again.' }
    const result = await deps.ledger.editions.approveEdition(edit, revision)
    if (result.kind === 'done') await deps.wake()
    return noteOf(result, 'It is approved, and goes out as its readers are due.')
  })
  post('/open-transports', async (edit) => {
    const opened = await deps.ledger.deliveries.resumeTransports(edit)
    if (opened === 0) return { kind: 'bad', words: 'No transport is paused any more.' }
    await deps.wake()
    return { kind: 'good', words: 'Paused transports are tried again now.' }
  })
  post('/retry-refused', async (edit) =>
    queued(await deps.ledger.deliveries.requeueRefusedOfDay({ ...edit, ...deps }), deps, 'refused'),
  )
  post('/uncertain-resend', async (edit) =>
    queued(await deps.ledger.deliveries.resendUncertain({ ...edit, ...deps }), deps, 'uncertain'),
  )
  post('/uncertain-sent', async (edit) => {
    const count = await deps.ledger.deliveries.markUncertainSent(edit)
    return count === 0
      ? { kind: 'bad', words: 'No delivery is uncertain any more: somebody else has resolved them already.' }
      : { kind: 'good', words: `${grouped(count)} that were uncertain are taken for sent.` }
  })
  addConfirmations(admin, site, deps)
}

/** Who was first, for the operator who came second. */
export function noteOf(result: EditResult, words: string): OperatorNote {
  if (result.kind === 'done') return { kind: 'good', words }
  return { kind: 'bad', words: `Nothing was changed: the edition is not as you saw it any more.${lastOf(result.by)}` }
}

function lastOf(by: RecordedAction | null): string {
  if (by === null) return ''
  return ` It was done already by another: ${by.action} by ${by.who} at ${by.at.toISOString().slice(11, 16)} UTC.`
}

async function queued(
  { count, parcelIds }: RequeueResult,
  deps: AdminDeps,
  which: 'refused' | 'uncertain',
): Promise<OperatorNote> {
  if (count === 0)
    return {
      kind: 'bad',
      words: `Nothing to send again: somebody else has done it already, or those who are ${which} may not be mailed any more.`,
    }
  await deps.addSendJobs(parcelIds)
  return { kind: 'good', words: `${grouped(count)} that were ${which} are queued again.` }
}

/** What cannot be taken back is asked twice, on a page that says what it means. */
function addConfirmations(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  const ask = async (
    request: FastifyRequest<{ Querystring: { day?: string } }>,
    reply: FastifyReply,
    which: 'cancel' | 'resend',
  ) => {
    const day = parseDay(request.query.day ?? '')
    const round = day === null ? null : await deps.ledger.reports.readSendStatus(day, site.clock())
    if (day === null || round === null) return sendErrorPage(reply, site, 404)
    const fields = { day, seen: round.sending }
    return sendAdminPage(
      request,
      reply,
      { site, deps },
      {
        title: which === 'cancel' ? 'Cancel the edition?' : 'Send the uncertain again?',
        room: 'round',
        content: (
          <Question
            day={day}
            {...QUESTIONS[which]}
            count={which === 'cancel' ? round.counts.queued : round.counts.uncertain}
            csrf={operatorOf(request).csrf}
            fields={fields}
          />
        ),
      },
    )
  }
  admin.get<{ Querystring: { day?: string } }>('/confirm/cancel', (request, reply) => ask(request, reply, 'cancel'))
  admin.get<{ Querystring: { day?: string } }>('/confirm/resend', (request, reply) => ask(request, reply, 'resend'))
}

const QUESTIONS = {
  cancel: {
    title: 'Cancel the edition?',
    words:
      'digests that wait are skipped, and nobody else gets this edition. This cannot be taken back. To stop for a while, pause it instead.',
    to: '/admin/cancel',
    label: 'Cancel it for good',
  },
  resend: {
    title: 'Send the uncertain again?',
    words:
      'digests may have come or not: the answer was lost. Whoever has one already gets a second. If in doubt, take them for sent.',
    to: '/admin/uncertain-resend',
    label: 'Send them again',
  },
} as const

function Question(props: {
  readonly day: Day
  readonly title: string
  readonly words: string
  readonly to: string
  readonly label: string
  readonly count: number
  readonly csrf: string
  readonly fields: Readonly<Record<string, string>>
}) {
  return (
    <section className="question">
      <h1>{props.title}</h1>
      <p className="lead">
        Edition of {props.day}: {grouped(props.count)} {props.words}
      </p>
      <div className="acts">
        <ActionForm to={props.to} csrf={props.csrf} fields={props.fields} label={props.label} look="danger" />
        <a className="button quiet" href={`/admin?day=${props.day}`}>
          Back
        </a>
      </div>
    </section>
  )
}
