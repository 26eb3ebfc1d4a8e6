import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { FastifyInstance } from 'fastify'
import { createMetrics } from '../../src/pipeline/metrics.ts'
import { createLogger } from '../../src/platform/log/log.ts'
import { createLinks } from '../../src/security/signed-links.ts'
import { createTokens } from '../../src/security/tokens.ts'
import { createWeb } from '../../src/web/app.ts'
import type { Readiness } from '../../src/web/health.ts'
import { waitingOf } from '../support/sending/waiting.ts'

const WELL: Readiness = {
  faults: [],
  progress: {
    deliveries: [{ state: 'sent', count: 7 }],
    oldestOpenAt: new Date('2026-11-24T07:59:00Z'),
    lastSettledAt: null,
    newestEditionAt: new Date('2026-11-24T07:00:00Z'),
    pausedTransports: 1,
    unaccounted: 2,
  },
  state: 'finished',
  waiting: [
    waitingOf({ why: 'transport-paused', kind: 'quota', transport: 'resend', count: 5 }),
    waitingOf({ count: 3 }),
    waitingOf({ count: 4, reason: null }),
    waitingOf({ mail: 'transactional', count: 2 }),
  ],
  reports: [{ kind: 'bounced', count: 2 }],
  starsReadAt: null,
  notUnderstood: 4,
  suppressions: [{ reason: 'complained', count: 1 }],
  queues: [{ name: 'send', waiting: 3, active: 1, delayed: 0 }],
}
const NOW = new Date('2026-11-24T08:00:00Z')
const TOKEN = 'a token of the tests'

let outbox = ''
let web: FastifyInstance
let base = ''
let state = WELL
beforeAll(async () => {
  outbox = mkdtempSync(join(tmpdir(), 'outbox-'))
  writeFileSync(
    join(outbox, 'digest-1.eml'),
    'From: a@x.org\r\nTo: ada@example.com\r\nSubject: Today <b>&amp;\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<h1>Papers</h1><script>alert(1)</script>\r\n',
  )
  writeFileSync(
    join(outbox, 'digest-2.eml'),
    'From: a@x.org\r\nTo: Grace <grace@real.example>\r\nSubject: Grace’s own\r\n\r\n/unsubscribe/a-token-of-hers\r\n',
  )
  const publicUrl = 'https://papers.example.org'
  web = await createWeb({
    site: {
      brand: { name: 'Paperround', publicUrl, postalAddress: null },
      links: createLinks(publicUrl, createTokens(['a secret of the tests that is long enough'])),
      clock: () => new Date(),
    },
    health: {
      readiness: async () => state,
      registry: createMetrics(() => NOW).registry,
      metricsToken: TOKEN,
      clock: () => NOW,
      log: createLogger('silent'),
    },
    outbox,
    outboxOnlyTo: ['ada@example.com'],
    admin: null,
    trustProxy: ['loopback'],
    hstsSubdomains: false,
    webhooks: { openResend: null, receive: async () => ({ kind: 'ignored' }) },
    log: createLogger('silent'),
  })
  base = await web.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(async () => {
  await web.close()
  rmSync(outbox, { recursive: true, force: true })
})

const get = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(base + path, { headers })
  return {
    status: answer.status,
    body: await answer.text(),
    policy: answer.headers.get('content-security-policy') ?? '',
  }
}

describe('the web process', () => {
  it('is alive, and ready only while ledger and queue answer', async () => {
    expect((await get('/healthz')).status).toBe(200)
    expect((await get('/readyz')).status).toBe(200)
    state = { ...WELL, faults: ['ledger: connection refused'] }
    const broken = await get('/readyz')
    expect([broken.status, JSON.parse(broken.body)]).toEqual([503, { ok: false }])
    const told = await get('/readyz', { authorization: `Bearer ${TOKEN}` })
    expect([told.status, JSON.parse(told.body)]).toEqual([503, { ok: false, faults: ['ledger: connection refused'] }])
    state = WELL
  })

  it('shows metrics to holders of the token', async () => {
    expect((await get('/metrics')).status).toBe(401)
    const { body } = await get('/metrics', { authorization: `Bearer ${TOKEN}` })
    expect(body).toContain('paperround_deliveries{state="sent"} 7')
    expect(body).toContain('paperround_jobs{queue="send",state="waiting"} 3')
    expect(body).toContain('paperround_provider_reports{kind="bounced"} 2')
    expect(body).toContain('paperround_returned_mails_not_understood 4')
    expect(body).toContain('paperround_suppressions{reason="complained"} 1')
    expect(body).toContain('paperround_up 1')
    expect(body).toContain('paperround_oldest_open_seconds 60')
    expect(body).toContain('paperround_edition_age_seconds 3600')
    expect(body).toContain('paperround_holds 1')
    expect(body).toContain('paperround_transport_paused{transport="resend",kind="quota"} 1')
    expect(body).toContain('paperround_deliveries_waiting{why="transport-paused"} 5')
    expect(body).toContain('paperround_deliveries_waiting{why="deferred"} 7')
    expect(body).toContain('paperround_deliveries_waiting{why="unanswered"} 0')
    expect(body).toContain('paperround_notices_waiting{why="deferred"} 2')
    expect(body).toContain('paperround_deliveries_unaccounted 2')
    expect(body).toContain('nodejs_eventloop_lag_seconds')
  })

  it('lists the outbox with what a mail says taken as text, and runs no script of a mail', async () => {
    const list = await get('/outbox')
    expect(list.body).toContain('Today &lt;b&gt;&amp;amp;')
    const mail = await get('/outbox/digest-1.eml/html')
    expect(mail.body).toContain('<h1>Papers</h1>')
    expect(mail.policy).toMatch(/default-src 'none'/)
    expect(mail.policy).not.toMatch(/script-src/)
  })

  it('shows only the messages to the demo’s sample subscribers in the outbox', async () => {
    expect((await get('/outbox')).body).not.toMatch(/Grace|grace/)
    for (const part of ['html', 'text', 'raw']) {
      const { status, body } = await get(`/outbox/digest-2.eml/${part}`)
      expect([part, status, body.includes('a-token-of-hers')]).toEqual([part, 404, false])
    }
  })

  it.each(['/outbox/..%2f..%2fetc%2fpasswd/raw', '/outbox/nothing.eml/html', '/outbox/.eml.html/raw', '/no/such/page'])(
    '%s is not found',
    async (url) => {
      expect((await get(url)).status).toBe(404)
    },
  )
})
