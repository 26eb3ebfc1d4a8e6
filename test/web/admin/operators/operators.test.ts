import { beforeEach, describe, expect, it } from '@jest/globals'
import { LOGIN_ATTEMPTS_PER_ADDRESS_MAX, OPERATOR_LINK_HOURS } from '../../../../config/limits-web.ts'
import { PASSWORD, type TestOperator } from '../../../support/web/admin.ts'
import { openLoginSite } from '../../../support/web/login-site.ts'
import { addTestOperator, emailOf, loginAs } from '../../../support/web/operators.ts'

const { app, site, later } = await openLoginSite()
const NEW = 'another sentence of the tests'

beforeEach(async () => {
  for (const table of ['operator_actions', 'operator_sessions', 'operators', 'login_attempts'] as const)
    await app.ledger.db.deleteFrom(table).execute()
})

const linkIn = (page: string) => /readOnly="" value="[^"]*(\/admin\/invitation\/[^"]+)"/.exec(page)?.[1] ?? 'no link'
const invite = async (by: TestOperator, name: string, role: string) =>
  linkIn((await by.post('/admin/operators', { name, email: emailOf(name), role })).body)
/** Opens a link in a new browser. */
const open = async (link: string, fields: Record<string, string>) => {
  const person = site.operator()
  const page = await person.get(link)
  return { person, page, answer: await person.post(link, fields) }
}
const log = async () =>
  (await app.ledger.operators.readActions({ limit: 50 })).map(({ who, action }) => `${who} ${action}`).reverse()

describe('ADMIN_PASSWORD', () => {
  it('opens Admin until the first owner has an account, and is then refused with a reason', async () => {
    const [ada, other] = [site.operator(), site.operator()]
    await ada.login()
    await other.login()
    expect((await ada.get('/admin')).body).toContain('Create your account')
    const first = { name: 'Ada', email: emailOf('Ada') }
    expect((await ada.post('/admin/operators/first', { ...first, password: 'short' })).body).toContain(
      'shorter than 12',
    )
    expect((await ada.post('/admin/operators/first', { ...first, password: NEW })).location).toBe('/admin/account')
    expect((await ada.get('/admin/account')).body).toContain('Ada')
    expect((await other.get('/admin')).location).toBe('/admin/login')
    const refused = await site.operator().login()
    expect([refused.status, /ADMIN_PASSWORD no longer opens Admin/.test(refused.body)]).toEqual([403, true])
    expect((await site.operator().login(PASSWORD, { email: emailOf('Ada') })).status).toBe(403)
    expect((await site.operator().login(NEW, { email: ' ADA@operators.example.org' })).status).toBe(303)
  })

  it('still opens Admin while there are only editors', async () => {
    await addTestOperator(app, 'Eve', 'editor')
    expect((await site.operator().login()).status).toBe(303)
    await loginAs(site, 'Eve')
  })
})

describe('an invitation', () => {
  it('sets name and password once, and the audit log names both people', async () => {
    await addTestOperator(app, 'Ada', 'owner')
    const ada = await loginAs(site, 'Ada')
    const link = await invite(ada, 'Bob', 'editor')
    expect((await open(link, { name: 'Bob', password: 'short' })).answer.status).toBe(422)
    const { person, page, answer } = await open(link, { name: 'Bob  Smith', password: NEW, next: 'two-factor' })
    expect(page.body).toContain('You are invited as editor')
    expect([answer.status, answer.location]).toEqual([303, '/admin/account/two-factor'])
    expect((await person.get('/admin')).body).toContain('Bob Smith')
    for (const again of [await person.get(link), (await open(link, { name: 'Eve', password: NEW })).answer])
      expect([again.status, again.body.includes('Link not valid')]).toEqual([404, true])
    expect(await log()).toEqual([
      'Ada login.done',
      'Ada operator.invited',
      'Bob Smith operator.joined',
      'Bob Smith login.done',
    ])
    expect((await ada.get('/admin/record')).body).toContain('invited Bob as editor')
  })

  it('expires, is replaced by a newer link, ends when it is withdrawn, and cannot be forged', async () => {
    await addTestOperator(app, 'Ada', 'owner')
    const ada = await loginAs(site, 'Ada')
    const first = await invite(ada, 'Bob', 'viewer')
    const { id = '' } = (await app.ledger.operators.findAccount(emailOf('Bob'))) ?? {}
    const second = linkIn((await ada.post(`/admin/operators/${id}/link`)).body)
    const forged = `${second.slice(0, -1)}${second.endsWith('A') ? 'B' : 'A'}`
    const visitor = site.operator()
    const statuses = async (links: readonly string[]) =>
      Promise.all(links.map(async (each) => (await visitor.get(each)).status))
    expect(await statuses([first, second, forged])).toEqual([404, 200, 404])
    expect((await ada.act(`/admin/operators/${id}/withdraw`)).includes('Invitation withdrawn.')).toBe(true)
    expect(await statuses([second])).toEqual([404])
    const third = await invite(ada, 'Bob', 'viewer')
    later(OPERATOR_LINK_HOURS * 60)
    expect(await statuses([third])).toEqual([404])
  })

  it.each([
    [{ name: 'Bob', email: 'bob@', role: 'editor' }, 'The email address cannot be used'],
    [{ name: 'bob@example.org', email: emailOf('Bob'), role: 'editor' }, 'Please enter a name'],
    [{ name: 'Bob', email: emailOf('Bob'), role: 'king' }, 'Please choose a role'],
    [{ name: 'Ada', email: emailOf('Ada'), role: 'viewer' }, 'already has an account'],
  ])('is refused when a field is wrong: %j', async (fields, words) => {
    await addTestOperator(app, 'Ada', 'owner')
    const answer = await (await loginAs(site, 'Ada')).post('/admin/operators', fields)
    expect([answer.status, answer.body.includes(words)]).toEqual([422, true])
  })
})

describe('an owner', () => {
  it('disables an account, whose sessions end at once, and enables it again', async () => {
    await addTestOperator(app, 'Ada', 'owner')
    const id = await addTestOperator(app, 'Eve', 'editor')
    const [ada, eve] = [await loginAs(site, 'Ada'), await loginAs(site, 'Eve')]
    expect((await eve.get('/admin')).status).toBe(200)
    expect(await ada.act(`/admin/operators/${id}/disable`)).toContain('Its sessions have ended.')
    expect((await eve.post('/admin/pause', { day: '2026-11-24', seen: 'running' })).status).toBe(401)
    expect((await site.operator().login(PASSWORD, { email: emailOf('Eve') })).status).toBe(403)
    expect(await ada.act(`/admin/operators/${id}/disable`)).toContain('not as you saw it')
    await ada.act(`/admin/operators/${id}/enable`)
    await loginAs(site, 'Eve')
  })

  it('changes a role, which applies to open sessions', async () => {
    await addTestOperator(app, 'Ada', 'owner')
    const id = await addTestOperator(app, 'Eve', 'editor')
    const [ada, eve] = [await loginAs(site, 'Ada'), await loginAs(site, 'Eve')]
    expect((await eve.get('/admin/readers/import')).status).toBe(200)
    expect(await ada.act(`/admin/operators/${id}/role`, { seen: 'editor', role: 'viewer' })).toContain('Role changed.')
    expect((await eve.get('/admin/readers/import')).status).toBe(403)
    expect(await ada.act(`/admin/operators/${id}/role`, { seen: 'editor', role: 'owner' })).toContain(
      'not as you saw it',
    )
  })

  it('cannot be the last one to go, also when two go at the same time', async () => {
    const ids = [await addTestOperator(app, 'Ada', 'owner'), await addTestOperator(app, 'Bob', 'owner')]
    const [ada, bob] = [await loginAs(site, 'Ada'), await loginAs(site, 'Bob')]
    await Promise.all([
      ada.post(`/admin/operators/${ids[1]}/disable`),
      bob.post(`/admin/operators/${ids[0]}/role`, { seen: 'owner', role: 'viewer' }),
    ])
    const accounts = await app.ledger.operators.listOperators()
    const left = accounts.filter(({ role, disabledAt }) => role === 'owner' && disabledAt === null)
    expect(left).toHaveLength(1)
    const last = await loginAs(site, left[0]?.name ?? '')
    expect(await last.act(`/admin/operators/${left[0]?.id}/disable`)).toContain('this is the last owner')
  })

  it('resets a password by a link, which ends the old sessions and keeps the second factor', async () => {
    await addTestOperator(app, 'Ada', 'owner')
    const id = await addTestOperator(app, 'Eve', 'editor')
    const [ada, eve] = [await loginAs(site, 'Ada'), await loginAs(site, 'Eve')]
    await app.ledger.db.updateTable('operators').set({ totp_secret: 'GEZDGNBVGY3TQOJQ' }).where('id', '=', id).execute()
    const link = linkIn((await ada.post(`/admin/operators/${id}/link`)).body)
    expect((await eve.get('/admin')).status).toBe(200)
    const { person, answer } = await open(link, { name: 'Eve', password: NEW })
    expect([answer.status, answer.body.includes('Password set')]).toEqual([200, true])
    for (const each of [eve, person]) expect((await each.get('/admin')).location).toBe('/admin/login')
    expect((await site.operator().login(NEW, { email: emailOf('Eve') })).status).toBe(403)
    const both = linkIn((await ada.post(`/admin/operators/${id}/link`, { totp: 'off' })).body)
    await open(both, { name: 'Eve', password: NEW })
    expect((await site.operator().login(NEW, { email: emailOf('Eve') })).status).toBe(303)
  })
})

it('an unknown address, a disabled account and a wrong password get the same answer and the same limits', async () => {
  await addTestOperator(app, 'Ada', 'owner')
  const words = async (email: string) => {
    const { status, body } = await site.operator().login('not the password', { email })
    return [status, /<p class="error"[^>]*>([^<]*)/.exec(body)?.[1]]
  }
  expect(await words(emailOf('Nobody'))).toEqual([403, 'Wrong email address, password or code.'])
  expect(await words(emailOf('Ada'))).toEqual(await words('ünknown@'))
  const tries = Array.from({ length: LOGIN_ATTEMPTS_PER_ADDRESS_MAX }, (_, n) => words(emailOf(`Nobody${n}`)))
  expect((await Promise.all(tries)).some(([status]) => status === 429)).toBe(true)
})
