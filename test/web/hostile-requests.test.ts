import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { FastifyInstance } from 'fastify'
import { createWeb } from '../../src/web/app.ts'
import { webDepsOf } from '../../workers/web.ts'
import { addSubscribersFor, QUICKEST } from '../support/app.ts'
import { fieldNames, HOSTILE_VALUES, hostileForms, type Route, routesOf } from '../support/corpora/hostile-requests.ts'
import { WEBHOOK_SECRET } from '../support/corpora/resend-events.ts'
import { PASSWORD, PASSWORD_HASH } from '../support/web/admin.ts'
import { openSite, type TestSite } from '../support/web/site.ts'

const NAMES = fieldNames()
const FORMS = hostileForms(NAMES)
const URLENCODED = 'application/x-www-form-urlencoded'

let site: TestSite
let web: FastifyInstance
let url = ''
let routes: Route[] = []
let visitors = 0
const failures: unknown[] = []

beforeAll(async () => {
  site = await openSite({
    shape: QUICKEST,
    config: {
      adminPassword: PASSWORD_HASH,
      resend: { apiKey: null, baseUrl: 'http://127.0.0.1:1', webhookSecret: WEBHOOK_SECRET },
    },
  })
  await addSubscribersFor(site.app, [{ email: 'ada@example.org' }])
  await site.morning()
  const deps = webDepsOf(site.app, site.place.outbox)
  const log = { ...deps.log, error: (details: unknown) => void failures.push(details) } as typeof deps.log
  web = await createWeb({ ...deps, log })
  await web.ready()
  routes = routesOf(web)
  url = await web.listen({ port: 0, host: '127.0.0.1' })
}, 300_000)
afterAll(async () => {
  await web?.close()
  await site?.close()
})

/** Returns the status of an answer. Every request comes from another network, so that no limit hides a page. */
async function ask(method: string, path: string, headers: Record<string, string> = {}, body?: string | FormData) {
  visitors += 1
  const from = `2001:db8:${(visitors >> 8).toString(16)}:${(visitors & 255).toString(16)}::1`
  const answer = await fetch(url + path, {
    method,
    redirect: 'manual',
    headers: { 'x-forwarded-for': from, ...headers },
    ...(body === undefined ? {} : { body }),
  })
  // The stream of /admin/live never ends.
  const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') === true
  const text = isStream ? '' : await answer.text()
  if (isStream) await answer.body?.cancel()
  return { status: answer.status, text, cookies: answer.headers.getSetCookie() }
}

let session: Awaited<ReturnType<typeof login>> | null = null

/** Returns the operator's session, and a new one after a form has ended the last. */
async function operator() {
  session ??= await login()
  return session
}

/** Returns an operator session as headers and form token. */
async function login(): Promise<{ readonly headers: Record<string, string>; readonly csrf: string }> {
  // The limit on logins is not tested here.
  site.clock.now = new Date(site.clock.now.getTime() + 16 * 60_000)
  const cookieOf = (lines: readonly string[]) => lines.map((line) => line.split(';')[0]).join('; ')
  const csrfOf = (text: string) => /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? ''
  const form = await ask('GET', '/admin/login')
  const cookie = cookieOf(form.cookies)
  const body = new URLSearchParams({ password: PASSWORD, csrf: csrfOf(form.text) }).toString()
  const opened = await ask('POST', '/admin/login', { cookie, 'content-type': URLENCODED }, body)
  const headers = { cookie: cookieOf(opened.cookies) }
  const { text } = await ask('GET', '/admin/sessions', headers)
  if (csrfOf(text) === '') throw new Error(`the operator could not log in: ${opened.status}`)
  return { headers, csrf: csrfOf(text) }
}

/** Returns the route's path with valid parameters: a new subscriber's tokens and id, and a day. */
async function realPath({ path }: Route): Promise<string> {
  visitors += 1
  const [id = ''] = await addSubscribersFor(site.app, [{ email: `reader-${visitors}@example.org` }])
  const { tokens, db } = site.app.ledger
  const delivery = await db.selectFrom('deliveries').select('id').executeTakeFirstOrThrow()
  const purpose = /^\/(confirm|unsubscribe|preferences|feedback|digest|address|feed|saved)\//.exec(path)?.[1]
  const subject = purpose === 'digest' ? delivery.id : id
  const paper = (await db.selectFrom('papers').select('id').executeTakeFirstOrThrow()).id
  const token = purpose === undefined ? 'x' : tokens.sign(purpose as 'digest', subject)
  return path
    .replace(':token', purpose === 'feedback' ? `${token}~${paper}~more` : token)
    .replace(/:(day|date)/, '2026-11-24')
    .replace(/:id/, id)
    .replace(':rest', paper)
    .replace(/:\w+/g, 'x')
}

/** Returns the requests that were answered with 5xx, with the logged errors. */
async function serverErrors(requests: readonly (readonly [label: string, ask: () => Promise<{ status: number }>])[]) {
  const found: unknown[] = []
  for (const [label, run] of requests) {
    failures.length = 0
    const { status } = await run()
    if (status >= 500) found.push([label, status, ...failures])
  }
  return found
}

