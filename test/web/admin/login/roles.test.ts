import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import Fastify from 'fastify'
import { ROLES, type Role, reaches } from '../../../../src/domain/operator.ts'
import { addAdminPages } from '../../../../src/web/admin/admin.ts'
import { withoutForbidden } from '../../../../src/web/admin/login/permitted-forms.ts'
import { leastRole, mayRequest, ROUTE_ROLES, routeName } from '../../../../src/web/admin/login/roles.ts'
import { webDepsOf } from '../../../../workers/web.ts'
import type { TestOperator } from '../../../support/web/admin.ts'
import { openLoginSite } from '../../../support/web/login-site.ts'
import { addTestOperator, loginAs } from '../../../support/web/operators.ts'

const { app, site } = await openLoginSite()
/** Pages that need no session. */
const OPEN = [
  'POST /admin/login/passkey',
  'POST /admin/login/passkey/options',
  'GET /admin/login',
  'POST /admin/login',
  'GET /admin/invitation/:token',
  'POST /admin/invitation/:token',
]

/** Returns the names of all routes that the admin pages register. */
async function registeredRoutes(): Promise<string[]> {
  const web = Fastify()
  const names = new Set<string>()
  web.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) names.add(routeName(each, url))
  })
  const deps = webDepsOf(app, null)
  if (deps.admin === null) throw new Error('there are no admin pages')
  await addAdminPages(web, deps.site, deps.admin)
  await web.ready()
  await web.close()
  return [...names].filter((name) => !OPEN.includes(name))
}

describe('the table of roles', () => {
  it('names every route of Admin, and no other', async () => {
    const routes = await registeredRoutes()
    expect(routes.length).toBeGreaterThan(40)
    expect(routes.filter((name) => ROUTE_ROLES[name] === undefined)).toEqual([])
    expect(Object.keys(ROUTE_ROLES).filter((name) => !routes.includes(name))).toEqual([])
  })

  it('leaves a route that it does not name to owners', () => {
    expect(leastRole('POST', '/admin/new-thing')).toBe('owner')
    expect(mayRequest('editor', 'POST', '/admin/readers/7/erase')).toBe(false)
    expect(mayRequest('editor', 'POST', '/admin/readers/7/suppress')).toBe(true)
    expect(mayRequest('viewer', 'GET', '/admin/readers/import?x=1')).toBe(false)
    expect(mayRequest('viewer', 'HEAD', '/admin/readers/7')).toBe(true)
  })

  it('hides forms and buttons that would be refused', () => {
    const page =
      '<form method="post" action="/admin/pause"><button>Pause</button></form><form action="/admin/readers">q</form>' +
      '<details><summary>Add</summary><form method="post" action="/admin/readers">x</form></details>' +
      '<a class="button quiet" href="/admin/readers/import">Import…</a><a href="/admin/queues">Queues</a>' +
      '<form method="post" action="/admin/readers/export">all</form><a class="button" href="data:text/plain,x">Download</a>'
    expect(withoutForbidden(page, 'owner')).toBe(page)
    expect(withoutForbidden(page, 'editor')).not.toContain('export')
    expect(withoutForbidden(page, 'editor')).toContain('Pause')
    expect(withoutForbidden(page, 'viewer')).toBe(
      '<form action="/admin/readers">q</form><a href="/admin/queues">Queues</a>' +
        '<a class="button" href="data:text/plain,x">Download</a>',
    )
  })
})

describe('the server', () => {
  const people = new Map<Role, TestOperator>()
  beforeAll(async () => {
    for (const role of ROLES) await addTestOperator(app, `${role}-ada`, role)
  })
  // Each test runs a day later, when earlier sessions have ended.
  beforeEach(async () => {
    for (const role of ROLES) people.set(role, await loginAs(site, `${role}-ada`))
  })
  afterAll(() => app.ledger.db.deleteFrom('operators').execute())

  it('refuses every request that a role does not allow, and says who may do it', async () => {
    for (const name of await registeredRoutes()) {
      const [method = '', pattern = ''] = name.split(' ')
      const path = pattern.replace(':day', '2026-11-24').replace(/:\w+/g, '1')
      for (const [role, operator] of people) {
        const isAllowed = reaches(role, ROUTE_ROLES[name] ?? 'owner')
        // Allowed actions are left out, because most of them would end or change something.
        if (isAllowed && (method === 'POST' || name.endsWith('/live'))) continue
        const answer = method === 'GET' ? await operator.get(path) : await operator.post(path)
        expect([name, role, answer.status === 403]).toEqual([name, role, !isAllowed])
        if (isAllowed) continue
        expect(answer.body).toContain('Nothing was changed.')
        expect(answer.body).toContain('Ask ')
        expect(answer.body).toContain('owner-ada')
      }
    }
  })

  it('shows a viewer no button that it would refuse, and an editor all but exports', async () => {
    const [viewer, editor] = [people.get('viewer'), people.get('editor')]
    const page = (await viewer?.get('/admin/readers'))?.body ?? ''
    expect(page).not.toMatch(/Add a subscriber|Import|Export|Operators/)
    const other = (await editor?.get('/admin/readers'))?.body ?? ''
    for (const words of ['Add a subscriber', 'Import']) expect(other).toContain(words)
    expect(other).not.toContain('Export')
  })
})
