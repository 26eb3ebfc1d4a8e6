import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { OPERATOR_LINK_HOURS, OPERATOR_NAME_CHARS_MAX, OPERATORS_MAX } from '../../../../config/limits-web.ts'
import { parseName, parseRole } from '../../../domain/operator.ts'
import { checkAddress } from '../../../domain/subscriber.ts'
import type { AccountChange, NewOperator } from '../../../ledger/operators/accounts.ts'
import type { OperatorNote } from '../../../ledger/schema/operator-tables.ts'
import { accountLinkUrl, createLinkId } from '../../../security/account-link.ts'
import { hashPassword, newPasswordFault } from '../../../security/password.ts'
import { sendErrorPage } from '../../layout/errors.tsx'
import type { Site } from '../../layout/page.ts'
import type { AdminDeps } from '../deps.ts'
import { sendAdminPage } from '../layout/admin-page.tsx'
import { idOf } from '../layout/forms.ts'
import { passwordIn } from '../login/check-login.ts'
import { rememberDevice } from '../login/complete-login.ts'
import { actorOf, field, operatorOf, redirectWithNote, startSession } from '../login/guard.ts'
import { OperatorsPage, type ShownLink } from './operators-page.tsx'

type IdRequest = { Params: { id: string } }
type Context = { readonly site: Site; readonly deps: AdminDeps }

/** Adds `/admin/operators`: the accounts, invitations, roles, and the first account after a start with ADMIN_PASSWORD. */
export function addOperatorPages(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  const context = { site, deps }
  admin.get('/operators', (request, reply) => sendOperators(request, reply, context))
  admin.post('/operators', (request, reply) => invite(request, reply, context))
  admin.post('/operators/first', (request, reply) => createFirstOwner(request, reply, context))
  admin.post<IdRequest>('/operators/:id/link', (request, reply) => renewLink(request, reply, context))
  for (const name of ['role', 'disable', 'enable', 'withdraw'] as const) {
    admin.post<IdRequest>(`/operators/:id/${name}`, async (request, reply) => {
      const id = idOf(request.params.id)
      if (id === null) return sendErrorPage(reply, site, 404)
      const result = await change(name, id, request, context)
      const note = noteOf(result, DONE[name])
      return redirectWithNote(request, reply, deps, '/admin/operators', note)
    })
  }
}

const DONE = {
  role: 'Role changed. It applies at once.',
  disable: 'Account disabled. Its sessions have ended.',
  enable: 'Account enabled. The password is the old one.',
  withdraw: 'Invitation withdrawn.',
} as const

async function sendOperators(
  request: FastifyRequest,
  reply: FastifyReply,
  { site, deps }: Context,
  shown: { readonly fault?: string; readonly link?: ShownLink } = {},
) {
  const { csrf, operatorId } = operatorOf(request)
  const accounts = await deps.ledger.operators.listOperators()
  const content = <OperatorsPage accounts={accounts} own={operatorId} csrf={csrf} at={site.clock()} {...shown} />
  const status = shown.fault === undefined ? 200 : 422
  return sendAdminPage(request, reply, { site, deps }, { title: 'Operators', section: 'operators', content }, status)
}

async function invite(request: FastifyRequest, reply: FastifyReply, context: Context) {
  const { site, deps } = context
  const read = readNewOperator(request, field(request, 'role'))
  if (typeof read === 'string') return sendOperators(request, reply, context, { fault: read })
  const linkId = createLinkId()
  const added = await deps.ledger.operators.addOperator(read, linkId, { actor: actorOf(request), at: site.clock() })
  if (added.kind !== 'added') return sendOperators(request, reply, context, { fault: FAULTS[added.kind] })
  return sendOperators(request, reply, context, { link: linkOf(linkId, read, false, context) })
}

const FAULTS = {
  known: 'This address already has an account. Make a new link for it below.',
  full: `There are already ${OPERATORS_MAX} accounts. Withdraw an invitation first.`,
} as const

