import type { FastifyInstance, FastifyRequest } from 'fastify'
import { parseDay } from '../../../domain/day.ts'
import type { OperatorNote } from '../../../ledger/schema/operator-tables.ts'
import { approveChecked } from '../../../preview/approve-checked.ts'
import { counted } from '../../../text/counted.ts'
import { sendErrorPage } from '../../layout/errors.tsx'
import type { Site } from '../../layout/page.ts'
import type { AdminDeps } from '../deps.ts'
import { reasonOf } from '../layout/forms.ts'
import { actorOf, field, redirectWithNote } from '../login/guard.ts'
import { noteOf } from './steering.tsx'

/** Adds `POST /admin/approve`. If two operators press it at once, one approves, and the other sees who did. */
export function addApproval(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  admin.post('/approve', async (request, reply) => {
    const day = parseDay(field(request, 'day'))
    if (day === null) return sendErrorPage(reply, site, 400, 'The day is missing or invalid.')
    const edit = { day, actor: actorOf(request), at: site.clock() }
    const note = await approve(edit, request, deps)
    // The edition's page has what is missing. The dashboard shows how the sending goes.
    const to = note.kind === 'good' ? `/admin?day=${day}` : `/admin/editions/${day}`
    return redirectWithNote(request, reply, deps, to, note)
  })
}

async function approve(
  edit: Parameters<typeof approveChecked>[0],
  request: FastifyRequest,
  deps: AdminDeps,
): Promise<OperatorNote> {
  const revision = Number(field(request, 'revision'))
  if (!Number.isSafeInteger(revision)) return { kind: 'bad', words: 'The form was incomplete. Please try again.' }
  const anyway = field(request, 'anyway') !== ''
  const reason = reasonOf(field(request, 'reason'))
  if (anyway && !reason.ok) return { kind: 'bad', words: `Not approved. ${reason.fault}` }
  const result = await approveChecked(
    edit,
    { revision, reason: anyway && reason.ok ? reason.reason : null },
    { checks: deps.look.checks, editions: deps.ledger.editions },
  )
  if (result.kind === 'faults')
    return {
      kind: 'bad',
      words: `Not approved: the checks found ${counted(result.report.counts.fault, 'fault')}. Correct the edition, or tick “Send anyway” and give a reason.`,
    }
  if (result.kind === 'done') await deps.wake()
  return noteOf(result, 'Approved. Each subscriber gets the edition at their delivery time.')
}
