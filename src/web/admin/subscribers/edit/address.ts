import type { FastifyInstance } from 'fastify'
import { checkAddress } from '../../../../domain/subscriber.ts'
import type { AdminContext } from '../../../../ledger/operators/audit.ts'
import type { OperatorNote } from '../../../../ledger/schema/operator-tables.ts'
import { hashMailbox } from '../../../../subscriptions/mailbox.ts'
import { sendErrorPage } from '../../../layout/errors.tsx'
import type { Site } from '../../../layout/page.ts'
import type { AdminDeps } from '../../deps.ts'
import { idOf, reasonOf } from '../../layout/forms.ts'
import { actorOf, field, redirectWithNote } from '../../login/guard.ts'

type IdRequest = { Params: { id: string } }

/** Adds the actions that change the address and the consent note of a subscriber. */
export function addAddressActions(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  for (const name of ['address', 'consent'] as const) {
    admin.post<IdRequest>(`/readers/:id/${name}`, async (request, reply) => {
      const id = idOf(request.params.id)
      if (id === null) return sendErrorPage(reply, site, 404)
      const reason = reasonOf(field(request, 'reason'))
      const context = (words: string): AdminContext => ({ actor: actorOf(request), reason: words, at: site.clock() })
      const note: OperatorNote = !reason.ok
        ? { kind: 'bad', words: reason.fault }
        : name === 'consent'
          ? await changeConsent(deps, id, field(request, 'note'), context(reason.reason))
          : field(request, 'how') === 'now'
            ? await changeNow(deps, id, field(request, 'email'), context(reason.reason))
            : await askNewAddress(deps, id, field(request, 'email'), context(reason.reason))
      return redirectWithNote(request, reply, deps, `/admin/readers/${id}${note.kind === 'good' ? '' : '/edit'}`, note)
    })
  }
}

async function changeConsent(deps: AdminDeps, id: string, text: string, context: AdminContext): Promise<OperatorNote> {
  const note = reasonOf(text)
  if (!note.ok) return bad('Nothing was changed: enter the source of consent, without an address.')
  const saved = await deps.ledger.subscribers.saveConsentNote(id, note.reason, context)
  return saved ? { kind: 'good', words: 'Source of consent saved.' } : bad('This subscriber was erased meanwhile.')
}

/** Changes the address at once. The old address gets a mail and can undo it. */
async function changeNow(deps: AdminDeps, id: string, text: string, context: AdminContext): Promise<OperatorNote> {
  const address = checkAddress(text)
  if (!address.ok) return bad(`Nothing was changed: ${address.reason}.`)
  const to = { email: address.email, emailKey: address.key, addressHash: deps.tokens.hashAddress(address.key) }
  const options = { ...context, newId: deps.newId }
  const result = await deps.ledger.subscribers.changeAddressForOperator(id, to, options)
  switch (result.kind) {
    case 'changed':
      await deps.sendTransactionals(result.transactionalIds)
      return { kind: 'good', words: 'Address changed. A mail about it is on its way.' }
    case 'same':
      return bad('Nothing was changed: this is already the address.')
    case 'taken':
      return bad('Nothing was changed: another subscriber has this address, or it is suppressed.')
    case 'not-allowed':
      return bad(`Nothing was changed: this subscriber is ${result.state}.`)
    case 'not-found':
      return bad('This subscriber was erased meanwhile.')
  }
}

/** Asks the new address to confirm, as the subscriber's own page does. */
async function askNewAddress(deps: AdminDeps, id: string, text: string, context: AdminContext): Promise<OperatorNote> {
  const address = checkAddress(text)
  if (!address.ok) return bad(`Nothing was changed: ${address.reason}.`)
  const change = {
    id: deps.newId(),
    subscriberId: id,
    email: address.email,
    emailKey: address.key,
    addressHash: deps.tokens.hashAddress(address.key),
    mailboxHash: hashMailbox(deps.tokens, address.key),
  }
  const { kind } = await deps.ledger.links.requestAddressChange(change, context.at)
  if (kind === 'asked') {
    await deps.sendTransactionals([change.id])
    const { actor, reason, at } = context
    const action = { action: 'subscriber.address-asked', subscriberId: id, reason }
    await deps.ledger.operators.recordAction(actor, action, at)
    return { kind: 'good', words: 'The new address gets a mail now. Nothing changes before its button is pressed.' }
  }
  return bad(`No mail was sent: ${REFUSALS[kind]}.`)
}

const REFUSALS = {
  silent: 'another subscriber has this address, it is suppressed, or it got such a mail within a day',
  same: 'this is already the address',
  'too-often': 'this subscriber has had as many such mails today as are allowed',
  'not-found': 'only an active or paused subscriber can confirm a new address',
} as const

function bad(words: string): OperatorNote {
  return { kind: 'bad', words }
}