/** Checks the fields of a new account. Returns what is wrong as text. */
function readNewOperator(request: FastifyRequest, roleText: string): NewOperator | string {
  const name = parseName(field(request, 'name'), OPERATOR_NAME_CHARS_MAX)
  if (name === null)
    return `Please enter a name without an email address, of at most ${OPERATOR_NAME_CHARS_MAX} characters.`
  const address = checkAddress(field(request, 'email'))
  if (!address.ok) return `The email address cannot be used: ${address.reason}.`
  const role = parseRole(roleText)
  return role === null ? 'Please choose a role.' : { name, email: address.email, emailKey: address.key, role }
}

function linkOf(
  linkId: string,
  { name, email }: Pick<NewOperator, 'name' | 'email'>,
  hasPassword: boolean,
  { site, deps }: Context,
): ShownLink {
  const url = accountLinkUrl(linkId, { tokens: deps.tokens, publicUrl: site.brand.publicUrl })
  return { url, name, email, hasPassword, hours: OPERATOR_LINK_HOURS }
}

async function renewLink(request: FastifyRequest<IdRequest>, reply: FastifyReply, context: Context) {
  const { site, deps } = context
  const id = idOf(request.params.id)
  const account = id === null ? null : await deps.ledger.operators.readAccount(id)
  if (id === null || account === null) return sendErrorPage(reply, site, 404)
  const reset = { linkId: createLinkId(), totp: field(request, 'totp') === 'off' }
  const made = await deps.ledger.operators.renewLink(id, reset, { actor: actorOf(request), at: site.clock() })
  if (!made) return sendOperators(request, reply, context, { fault: 'This account is disabled. Enable it first.' })
  return sendOperators(request, reply, context, { link: linkOf(reset.linkId, account, account.hasPassword, context) })
}

async function change(
  name: keyof typeof DONE,
  id: string,
  request: FastifyRequest,
  { site, deps }: Context,
): Promise<AccountChange | 'invalid'> {
  const { operators } = deps.ledger
  const context = { actor: actorOf(request), at: site.clock() }
  if (name === 'withdraw') return operators.withdrawInvitation(id, context)
  if (name !== 'role') return operators.setDisabled(id, name === 'disable', context)
  const [from, to] = [parseRole(field(request, 'seen')), parseRole(field(request, 'role'))]
  return from === null || to === null ? 'invalid' : operators.changeRole(id, { from, to }, context)
}

function noteOf(result: AccountChange | 'invalid', words: string): OperatorNote {
  switch (result) {
    case 'done':
      return { kind: 'good', words }
    case 'invalid':
      return { kind: 'bad', words: 'The form was incomplete. Please try again.' }
    case 'last-owner':
      return { kind: 'bad', words: 'Nothing was changed: this is the last owner. Make somebody else an owner first.' }
    case 'changed':
      return { kind: 'bad', words: 'Nothing was changed: the account is not as you saw it. Another owner was first.' }
  }
}

/** Makes the account of the person who started with ADMIN_PASSWORD. From then on, that password is refused. */
async function createFirstOwner(request: FastifyRequest, reply: FastifyReply, context: Context) {
  const { site, deps } = context
  if (operatorOf(request).operatorId !== null) return sendErrorPage(reply, site, 403, 'You already have an account.')
  const read = readNewOperator(request, 'owner')
  const fault = typeof read === 'string' ? read : newPasswordFault(passwordIn(request))
  if (typeof read === 'string' || fault !== null)
    return sendOperators(request, reply, context, { fault: fault ?? 'Please try again.' })
  const at = site.clock()
  const linkId = createLinkId()
  const added = await deps.ledger.operators.addOperator(read, linkId, { actor: actorOf(request), at })
  if (added.kind !== 'added') return sendOperators(request, reply, context, { fault: FAULTS[added.kind] })
  const passwordHash = await hashPassword(passwordIn(request))
  await deps.ledger.operators.consumeLink(linkId, { name: read.name, passwordHash }, { address: request.ip, at })
  await startSession(request, reply, context, added.id)
  rememberDevice(reply, deps)
  await deps.ledger.operators.recordLogin(added.id, at)
  return reply.redirect('/admin/account', 303)
}