describe('a stranger who knows every route and every field', () => {
  it('finds all of them', () => {
    const paths = routes.map(({ method, path }) => `${method} ${path}`)
    for (const path of [
      'GET /',
      'GET /search',
      'POST /subscribe',
      'POST /unsubscribe/:token',
      'POST /preferences/:token',
      'GET /feed/:token',
      'POST /saved/:token',

      'GET /paper/:rest',
      'POST /webhooks/resend',
      'GET /admin/readers/:id',
      'POST /admin/login',
      'GET /admin/live',
    ])
      expect(paths).toContain(path)
    expect(paths.length).toBeGreaterThan(60)
    for (const name of ['q', 'interests', 'email', 'before', 'password', 'reason']) expect(NAMES).toContain(name)
  })

  it.each(['without a login', 'with the operator’s session'])(
    'causes no server error by the query, %s',
    async (who) => {
      const { headers } = who === 'without a login' ? { headers: {} } : await operator()
      const asked = routes.filter(
        ({ method, path }) => method === 'GET' && path.startsWith('/admin') === (who !== 'without a login'),
      )
      const requests = []
      for (const route of asked) {
        const path = await realPath(route)
        for (const [kind, query] of Object.entries(FORMS))
          requests.push([`${route.path}, ${kind}`, () => ask('GET', `${path}?${query}`, headers)] as const)
      }
      expect(await serverErrors(requests)).toEqual([])
    },
  )

  it('finds subscribers by a name that comes twice, and days that are none lead nowhere', async () => {
    const { headers } = await operator()
    const found = await ask('GET', '/admin/readers?q=ada%00@example.org&state=frobnicate&state=active', headers)
    // A state that does not exist is a fault that is named, and the other conditions still find her.
    expect([found.status, found.text.includes('ada@example.org')]).toEqual([422, true])
    expect((await ask('GET', '/admin/readers?q=ada&q=example', headers)).status).toBe(200)
    expect((await ask('GET', '/papers/275760-09-13')).status).toBe(404)
  })

  it('causes no server error by the path', async () => {
    const { headers } = await operator()
    const requests = routes
      .filter(({ method, path }) => method === 'GET' && path.includes(':'))
      .flatMap((route) =>
        [...Object.entries(HOSTILE_VALUES), ['a long one', 'a'.repeat(390)] as const].map(
          ([kind, value]) =>
            [`${route.path}, ${kind}`, () => ask('GET', route.path.replace(/:\w+/g, value), headers)] as const,
        ),
      )
    expect(await serverErrors(requests)).toEqual([])
  })

  it('causes no server error by form fields', async () => {
    const requests = []
    for (const route of routes.filter(({ method, path }) => method === 'POST' && !path.startsWith('/webhooks')))
      for (const [kind, form] of Object.entries({
        ...FORMS,
        'fields of 100 KB': NAMES.slice(0, 2)
          .map((name) => `${name}=${'x'.repeat(50_000)}`)
          .join('&'),
        'fields of 20 KB': NAMES.slice(0, 3)
          .map((name) => `${name}=${'%00é'.repeat(3_000)}`)
          .join('&'),
      }))
        requests.push([
          `${route.path}, ${kind}`,
          async () => {
            const isAdmin = route.path.startsWith('/admin') && route.path !== '/admin/login'
            const { headers, csrf } = isAdmin ? await operator() : { headers: {}, csrf: '' }
            const body = isAdmin ? `csrf=${csrf}&${form}` : form
            const answer = await ask('POST', await realPath(route), { ...headers, 'content-type': URLENCODED }, body)
            if (/logout|sessions/.test(route.path)) session = null
            return answer
          },
        ] as const)
    expect(await serverErrors(requests)).toEqual([])
  })

  it('causes no server error by another content type', async () => {
    const deep = `${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`
    const fields = (value: string) => `{${NAMES.map((name) => `"${name}":${value}`).join(',')}}`
    const bodies: [string, string][] = [
      ['application/json', fields('{"$gt":""}')],
      ['application/json', fields('[1,null,{"a":[]},"\\u0000","\\ud800"]')],
      ['application/json', fields('"a\\u0000\\ud800b"')],
      ['application/json', '{"__proto__":{"x":1},"constructor":{"prototype":{}}}'],
      ['application/json', deep],
      ['application/json', 'null'],
      ['text/plain', 'email=a'],
      [
        'multipart/form-data; boundary=x',
        NAMES.map((name) => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\na\0b\r\n`).join('') +
          '--x--\r\n',
      ],
      ['multipart/form-data; boundary=x', '--x\r\n\r\n'],
      ['a/b;;;=', 'x'],
    ]
    const { headers, csrf } = await operator()
    const requests = []
    // Forms behind the login reject posts without a token, but are tried anyway.
    for (const route of routes.filter(
      ({ method, path }) => method === 'POST' && !/webhooks|logout|sessions/.test(path),
    ))
      for (const [type, body] of bodies) {
        const own = body.startsWith('{"') && !body.startsWith('{"a') ? body.replace('{', `{"csrf":"${csrf}",`) : body
        const path = await realPath(route)
        requests.push([
          `${route.path}, ${type}: ${body.slice(0, 60)}`,
          () => ask('POST', path, { ...headers, 'content-type': type }, own),
        ] as const)
      }
    expect(await serverErrors(requests)).toEqual([])
  })
})
