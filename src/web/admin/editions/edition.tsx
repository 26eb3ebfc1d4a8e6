import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ADMIN_FORM_BYTES_MAX } from '../../../../config/limits-web.ts'
import { type Day, parseDay } from '../../../domain/day.ts'
import type { Edition } from '../../../domain/edition.ts'
import type { CanaryRule } from '../../../ledger/editions/edit-edition.ts'
import type { SendStatus } from '../../../ledger/reports/send-status.ts'
import { sendErrorPage } from '../../layout/errors.tsx'
import type { Site } from '../../layout/page.ts'

import { AuditEntries } from '../audit-log.tsx'
import type { AdminDeps } from '../deps.ts'
import { sendAdminPage } from '../layout/admin-page.tsx'
import { numberIn } from '../layout/forms.ts'
import { actorOf, field, goOn, operatorOf } from '../login/guard.ts'
import { SendActions, SendStateTag } from '../todays-send.tsx'
import { CanaryForm, PaperEditor, PaperList } from './edition-forms.tsx'
import { type ArrangementInput, rearrange } from './rearrange.ts'
import { noteOf } from './steering.tsx'

type DayRequest = { Params: { day: string } }

/** One edition: its papers to be edited before it goes out, its canary, and what was done with it. */
export function addEditionPages(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  admin.get<DayRequest>('/editions/:day', async (request, reply) => {
    const seen = await readSeen(request.params.day, site, deps)
    if (seen === null) return sendErrorPage(reply, site, 404)
    return sendAdminPage(request, reply, { site, deps }, await pageOf(request, deps, seen))
  })
  admin.post<DayRequest>('/editions/:day', { bodyLimit: ADMIN_FORM_BYTES_MAX }, async (request, reply) => {
    const seen = await readSeen(request.params.day, site, deps)
    if (seen === null) return sendErrorPage(reply, site, 404)
    const { day, revision } = seen.edition
    const to = `/admin/editions/${day}`
    const edit = { day, actor: actorOf(request), at: site.clock() }
    // Ranks of another revision mean other papers, so the wishes are not even read.
    if (Number(field(request, 'revision')) !== revision || !isOpen(seen.edition))
      return goOn(
        request,
        reply,
        deps,
        to,
        noteOf({ kind: 'late', by: await deps.ledger.operators.readLastAction(day) }, ''),
      )
    const wishes = wishesOf(request, seen.edition)
    const asked = rearrange(seen.edition.entries, wishes)
    if (asked.kind === 'unchanged')
      return goOn(request, reply, deps, to, {
        kind: 'bad',
        words: 'Nothing was changed: no paper was moved, pinned or dropped.',
      })
    if (asked.kind === 'faults') {
      const page = await pageOf(request, deps, seen, { wishes, faults: asked.faults })
      return sendAdminPage(request, reply, { site, deps }, page, 422)
    }
    const result = await deps.ledger.editions.reviseEdition(edit, { seen: revision, ...asked })
    return goOn(request, reply, deps, to, noteOf(result, `Saved as revision ${revision + 1}.`))
  })
  admin.post<DayRequest>('/editions/:day/canary', async (request, reply) => {
    const day = parseDay(request.params.day)
    if (day === null) return sendErrorPage(reply, site, 404)
    const rule = ruleOf(request)
    const to = `/admin/editions/${day}`
    if (rule === null)
      return goOn(request, reply, deps, to, {
        kind: 'bad',
        words: 'The canary needs 0–50 % of the readers, 0–1440 min and limits of 0–100 %.',
      })
    const result = await deps.ledger.editions.setCanary({ day, actor: actorOf(request), at: site.clock() }, rule)
    return goOn(
      request,
      reply,
      deps,
      to,
      noteOf(
        result,
        rule.percent === 0 ? 'It goes to everybody at once.' : `It goes to ${rule.percent} % of the readers first.`,
      ),
    )
  })
}

interface Seen {
  readonly edition: Edition
  readonly round: SendStatus
}

async function readSeen(text: string, site: Site, deps: AdminDeps): Promise<Seen | null> {
  const day: Day | null = parseDay(text)
  if (day === null) return null
  const [edition, round] = await Promise.all([
    deps.ledger.editions.readEdition(day),
    deps.ledger.reports.readSendStatus(day, site.clock()),
  ])
  return edition === null || round === null ? null : { edition, round }
}

function isOpen(edition: Edition): boolean {
  return edition.dispatchedAt === null && edition.state === 'published'
}

async function pageOf(
  request: FastifyRequest,
  deps: AdminDeps,
  { edition, round }: Seen,
  typed: { readonly wishes: readonly ArrangementInput[]; readonly faults: ReadonlyMap<string, string> } | null = null,
) {
  const { csrf } = operatorOf(request)
  const acts = await deps.ledger.operators.readActions({ day: edition.day, limit: 20 })
  return {
    title: `Edition of ${edition.day}`,
    room: 'editions',
    content: (
      <>
        <h1>Edition of {edition.day}</h1>
        <SendStateTag round={round} />
        <p className="soft">
          Revision {edition.revision}, {edition.entries.length} papers.{' '}
          <a href={`/admin?day=${edition.day}`}>Its round</a>
        </p>
        {edition.incomplete === null ? null : <p className="message bad">{edition.incomplete}</p>}
        <SendActions round={round} csrf={csrf} />
        {isOpen(edition) ? (
          <>
            <CanaryForm round={round} csrf={csrf} />
            <PaperEditor edition={edition} csrf={csrf} typed={typed} />
          </>
        ) : (
          <PaperList edition={edition} />
        )}
        <h2>What was done with it</h2>
        <AuditEntries acts={acts} />
      </>
    ),
  } as const
}

function wishesOf(request: FastifyRequest, edition: Edition): ArrangementInput[] {
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
