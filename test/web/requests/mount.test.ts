import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { ParsedMail } from 'mailparser'
import { SEARCHES_PER_NETWORK_MINUTE } from '../../../config/limits-web.ts'
import { withoutBase } from '../../../src/web/requests/mount.ts'
import { addSubscribersFor, QUICKEST } from '../../support/app.ts'
import { openAdminSite, PASSWORD, PASSWORD_HASH } from '../../support/web/admin.ts'
import { linksIn, openSite, type TestSite } from '../../support/web/site.ts'

const HOST = 'https://papers.example.org'
/** Also the name of a page, so that removing the wrong one would show. */
const BASE = '/papers'

describe('a website under a path', () => {
  let site: TestSite
  let mails: ParsedMail[]
  beforeAll(async () => {
    site = await openSite({ shape: QUICKEST, config: { publicUrl: `${HOST}${BASE}`, adminPassword: PASSWORD_HASH } })
    await addSubscribersFor(site.app, [{ email: 'ada@example.org', interests: ['agents'] }])
    mails = await site.morning()
  }, 300_000)
  afterAll(() => site?.close())

  it('has no link, form, asset or redirect outside its path', async () => {
    const open = [
      '/',
      ...mails.flatMap(linksIn).map((url) => url.slice(HOST.length)),
      `${BASE}/papers`,
      `${BASE}/robots.txt`,
    ]
    open[0] = BASE
    const seen = new Map<string, number>()
    while (open.length > 0) {
      const address = (open.pop() ?? '').replace(/#.*/, '')
      if (seen.has(address)) continue
      expect([address, address.startsWith(`${BASE}/`) || address === BASE]).toEqual([address, true])
      const { status, body, headers } = await site.get(address, { remoteAddress: `192.0.2.${seen.size % 250}` })
      seen.set(address, status)
      if (headers.location !== undefined) open.push(String(headers.location))
      open.push(...addressesIn(body, String(headers['content-type'])))
    }
    expect([...seen].filter(([, status]) => status >= 400)).toEqual([])
    const kinds = new Set([...seen.keys()].map((address) => address.slice(BASE.length).split(/[/?]/)[1]))
    expect([...kinds].sort()).toEqual(
      [
        '',
        'archive',
        'assets',
        'digest',
        'feed',
        'feed.json',
        'feed.xml',
        'feedback',
        'fresh-link',
        'interests',
        'month',
        'paper',
        'papers',
        'preferences',
        'rising',
        'robots.txt',
        'saved',
        'scorecard',
        'search',
        'sitemap.xml',
        'subscribe',
        'topics',
        'unsubscribe',
        'week',
      ].sort(),
    )
  }, 300_000)

  it('accepts forms and redirects within its path', async () => {
    const preferences =
      mails
        .flatMap(linksIn)
        .find((url) => url.includes('/preferences/'))
        ?.slice(HOST.length) ?? ''
    const saved = await site.post(preferences, { hour: '7' })
    expect([saved.status, String(saved.headers.location).split('?')]).toEqual([303, [preferences, 'saved=preferences']])
    const leave =
      mails
        .flatMap(linksIn)
        .find((url) => url.includes('/unsubscribe/'))
        ?.slice(HOST.length) ?? ''
    expect((await site.post(leave, { 'List-Unsubscribe': 'One-Click' })).status).toBe(200)
  })

  it('names the worker of the proof of work inside', async () => {
    const post = (index: number) => site.post(`${BASE}/subscribe`, { email: `visitor${index}@example.org` })
    // Without a form token, the fourth post of a network requires work.
    for (let index = 0; index < 3; index += 1) await post(index)
    const script = /data-script="([^"]+)"/.exec((await post(3)).body)?.[1] ?? ''
    expect(script.startsWith(`${BASE}/assets/proof-of-work.js`)).toBe(true)
    expect((await site.get(script)).status).toBe(200)
  })

  it('serves the admin pages and their live updates within its path', async () => {
    const desk = await openAdminSite(site.app)
    try {
      const operator = desk.operator()
      await operator.get(`${BASE}/admin/login`)
      expect((await operator.post(`${BASE}/admin/login`, { password: PASSWORD })).location).toBe(`${BASE}/admin`)
      const page = await operator.get(`${BASE}/admin`)
      const live = /data-live="([^"]+)"/.exec(page.body)?.[1] ?? ''
      const cookie = [...operator.jar].map(([name, value]) => `${name}=${value}`).join('; ')
      const blocks = await firstEvent(new URL(live, desk.url), cookie)
      const addresses = [...addressesIn(page.body, 'text/html'), live, ...addressesIn(blocks, 'text/html')]
      expect(addresses.filter((address) => !`${address}/`.startsWith(`${BASE}/`))).toEqual([])
      expect(blocks).toContain(`action="${BASE}/admin/pause"`)
    } finally {
      await desk.close()
    }
  })

  it('gives robots and feed readers absolute addresses', async () => {
    expect((await site.get(`${BASE}/robots.txt`)).body).toMatch(
      /Disallow: \/papers\/preferences\/\n[\s\S]*Sitemap: https:\/\/papers\.example\.org\/papers\/sitemap\.xml/,
    )
    expect((await site.get(`${BASE}/feed.xml`)).body).toContain(`<id>${HOST}${BASE}/paper/`)
  })

  it('answers probes, which ask the port itself, at the root', async () => {
    expect((await site.get('/healthz')).status).toBe(200)
  })

  it('limits searches and feeds per visitor and minute, and says when to try again', async () => {
    const ask = (url: string, ip: string) => site.get(url, { remoteAddress: ip })
    const paths = [`${BASE}/search?q=agents`, `${BASE}/feed.xml?q=agents`]
    for (let n = 0; n < SEARCHES_PER_NETWORK_MINUTE; n += 1)
      expect((await ask(paths[n % 2] ?? '', '198.51.100.7')).status).toBe(200)
    for (const path of paths) {
      const refused = await ask(path, '198.51.100.7')
      expect(refused.status).toBe(429)
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
      expect(refused.body).toMatch(/<h1>Too many requests<\/h1>[\s\S]*wait a minute/)
      expect(refused.headers['content-security-policy']).toMatch(/default-src 'none'/)
    }
    expect((await ask(paths[0] ?? '', '198.51.100.8')).status).toBe(200)
    expect((await ask(BASE, '198.51.100.7')).status).toBe(200)
  })
})

