import { setTimeout } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Site } from '../../layout/page.ts'
import { limitNetworks } from '../../requests/network-limit.ts'
import type { AdminDeps } from '../deps.ts'
import { findEntry, isRight, passwordIn, wrongWords } from './check-login.ts'
import { completeLogin, deviceOf } from './complete-login.ts'
import { field, isSameOrigin, sessionOf } from './guard.ts'
import { createLoginGate, type LoginGate } from './login-gate.ts'
import { EXPIRED_FORM, hasLoginToken, showLogin, showThrottled } from './login-page.tsx'
import { addPasskeyLogin } from './passkey-login.ts'

/** Adds `/admin/login`, which needs no session. */
export async function addLogin(admin: FastifyInstance, site: Site, deps: AdminDeps): Promise<void> {
  const { ledger, tokens } = deps
  const gate = createLoginGate({ ledger, hash: tokens.hashAddress, clock: site.clock, sleep: (ms) => setTimeout(ms) })
  addPasswordLogin(admin, site, deps, gate)
  await admin.register(async (scope) => {
    await limitNetworks(scope)
    addPasskeyLogin(scope, site, deps, gate)
  })
}

function addPasswordLogin(admin: FastifyInstance, site: Site, deps: AdminDeps, gate: LoginGate): void {
  admin.get('/login', async (request, reply) => {
    if ((await sessionOf(request, site, deps)) !== null) return reply.redirect('/admin', 303)
    return showLogin(reply, site, deps, 200, null)
  })
  admin.post('/login', async (request, reply) => {
    if (!isSameOrigin(request) || !hasLoginToken(request, deps)) return showLogin(reply, site, deps, 403, EXPIRED_FORM)
    const form = { email: field(request, 'email'), password: passwordIn(request), code: field(request, 'code') }
    const entry = await findEntry(form.email, deps)
    if (entry.kind === 'retired') return showLogin(reply, site, deps, 403, RETIRED)
    const visitor = { ip: request.ip, device: deviceOf(request, deps) }
    const answer = await gate.enter(visitor, () => isRight(entry, form, deps, site.clock()))
    if (answer.kind === 'locked' || answer.kind === 'busy') return showThrottled(reply, site, deps, answer)
    if (answer.kind === 'wrong') {
      const actor = { who: 'nobody', address: request.ip }
      // The attempt limits also bound these rows, so nobody can fill the audit log from outside.
      await deps.ledger.operators.recordAction(actor, { action: 'login.failed' }, site.clock())
      return showLogin(reply, site, deps, 403, await wrongWords(deps))
    }
    const operatorId = entry.kind === 'account' ? (entry.credentials?.id ?? null) : null
    await completeLogin(request, reply, { site, deps }, operatorId)
    return reply.redirect('/admin', 303)
  })
}

const RETIRED =
  'ADMIN_PASSWORD no longer opens Admin, because there are accounts of operators. Log in with your email address.'
