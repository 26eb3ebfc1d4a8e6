import type { FastifyInstance, FastifyRequest } from 'fastify'
import { PASSKEY_NAME_CHARS_MAX, PASSKEYS_PER_OPERATOR_MAX } from '../../../../config/limits-web.ts'
import { parseName } from '../../../domain/operator.ts'
import {
  checkNewPasskey,
  type NewPasskeyAnswer,
  type PasskeyPlace,
  readNewPasskey,
  requestNewPasskey,
} from '../../../security/passkeys.ts'
import type { Site } from '../../layout/page.ts'
import type { AdminDeps } from '../deps.ts'
import { idOf } from '../layout/forms.ts'
import { actorOf, field, operatorOf, redirectWithNote } from '../login/guard.ts'
import { passkeysOf } from '../login/passkey-place.ts'
import { recheck } from './recheck.ts'

const PAGE = '/admin/account'

/** Adds the forms of `/admin/account` that add and remove passkeys. */
export function addPasskeyPages(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  const { operators } = deps.ledger
  const place = passkeysOf(site)
  admin.post('/account/passkeys/options', async (request, reply) => {
    const { id: holder, operatorId } = operatorOf(request)
    const account = operatorId === null ? null : await operators.readAccount(operatorId)
    if (place === null || account === null) return reply.status(404).send({ fault: 'There are no passkeys here.' })
    const at = site.clock()
    const known = await operators.listPasskeys(account.id)
    const fault = nameFault(request) ?? (known.length >= PASSKEYS_PER_OPERATOR_MAX ? FULL : null)
    const wrong = fault ?? (await recheck(request, deps, { operatorId: account.id, withCode: true, at }))?.words ?? null
    if (wrong !== null) return reply.status(422).send({ fault: wrong })
    const { challenge, json } = await requestNewPasskey(place, {
      site: site.brand.name,
      user: account.email,
      userHandle: userHandleOf(account.id, deps),
      known: known.map(({ credentialId }) => credentialId),
    })
    await operators.savePasskeyChallenge({ challenge, holder, operatorId: account.id }, at)
    return reply.send(json)
  })
  admin.post('/account/passkeys', async (request, reply) => {
    const { id: holder, operatorId } = operatorOf(request)
    const say = (kind: 'good' | 'bad', words: string) => redirectWithNote(request, reply, deps, PAGE, { kind, words })
    const name = parseName(field(request, 'name'), PASSKEY_NAME_CHARS_MAX)
    const answer = readNewPasskey(field(request, 'credential'))
    if (place === null || operatorId === null || name === null || answer === null) return say('bad', REFUSED)
    const at = site.clock()
    // The challenge was given only for the right password, and only to this session.
    if (!(await operators.consumePasskeyChallenge({ challenge: answer.challenge, holder, operatorId }, at)))
      return say('bad', REFUSED)
    const result = await add(answer, { place, name, operatorId }, request, at)
    return result === 'added' ? say('good', 'Passkey added. You can log in with it.') : say('bad', WORDS[result])
  })
  admin.post('/account/passkeys/remove', async (request, reply) => {
    const { operatorId } = operatorOf(request)
    if (operatorId === null) return reply.redirect('/admin/operators', 303)
    const say = (kind: 'good' | 'bad', words: string) => redirectWithNote(request, reply, deps, PAGE, { kind, words })
    const at = site.clock()
    const wrong = await recheck(request, deps, { operatorId, withCode: true, at })
    if (wrong !== null) return say(wrong.kind, wrong.words)
    const id = idOf(field(request, 'passkey'))
    const removed = id !== null && (await operators.removePasskey(operatorId, id, { actor: actorOf(request), at }))
    return removed ? say('good', REMOVED) : say('bad', 'This passkey was already removed.')
  })
  const add = async (
    answer: NewPasskeyAnswer,
    to: { readonly place: PasskeyPlace; readonly name: string; readonly operatorId: string },
    request: FastifyRequest,
    at: Date,
  ) => {
    const key = await checkNewPasskey(answer, to.place)
    if (key === null) return 'refused'
    const passkey = { ...key, name: to.name, userHandle: userHandleOf(to.operatorId, deps) }
    return operators.addPasskey(to.operatorId, passkey, { actor: actorOf(request), at })
  }
}

const REFUSED = 'Nothing was added: the passkey did not match, or it took too long. Try again.'
const FULL = `Nothing was added: an account has at most ${PASSKEYS_PER_OPERATOR_MAX} passkeys. Remove one first.`
const REMOVED = 'Passkey removed. It no longer opens your account. Delete it on the device, too.'
const WORDS = { refused: REFUSED, full: FULL, known: 'Nothing was added: this passkey is in use already.' } as const

function nameFault(request: FastifyRequest): string | null {
  if (parseName(field(request, 'name'), PASSKEY_NAME_CHARS_MAX) !== null) return null
  return `Please enter a name without an address, of at most ${PASSKEY_NAME_CHARS_MAX} characters.`
}

/** Returns the name of an operator in passkeys: 32 bytes that say nothing about the person (WebAuthn Level 3 §14.6.1). */
function userHandleOf(operatorId: string, { tokens }: AdminDeps): string {
  return Buffer.from(tokens.hashAddress(`passkeys of ${operatorId}`), 'hex').toString('base64url')
}
