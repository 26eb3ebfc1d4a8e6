import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { FastifyInstance } from 'fastify'
import { createMetrics } from '../../src/pipeline/metrics.ts'
import { createLogger } from '../../src/platform/log/log.ts'
import { createLinks } from '../../src/security/signed-links.ts'
import { createTokens } from '../../src/security/tokens.ts'
import { createWeb } from '../../src/web/app.ts'

const NOW = new Date('2026-11-24T08:00:00Z')
const INTERNALS =
  /ECONN|db\.internal|postgres|redis|node_modules|\/srv\/|\/src\/|\/dist\/|\.tsx?\b|\bat \S+:\d+|fastify|FST_|helmet|METRICS_TOKEN|\bv?\d+\.\d+\.\d+\b/i

function openWeb(publicUrl: string, hstsSubdomains = false): Promise<FastifyInstance> {
  return createWeb({
    site: {
      brand: { name: 'Paperround', publicUrl, postalAddress: null },
      links: createLinks(publicUrl, createTokens(['a secret of the tests that is long enough'])),
      clock: () => NOW,
    },
    health: {
      readiness: async () => {
        throw new Error('connect ECONNREFUSED db.internal:5432 at /srv/app/dist/src/ledger/connection/database.js:10:3')
      },
      registry: createMetrics(() => NOW).registry,
      metricsToken: 'a token of the tests',
      clock: () => NOW,
      log: createLogger('silent'),
    },
    outbox: null,
    admin: null,
    trustProxy: ['loopback'],
    hstsSubdomains,
    webhooks: {
      openResend: () => ({ kind: 'refused', status: 401, why: 'the signature does not fit' }),
      receive: async () => ({ kind: 'ignored' }),
    },
    log: createLogger('silent'),
  })
}

describe('what a stranger is answered', () => {
  let web: FastifyInstance
  let base = ''
  beforeAll(async () => {
    web = await openWeb('https://papers.example.org')
    base = await web.listen({ port: 0, host: '127.0.0.1' })
  })
  afterAll(() => web.close())

  const JSON_TYPE = { 'content-type': 'application/json' }
  it.each<[string, string, RequestInit, number]>([
    ['a page that is not there', '/no/such/page', {}, 404],
    ['a method that a page does not take', '/healthz', { method: 'DELETE' }, 404],
    ['an address that is no UTF-8', '/unsubscribe/%E0%A4', {}, 404],
    ['a bare percent sign', '/papers/100%', {}, 404],
    ['a very long name', `/assets/${'a'.repeat(2_000)}`, {}, 404],
    ['JSON that is broken', '/no/such/page', { method: 'POST', headers: JSON_TYPE, body: '{"a":' }, 400],
    [
      'a type that nobody knows',
      '/no/such/page',
      { method: 'POST', headers: { 'content-type': 'x/y' }, body: 'a' },
      404,
    ],
    ['too large a body', '/no/such/page', { method: 'POST', headers: JSON_TYPE, body: 'a'.repeat(70_000) }, 413],
    ['a webhook that is not signed', '/webhooks/resend', { method: 'POST', headers: JSON_TYPE, body: '{}' }, 401],
    ['too large a webhook', '/webhooks/resend', { method: 'POST', headers: JSON_TYPE, body: 'a'.repeat(300_000) }, 413],
    ['metrics without their token', '/metrics', {}, 401],
    ['readiness, when asking fails', '/readyz', {}, 503],
    ['health', '/healthz', {}, 200],
  ])('to %s names nothing of what is behind it', async (_what, path, init, status) => {
    const answer = await fetch(base + path, init)
    const headers = JSON.stringify([...answer.headers])
    expect([answer.status, await answer.text()]).toEqual([status, expect.not.stringMatching(INTERNALS)])
    expect(headers).not.toMatch(INTERNALS)
    expect(answer.headers.get('server')).toBeNull()
    expect(answer.headers.get('x-powered-by')).toBeNull()
  })

  it.each([
    ['what is no HTTP', 'HELLO\r\n\r\n'],
    ['endless headers', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`],
  ])('to %s names nothing either', async (_what, bytes) => {
    const { port } = new URL(base)
    const text = await new Promise<string>((resolve) => {
      const chunks: string[] = []
      const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes))
      socket.on('data', (chunk) => chunks.push(chunk.toString()))
      socket.on('close', () => resolve(chunks.join('')))
      socket.on('error', () => {})
    })
    expect(text).toMatch(/^HTTP\/1\.1 4\d\d /)
    expect(text).not.toMatch(INTERNALS)
  })
})

describe('the promise of https', () => {
  it.each([
    ['https://papers.example.org', false, 'max-age=31536000'],
    ['https://papers.example.org/daily', false, 'max-age=31536000'],
    ['https://papers.example.org', true, 'max-age=31536000; includeSubDomains'],
    ['http://papers.example.org', false, undefined],
    ['http://localhost:3000', true, undefined],
  ])('of %s, subdomains included: %s, is %s', async (publicUrl, subdomains, promise) => {
    const web = await openWeb(publicUrl, subdomains)
    const { headers } = await web.inject('/healthz')
    expect(headers['strict-transport-security']).toBe(promise)
    await web.close()
  })
})
