import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ReactNode } from 'react'
import type { OperatorNote } from '../../../ledger/schema/operator-tables.ts'
import { createRecoveryCodes, hashRecoveryCode } from '../../../security/recovery-codes.ts'
import { createTotpSecret, matchTotp, readTotpSecret, totpUri } from '../../../security/totp.ts'
import type { Site } from '../../layout/page.ts'
import type { AdminDeps } from '../deps.ts'
import { sendAdminPage } from '../layout/admin-page.tsx'
import { actorOf, field, operatorOf, redirectWithNote } from '../login/guard.ts'
import { recheck } from './recheck.ts'
import { Enrolment, RecoveryCodes, TwoFactorOff, TwoFactorOn } from './two-factor-page.tsx'

const PATH = '/admin/account/two-factor'

/** Adds `/admin/account/two-factor`: turns two-factor login on and off, and makes recovery codes. */
export function addTwoFactorPages(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  const { operators } = deps.ledger
  const send = (request: FastifyRequest, reply: FastifyReply, content: ReactNode) =>
    sendAdminPage(request, reply, { site, deps }, { title: 'Two-factor login', section: null, content })
  const say = (request: FastifyRequest, reply: FastifyReply, note: OperatorNote) =>
    redirectWithNote(request, reply, deps, PATH, note)
  admin.get('/account/two-factor', async (request, reply) => {
    const { csrf, operatorId } = operatorOf(request)
    const account = operatorId === null ? null : await operators.readAccount(operatorId)
    if (account === null) return reply.redirect('/admin/operators', 303)
    const { isOn, pending, recoveryCodes } = await operators.readTwoFactor(account.id)
    if (isOn) return send(request, reply, <TwoFactorOn csrf={csrf} recoveryCodes={recoveryCodes} />)
    if (pending === null) return send(request, reply, <TwoFactorOff csrf={csrf} />)
    const uri = totpUri(pending, { issuer: site.brand.name, account: account.email })
    return send(request, reply, <Enrolment csrf={csrf} secret={pending} uri={uri} />)
  })
  admin.post('/account/two-factor/start', async (request, reply) => {
    const { operatorId } = operatorOf(request)
    if (operatorId !== null && !(await operators.readTwoFactor(operatorId)).isOn)
      await operators.prepareTotp(operatorId, createTotpSecret())
    return reply.redirect(PATH, 303)
  })
  admin.post('/account/two-factor/confirm', async (request, reply) => {
    const { operatorId } = operatorOf(request)
    if (operatorId === null) return reply.redirect(PATH, 303)
    const at = site.clock()
    const wrong = await recheck(request, deps, { operatorId, withCode: false, at })
    if (wrong !== null) return say(request, reply, wrong)
    const { pending } = await operators.readTwoFactor(operatorId)
    const secret = pending === null ? null : readTotpSecret(pending)
    const step = secret === null ? null : matchTotp(secret, field(request, 'code'), at)
    if (pending === null || step === null || !(await operators.consumeTotpStep(operatorId, step, at)))
      return say(request, reply, { kind: 'bad', words: WRONG_CODE })
    const { codes, hashes } = newCodes(operatorId)
    const on = { secret: pending, codeHashes: hashes }
    if (!(await operators.turnTotpOn(operatorId, on, { actor: actorOf(request), at })))
      return say(request, reply, { kind: 'bad', words: 'Another tab has begun anew. Scan the code again.' })
    return send(request, reply, <RecoveryCodes codes={codes} name={site.brand.name} isNew />)
  })
  admin.post('/account/two-factor/codes', async (request, reply) => {
    const { operatorId } = operatorOf(request)
    if (operatorId === null) return reply.redirect(PATH, 303)
    const at = site.clock()
    const wrong = await recheck(request, deps, { operatorId, withCode: true, at })
    if (wrong !== null) return say(request, reply, wrong)
    if (!(await operators.readTwoFactor(operatorId)).isOn) return reply.redirect(PATH, 303)
    const { codes, hashes } = newCodes(operatorId)
    await operators.replaceRecoveryCodes(operatorId, hashes, { actor: actorOf(request), at })
    return send(request, reply, <RecoveryCodes codes={codes} name={site.brand.name} isNew={false} />)
  })
  admin.post('/account/two-factor/off', async (request, reply) => {
    const { operatorId } = operatorOf(request)
    if (operatorId === null) return reply.redirect(PATH, 303)
    const at = site.clock()
    const wrong = await recheck(request, deps, { operatorId, withCode: true, at })
    if (wrong !== null) return say(request, reply, wrong)
    await operators.turnTotpOff(operatorId, { actor: actorOf(request), at })
    return say(request, reply, { kind: 'good', words: 'Two-factor login is off.' })
  })
  const newCodes = (operatorId: string) => {
    const codes = createRecoveryCodes()
    const hashes = codes.flatMap((code) => hashRecoveryCode(code, operatorId, deps.tokens.hashAddress) ?? [])
    return { codes, hashes }
  }
}

const WRONG_CODE =
  'Two-factor login is still off: wrong code. Check that the clock of your phone is right, and type the newest code.'
