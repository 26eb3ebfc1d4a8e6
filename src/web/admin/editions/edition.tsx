import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ADMIN_FORM_BYTES_MAX } from '../../../../config/limits-web.ts'
import { type Day, parseDay } from '../../../domain/day.ts'
import type { Edition } from '../../../domain/edition.ts'
import type { CanaryRule } from '../../../ledger/editions/edit-edition.ts'
import type { SendStatus } from '../../../ledger/reports/send-status.ts'
import type { SendState } from '../../../pipeline/state/send-state.ts'
import { sendErrorPage } from '../../layout/errors.tsx'
import type { Site } from '../../layout/page.ts'
import { withFrames } from '../../requests/policy.ts'
import { AuditEntries } from '../audit/entries.tsx'
import type { AdminDeps } from '../deps.ts'
import { sendAdminPage } from '../layout/admin-page.tsx'
import { numberIn } from '../layout/forms.ts'
import { actorOf, field, operatorOf, redirectWithNote } from '../login/guard.ts'
import { mayRequest } from '../login/roles.ts'
import { SendActions, SendStateTag } from '../todays-send.tsx'
import { CanaryForm, PaperEditor, PaperList } from './edition-forms.tsx'
import { type ApprovalFacts, ApprovalSection, awaitsApproval } from './look/approval.tsx'
import { lookAt } from './look/look-at.ts'
import { lookPath, readLookQuery } from './look/look-query.ts'
import { type LookedAt, LookSection } from './look/look-section.tsx'
import { type ArrangementInput, rearrange } from './rearrange.ts'
import { noteOf } from './steering.tsx'

type DayRequest = { Params: { day: string }; Querystring: Record<string, unknown> }

/** Adds the page of one edition: its papers, which can be edited until it is sent, its canary and its history. */
export function addEditionPages(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  admin.get<DayRequest>('/editions/:day', async (request, reply) => {
    const seen = await readEditionView(request.params.day, site, deps)
    if (seen === null) return sendErrorPage(reply, site, 404)
    const look = await lookAt(request, seen.edition.day, deps)
    if (look.kind === 'found')
      return reply.redirect(`${lookPath(seen.edition.day, readLookQuery({ ...request.query, as: look.id }))}#look`, 303)
    reply.header('content-security-policy', withFrames(String(reply.getHeader('content-security-policy'))))
    return sendAdminPage(request, reply, { site, deps }, await pageOf(request, deps, { ...seen, look: look.shown }))
  })
  admin.post<DayRequest>('/editions/:day', { bodyLimit: ADMIN_FORM_BYTES_MAX }, async (request, reply) => {
    const seen = await readEditionView(request.params.day, site, deps)
    if (seen === null) return sendErrorPage(reply, site, 404)
    const { day, revision } = seen.edition
    const to = `/admin/editions/${day}`
    const edit = { day, actor: actorOf(request), at: site.clock() }
    // In another revision the same ranks name other papers, so the form is not used.
    if (Number(field(request, 'revision')) !== revision || !isOpen(seen.edition))
      return redirectWithNote(
        request,
        reply,
        deps,
        to,
        noteOf({ kind: 'late', by: await deps.ledger.operators.readLastAction(day) }, ''),
      )
    const arrangements = readArrangements(request, seen.edition)
    const rearranged = rearrange(seen.edition.entries, arrangements)
    if (rearranged.kind === 'unchanged')
      return redirectWithNote(request, reply, deps, to, {
        kind: 'bad',
        words: 'Nothing was changed: no paper was moved, pinned or dropped.',
      })
    if (rearranged.kind === 'faults') {
      const page = await pageOf(request, deps, seen, { arrangements, faults: rearranged.faults })
      return sendAdminPage(request, reply, { site, deps }, page, 422)
    }
    const result = await deps.ledger.editions.reviseEdition(edit, { seen: revision, ...rearranged })
    return redirectWithNote(request, reply, deps, to, noteOf(result, `Saved as revision ${revision + 1}.`))
  })
  admin.post<DayRequest>('/editions/:day/canary', async (request, reply) => {
    const day = parseDay(request.params.day)
    if (day === null) return sendErrorPage(reply, site, 404)
    const rule = ruleOf(request)
    const to = `/admin/editions/${day}`
    if (rule === null)
      return redirectWithNote(request, reply, deps, to, {
        kind: 'bad',
        words: 'The canary takes 0–50 % of the subscribers, a wait of 0–1440 min, and limits of 0–100 %.',
      })
    const result = await deps.ledger.editions.setCanary({ day, actor: actorOf(request), at: site.clock() }, rule)
    return redirectWithNote(
      request,
      reply,
      deps,
      to,
      noteOf(
        result,
        rule.percent === 0
          ? 'Canary off: everyone gets the edition at once.'
          : `Canary saved: ${rule.percent} % of the subscribers get the edition first.`,
      ),
    )
  })
}