describe('the base of an address', () => {
  it.each([
    ['', '/search', '/search'],
    ['/papers', '/papers', '/'],
    ['/papers', '/papers?interests=agents', '/?interests=agents'],
    ['/papers', '/papers/papers/2026-11-24', '/papers/2026-11-24'],
    ['/paper', '/papers/2026-11-24', '/papers/2026-11-24'],
    ['/papers', '/healthz', '/healthz'],
    ['/a/b', '/a/b/search?q=/a/b', '/search?q=/a/b'],
  ])('%j is taken off %s, which leaves %s', (base, url, rest) => {
    expect(withoutBase(base, url)).toBe(rest)
  })
})

/** Returns the blocks of the first server-sent event. */
async function firstEvent(url: URL, cookie: string): Promise<string> {
  const answer = await fetch(url, { headers: { cookie } })
  let text = ''
  for await (const chunk of answer.body ?? []) {
    text += Buffer.from(chunk).toString()
    const data = /^data: (.+)$/m.exec(text)?.[1]
    if (data !== undefined) return Object.values(JSON.parse(data) as Record<string, string>).join('\n')
  }
  return ''
}

/** Returns our own addresses in a page, sitemap, feed, script or robots.txt. */
function addressesIn(body: string, type: string): string[] {
  const attributes = [...body.matchAll(/ (?:href|src|action|formaction)="([^"]+)"/g)].map((match) => match[1] ?? '')
  const whole = body.match(/https:\/\/papers\.example\.org[^\s"'<>]*/g) ?? []
  const found = type.startsWith('text/html') || type.includes('xml') ? [...attributes, ...whole] : whole
  return found
    .map((address) => address.replaceAll('&amp;', '&').replace(/^https:\/\/papers\.example\.org/, ''))
    .filter((address) => address.startsWith('/') && !address.startsWith('//'))
}
