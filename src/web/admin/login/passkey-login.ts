import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { PASSKEY_CHALLENGES_PER_NETWORK_MINUTE } from '../../../../config/limits-web.ts'
import type { StoredPasskey } from '../../../ledger/operators/passkeys.ts'
import {
  checkPasskey,
  type PasskeyAnswer,
  type PasskeyCheck,
  type PasskeyPlace,
  readPasskey,
  requestPasskey,
} from '../../../security/passkeys.ts'
import { isSameSecret } from '../../../security/same-secret.ts'
import type { Site } from '../../layout/page.ts'
import { keepPrivate } from '../../layout/site.ts'
import { perMinute } from '../../requests/network-limit.ts'
import type { AdminDeps } from '../deps.ts'
import { completeLogin, deviceOf } from './complete-login.ts'
import { field, isSameOrigin } from './guard.ts'
import type { LoginGate } from './login-gate.ts'
import { EXPIRED_FORM, hasLoginToken, loginTokenOf, showLogin, showThrottled } from './login-page.tsx'
import { passkeysOf } from './passkey-place.ts'

/** Adds the login with a passkey, which counts as both factors. It shares the limits of the login with a password. */
export function addPasskeyLogin(admin: FastifyInstance, site: Site, deps: AdminDeps, gate: LoginGate): void {
  const place = passkeysOf(site)
  if (place === null) return
  const { operators } = deps.ledger
  admin.post('/login/passkey/options', perMinute(PASSKEY_CHALLENGES_PER_NETWORK_MINUTE), async (request, reply) => {
    keepPrivate(reply)
    if (!isSameOrigin(request) || !hasLoginToken(request, deps)) return reply.status(403).send({ fault: EXPIRED_FORM })
    const { challenge, json } = await requestPasskey(place)
    await operators.savePasskeyChallenge({ challenge, ...holderOf(request, deps) }, site.clock())
    return reply.send(json)
  })
  admin.post('/login/passkey', async (request, reply) => {
    if (!isSameOrigin(request) || !hasLoginToken(request, deps)) return showLogin(reply, site, deps, 403, EXPIRED_FORM)
    const result: { found: Found } = { found: UNREADABLE }
    const answer = await gate.enter({ ip: request.ip, device: deviceOf(request, deps) }, async () => {
      result.found = await findOperator(request, place, { site, deps })
      return result.found.kind === 'right'
    })
    if (answer.kind === 'locked' || answer.kind === 'busy') return showThrottled(reply, site, deps, answer)
    const { found } = result
    if (found.kind === 'refused') {
      const { because, name } = found
      const after = { because, ...(name === undefined ? {} : { 'passkey of': name }) }
      const actor = { who: 'nobody', address: request.ip }
      await operators.recordAction(actor, { action: 'login.passkey-refused', after }, site.clock())
      return showLogin(reply, site, deps, 403, REFUSED)
    }
    const { operatorId, name } = found.passkey
    const action = { action: 'login.passkey-used', after: { passkey: name } }
    await completeLogin(request, reply, { site, deps }, operatorId, action)
    return reply.redirect('/admin', 303)
  })
}

const REFUSED =
  'This passkey was not accepted. Perhaps it was removed, or it took too long. Try again, or use your password.'

type Found =
  | { readonly kind: 'right'; readonly passkey: StoredPasskey }
  /** `because` is for the audit log. The visitor does not learn it. */
  | { readonly kind: 'refused'; readonly because: string; readonly name?: string }

const UNREADABLE: Found = { kind: 'refused', because: 'the answer of the browser was not readable' }

/** Uses up the challenge first, so that an answer counts once, whatever is wrong with it. */
async function findOperator(
  request: FastifyRequest,
  place: PasskeyPlace,
  { site, deps }: { readonly site: Site; readonly deps: AdminDeps },
): Promise<Found> {
  const { operators } = deps.ledger
  const at = site.clock()
  const answer = readPasskey(field(request, 'credential'))
  if (answer === null) return UNREADABLE
  const { challenge } = answer
  if (!(await operators.consumePasskeyChallenge({ challenge, ...holderOf(request, deps) }, at)))
    return { kind: 'refused', because: 'its request had expired, was used before, or came from another browser' }
  const passkey = await operators.findPasskey(answer.id)
  if (passkey === null) return { kind: 'refused', because: 'nobody has this passkey' }
  const refused = (because: string): Found => ({ kind: 'refused', because, name: passkey.operatorName })
  if (passkey.isDisabled) return refused('the account is disabled')
  const checked = await checkOwned(answer, passkey, place)
  if (checked.kind === 'wrong') return refused('its answer was for another site, unverified or wrongly signed')
  if (checked.kind === 'copied' || !(await operators.recordPasskeyUse(passkey.id, checked.counter, at)))
    return refused('its counter went back, so somebody may have copied it')
  return { kind: 'right', passkey }
}

/** Also checks that the passkey names the operator whom it was made for (WebAuthn Level 3 §7.2, step 6). */
async function checkOwned(answer: PasskeyAnswer, passkey: StoredPasskey, place: PasskeyPlace): Promise<PasskeyCheck> {
  const isOwn = isSameSecret(answer.response.userHandle, passkey.userHandle)
  return isOwn ? checkPasskey(answer, passkey, place) : { kind: 'wrong' }
}

/** Names the browser by its login cookie. */
function holderOf(request: FastifyRequest, deps: AdminDeps) {
  const holder = createHash('sha256').update(loginTokenOf(request, deps)).digest('hex')
  return { holder, operatorId: null }
}