interface EditionView {
  readonly edition: Edition
  readonly state: SendState
  readonly status: SendStatus
  /** Left out where a form is shown again. */
  readonly look?: LookedAt
}

async function readEditionView(text: string, site: Site, deps: AdminDeps): Promise<EditionView | null> {
  const day: Day | null = parseDay(text)
  if (day === null) return null
  const [edition, { status, state }] = await Promise.all([
    deps.ledger.editions.readEdition(day),
    deps.ledger.reports.readSend({ ...deps.sendingRules, day, at: site.clock() }),
  ])
  return edition === null || status === null ? null : { edition, status, state }
}

function isOpen(edition: Edition): boolean {
  return edition.dispatchedAt === null && edition.state === 'published'
}

async function pageOf(
  request: FastifyRequest,
  deps: AdminDeps,
  { edition, status, state, look }: EditionView,
  typed: {
    readonly arrangements: readonly ArrangementInput[]
    readonly faults: ReadonlyMap<string, string>
  } | null = null,
) {
  const { csrf, role } = operatorOf(request)
  const mayEdit = mayRequest(role, 'POST', `/admin/editions/${edition.day}`)
  const facts = look !== undefined && awaitsApproval(status) ? await readFacts(edition, status, deps) : null
  const actions = await deps.ledger.operators.readActions({ day: edition.day, limit: 20 })
  return {
    title: `Edition of ${edition.day}`,
    section: 'editions',
    content: (
      <>
        <h1>Edition of {edition.day}</h1>
        <SendStateTag state={state} at={status.at} />
        <p className="soft">
          Revision {edition.revision}, {edition.entries.length} papers.{' '}
          <a href={`/admin?day=${edition.day}`}>View its send</a>
        </p>
        {edition.incomplete === null ? null : <p className="message bad">{edition.incomplete}</p>}
        <SendActions status={status} csrf={csrf} />
        {facts === null ? null : <ApprovalSection status={status} facts={facts} csrf={csrf} />}
        {look === undefined || edition.entries.length === 0 ? null : (
          <LookSection day={edition.day} shown={look} csrf={csrf} />
        )}
        {isOpen(edition) && mayEdit ? (
          <>
            <CanaryForm status={status} csrf={csrf} />
            <PaperEditor edition={edition} csrf={csrf} typed={typed} />
          </>
        ) : (
          <PaperList edition={edition} isOpen={isOpen(edition)} />
        )}
        <h2>History</h2>
        <AuditEntries actions={actions} />
      </>
    ),
  } as const
}

async function readFacts(edition: Edition, status: SendStatus, deps: AdminDeps): Promise<ApprovalFacts> {
  const { revision, canaryPercent } = status
  const [report, forecast] = await Promise.all([
    deps.look.checks.check(edition),
    deps.look.forecast(edition.day, { revision, canaryPercent }),
  ])
  return { report, forecast, allowance: deps.warmUpAllowance() }
}

function readArrangements(request: FastifyRequest, edition: Edition): ArrangementInput[] {
  return edition.entries.map(({ rank, paper }) => ({
    paperId: paper.id,
    place: Number(field(request, `place.${rank}`)),
    pin: field(request, `pin.${rank}`) !== '',
    drop: field(request, `drop.${rank}`) !== '',
    reason: field(request, `reason.${rank}`),
  }))
}

function ruleOf(request: FastifyRequest): CanaryRule | null {
  const share = numberIn(request, 'percent', 0, 50)
  const minutes = numberIn(request, 'minutes', 0, 1_440)
  const bouncePercentMax = numberIn(request, 'bounces', 0, 100)
  const complaintPercentMax = numberIn(request, 'complaints', 0, 100)
  if (share === null || minutes === null || bouncePercentMax === null || complaintPercentMax === null) return null
  return { percent: Math.round(share), minutes: Math.round(minutes), bouncePercentMax, complaintPercentMax }
}
