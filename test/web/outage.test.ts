import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { day } from '../../src/domain/day.ts'
import { readSubscriber } from '../../src/ledger/subscribers/subscribers.ts'
import { sampleSource } from '../../src/sources/sample.ts'
import { createWeb } from '../../src/web/app.ts'
import type { App } from '../../workers/app/app.ts'
import { webDepsOf } from '../../workers/web.ts'
import { addSubscribersFor, isPresent, openInstallation, openTestApp, type TestInstallation } from '../support/app.ts'
import { startTcpProxy, type TcpProxy } from '../support/servers/tcp-proxy.ts'
import { until } from '../support/until.ts'

const present = isPresent('PostgreSQL')
const DAY = day('2026-11-24')
const ADMIN_PASSWORD = 'a password of the tests, long enough'

/** Words that the public must not see: drivers, hosts, files, tables, versions. */
const INTERNALS =
  /ECONN|127\.0\.0\.1|postgres|redis|pglite|\bpg\b|node_modules|\/src\/|\/dist\/|\.ts\b|\bat \S+:\d+|select |insert |fastify|FST_|helmet|\bv?\d+\.\d+\.\d+\b|paperround-|DatabaseGone|connection terminated/i

describe('while the database is down', () => {
  let place: TestInstallation
  let app: App
  let web: FastifyInstance
  let proxy: TcpProxy
  const clock = { now: new Date('2026-11-24T09:00:00Z') }
  let names = 0
  beforeAll(async () => {
    if (!present) return
    place = await openInstallation('PostgreSQL', {
      adminPassword: ADMIN_PASSWORD,
      resend: { apiKey: null, baseUrl: 'http://127.0.0.1:1', webhookSecret: `whsec_${btoa('a secret of the tests')}` },
    })
    proxy = await startTcpProxy(place.config.databaseUrl ?? '')
    place = { ...place, config: { ...place.config, databaseUrl: proxy.url } }
    app = await openTestApp(place, () => clock.now)
    web = await createWeb(webDepsOf(app, null))
    await app.publish(DAY, [sampleSource({ clock: app.clock })])
  })
  afterAll(async () => {
    await proxy?.reset()
    await web?.close()
    await app?.close()
    await proxy?.cut()
    await place?.close()
  })
  beforeEach(() => proxy?.reset())
  const test = present ? it : it.skip

  /** As after the first seconds of an outage, in which the pool waits for a restart. */
  const cut = async () => {
    await proxy.cut()
    await until('the pool has seen that its connections are gone', () => app.ledger.pool.totalCount === 0)
    ;(app.ledger.pool as unknown as { answers: boolean }).answers = false
  }
  const subscriber = async () => {
    names += 1
    const [id = ''] = await addSubscribersFor(app, [{ email: `reader${names}@example.org` }])
    return { id, path: new URL(app.links.subscriber('unsubscribe', id)).pathname }
  }
  const stateOf = async (id: string) => (await readSubscriber(app.ledger.db, id))?.state
  const form = (url: string, payload: string): InjectOptions => ({
    method: 'POST',
    url,
    payload,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
  })
  const oneClick = (path: string) => web.inject(form(path, 'List-Unsubscribe=One-Click'))
  const waiting = () => {
    const dir = join(place.config.dataDir, 'unsubscribes')
    return existsSync(dir) ? readdirSync(dir) : []
  }

  test('a one-click is taken, kept, and applied before anything is sent when the database is back', async () => {
    const [ada, eve] = [await subscriber(), await subscriber()]
    await app.dispatch(DAY, { kind: 'everyone' }, { waitForWindow: false })
    const parcels = await app.ledger.db.selectFrom('parcels').select('id').execute()
    expect(parcels).toHaveLength(2)
    await cut()
    for (const _time of [1, 2]) {
      const answer = await oneClick(ada.path)
      expect([answer.statusCode, answer.body]).toEqual([
        200,
        'You are unsubscribed. You will receive no more digests.\n',
      ])
    }
    expect((await oneClick(`${ada.path}x`)).statusCode).toBe(404)
    expect(waiting()).toEqual(['open.jsonl'])
    await expect(app.applyUnsubscribes()).rejects.toThrow()
    await proxy.reset()
    for (const { id } of parcels) await app.deliver(id)
    expect([await stateOf(ada.id), await stateOf(eve.id)]).toEqual(['unsubscribed', 'active'])
    const sent = await app.ledger.db.selectFrom('deliveries').select(['subscriber_id', 'state']).execute()
    expect(sent.sort((a, b) => a.subscriber_id.localeCompare(b.subscriber_id)).map(({ state }) => state)).toEqual([
      'skipped',
      'sent',
    ])
    expect(waiting()).toEqual([])
  })

  test('a press of the page’s button is taken too, and its reader gets the goodbye', async () => {
    const ada = await subscriber()
    await cut()
    const answer = await web.inject(form(ada.path, ''))
    expect([answer.statusCode, answer.body.includes('<h1>You are unsubscribed</h1>')]).toEqual([200, true])
    await proxy.reset()
    await app.reconcile({ editions: false })
    expect(await stateOf(ada.id)).toBe('unsubscribed')
    const goodbyes = await app.ledger.db
      .selectFrom('transactional_emails')
      .select('kind')
      .where('subscriber_id', '=', ada.id)
      .execute()
    expect(goodbyes).toEqual([{ kind: 'goodbye' }])
  })

  test('a wish that is applied late does not end a subscription that was renewed since', async () => {
    const ada = await subscriber()
    await cut()
    await oneClick(ada.path)
    await proxy.reset()
    clock.now = new Date(clock.now.getTime() + 60_000)
    const { subscribers } = app.ledger
    await subscribers.unsubscribe({ subscriberId: ada.id, by: 'page', at: clock.now }, { deferred: false })
    clock.now = new Date(clock.now.getTime() + 60_000)
    await web.inject(form(ada.path, 'undo=1'))
    expect(await app.applyUnsubscribes()).toBe(1)
    expect(await stateOf(ada.id)).toBe('active')
  })

  test('a one-click that cannot be kept is answered with 503 and when to come again', async () => {
    const ada = await subscriber()
    await cut()
    const dir = join(place.config.dataDir, 'unsubscribes')
    rmSync(dir, { recursive: true, force: true })
    writeFileSync(dir, 'a file is in the way')
    const answer = await oneClick(ada.path)
    rmSync(dir)
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '30'])
    expect(answer.body).not.toMatch(INTERNALS)
  })

  test('every page is answered with 503, a word that people understand, and nothing of what is behind it', async () => {
    const { id } = await subscriber()
    const link = (purpose: Parameters<typeof app.ledger.tokens.sign>[0], subject = id) =>
      `/${purpose}/${app.ledger.tokens.sign(purpose, subject)}`
    const uuid = '00000000-0000-4000-8000-000000000000'
    const formToken = app.ledger.tokens.sign('form', `${clock.now.getTime() - 60_000} 2026-11`)
    const login = await web.inject('/admin/login')
    const csrf = /name="csrf" value="([^"]+)"/.exec(login.body)?.[1] ?? ''
    await cut()
    const asked: InjectOptions[] = [
      ...['/', `/papers/${DAY}`, '/archive', '/paper/2603.07660', '/search?q=attention', '/feed.xml', '/sitemap.xml'],
      ...[
        '/topics',
        '/week',
        '/month',
        '/rising',
        '/feed.json',
        '/scorecard',
        '/?interests=attention',
        '/interests/matching?q=attention',
      ],
      ...[link('unsubscribe'), link('preferences'), `${link('preferences')}/data`, `${link('preferences')}/erase`],
      ...[link('feed'), `${link('feed')}/json`, link('saved'), `${link('saved')}/csv`, `${link('saved')}/bibtex`],
      ...[link('digest'), `${link('feedback')}~2603.07660~save`, link('address', uuid), link('confirm', uuid)],
    ].map((url) => ({ method: 'GET' as const, url }))
    asked.push(
      form('/subscribe', `email=ada%40example.org&form=${formToken}`),
      form('/subscribe', 'email=ada%40example.org'),
      form(link('confirm', uuid), ''),
      form(link('preferences'), 'section=pause'),
      form(`${link('preferences')}/erase`, ''),
      form(link('address', uuid), ''),
      form(link('fresh-link'), ''),
      form(`${link('feedback')}~2603.07660~more`, ''),
      form(link('saved'), 'paper=2603.07660'),
      form(link('unsubscribe'), 'undo=1'),
      {
        ...form('/admin/login', new URLSearchParams({ csrf, password: ADMIN_PASSWORD }).toString()),
        cookies: Object.fromEntries(login.cookies.map(({ name, value }) => [name, value])),
      },
    )
    const answers = await Promise.all(asked.map((each) => web.inject(each)))
    const got = answers.map(({ statusCode, headers }, at) => [
      asked[at]?.method,
      String(asked[at]?.url).slice(0, 20),
      statusCode,
      statusCode === 503 ? headers['retry-after'] : null,
    ])
    expect(got.filter(([, , status, retry]) => status !== 503 || retry !== '30')).toEqual([])
    for (const { body } of answers) {
      expect(body).toContain('<h1>Back in a moment</h1>')
      expect(body).not.toMatch(INTERNALS)
    }
    const ready = await web.inject('/readyz')
    expect([ready.statusCode, ready.json()]).toEqual([503, { ok: false }])
    expect((await web.inject('/healthz')).statusCode).toBe(200)
  })
})
