import type { FastifyInstance } from 'fastify'
import { hashPassword, newPasswordFault } from '../../../security/password.ts'
import type { Site } from '../../layout/page.ts'
import type { AdminDeps } from '../deps.ts'
import { sendAdminPage } from '../layout/admin-page.tsx'
import { passwordIn } from '../login/check-login.ts'
import { actorOf, field, operatorOf, redirectWithNote } from '../login/guard.ts'
import { PASSKEY_SCRIPTS, passkeysOf } from '../login/passkey-place.ts'
import { AccountPage } from './account-page.tsx'
import { PasskeysSection } from './passkeys-section.tsx'
import { recheck } from './recheck.ts'

/** Adds `/admin/account`: the operator’s own password and sessions. */
export function addAccountPages(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  const { operators } = deps.ledger
  admin.get('/account', async (request, reply) => {
    const { id, csrf, operatorId } = operatorOf(request)
    const account = operatorId === null ? null : await operators.readAccount(operatorId)
    if (account === null) return reply.redirect('/admin/operators', 303)
    const sessions = await operators.readSessions(site.clock(), { operatorId: account.id })
    const place = passkeysOf(site)
    const passkeys = (
      <PasskeysSection
        passkeys={await operators.listPasskeys(account.id)}
        account={account}
        csrf={csrf}
        place={place}
        publicUrl={site.brand.publicUrl}
      />
    )
    const content = <AccountPage account={account} sessions={sessions} own={id} csrf={csrf} passkeys={passkeys} />
    const scripts = place === null ? [] : PASSKEY_SCRIPTS
    return sendAdminPage(request, reply, { site, deps }, { title: 'Your account', section: null, scripts, content })
  })
  admin.post('/account/password', async (request, reply) => {
    const { id, operatorId } = operatorOf(request)
    if (operatorId === null) return reply.redirect('/admin/operators', 303)
    const say = (kind: 'good' | 'bad', words: string) =>
      redirectWithNote(request, reply, deps, '/admin/account', { kind, words })
    const password = passwordIn(request, 'new')
    const fault = newPasswordFault(password)
    if (fault !== null) return say('bad', `Nothing was changed. ${fault}`)
    const at = site.clock()
    const wrong = await recheck(request, deps, { operatorId, withCode: false, at })
    if (wrong !== null) return say(wrong.kind, wrong.words)
    const change = { passwordHash: await hashPassword(password), keepSession: id }
    await operators.changePassword(operatorId, change, { actor: actorOf(request), at })
    return say('good', 'Password changed. Your other sessions have ended.')
  })
  admin.post('/account/sessions/end', async (request, reply) => {
    const { operatorId } = operatorOf(request)
    const label = field(request, 'label')
    const ended = operatorId === null ? 0 : await operators.endOperatorSessions(operatorId, { label })
    if (ended > 0) await record(request, ended)
    const note =
      ended > 0
        ? ({ kind: 'good', words: 'Session ended.' } as const)
        : ({ kind: 'bad', words: 'This session has already ended.' } as const)
    return redirectWithNote(request, reply, deps, '/admin/account', note)
  })
  admin.post('/account/sessions/end-others', async (request, reply) => {
    const { id, operatorId } = operatorOf(request)
    const ended = operatorId === null ? 0 : await operators.endOperatorSessions(operatorId, { keep: id })
    if (ended > 0) await record(request, ended)
    return redirectWithNote(request, reply, deps, '/admin/account', {
      kind: 'good',
      words: 'Your other sessions have ended.',
    })
  })
  const record = (request: Parameters<typeof actorOf>[0], sessions: number) =>
    operators.recordAction(actorOf(request), { action: 'login.others-ended', after: { ended: sessions } }, site.clock())
}
