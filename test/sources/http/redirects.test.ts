import type { LookupFunction } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { SOURCE_REDIRECTS_MAX } from '../../../config/limits-sources.ts'
import { redirectFault } from '../../../src/sources/http/http-get.ts'
import { isPrivateHost, isPublicAddress } from '../../../src/sources/http/public-address.ts'
import { get } from '../../../src/sources/http/request.ts'
import { answers, type Handler, startServer } from '../../support/servers/loopback-server.ts'

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

async function serve(...handlers: readonly Handler[]) {
  const server = await startServer(...handlers)
  stops.push(server.stop)
  return server
}

function ask(url: string, lookup?: LookupFunction) {
  return get(url, {
    userAgent: 'x',
    clock: () => new Date('2026-11-24T06:00:00Z'),
    sleep: async () => {},
    ...(lookup === undefined ? {} : { lookup }),
  })
}

const redirects = (location: string, status = 302) => answers(status, '', { location })

/** Resolves every name to 127.0.0.1. */
const loopback = ((_name, { all }, done) =>
  all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)) as LookupFunction

describe('a redirect of a source', () => {
  it('is followed on the source’s own host, up to the limit', async () => {
    const twice = await serve(redirects('/a', 301), redirects('b', 308), answers(200, '[1]'))
    expect(await ask(`${twice.baseUrl}/list`)).toEqual({ kind: 'ok', body: '[1]' })
    expect(twice.requests.map(({ url }) => url)).toEqual(['/list', '/a', '/b'])
    const endless = await serve(redirects('/again'))
    expect(await ask(endless.baseUrl)).toEqual({
      kind: 'failed',
      reason: `more than ${SOURCE_REDIRECTS_MAX} redirects`,
    })
    expect(endless.requests).toHaveLength(SOURCE_REDIRECTS_MAX + 1)
  })

  it('reaches no other server of this machine by any name', async () => {
    const inside = await serve(answers(200, '["secret"]'))
    const { port } = new URL(inside.baseUrl)
    for (const host of ['127.0.0.1', '127.1', '2130706433', '0x7f.1', 'localhost', 'a.localhost', '[::1]', '0.0.0.0'])
      for (const status of [301, 303, 307]) {
        const source = await serve(redirects(`http://${host}:${port}/admin`, status))
        const answer = await ask(source.baseUrl)
        expect([host, answer]).toEqual([host, { kind: 'failed', reason: expect.stringContaining('is not followed') }])
      }
    expect(inside.requests).toEqual([])
  })

  it('is checked by the address that its name has when the connection is made', async () => {
    const inside = await serve(answers(200, '["secret"]'))
    const { port } = new URL(inside.baseUrl)
    const source = await serve(redirects(`http://papers.example.org:${port}/`))
    expect(await ask(source.baseUrl, loopback)).toEqual({
      kind: 'failed',
      reason: expect.stringContaining('papers.example.org has no public address'),
    })
    // The same applies to a base URL with a public name.
    expect(await ask(`http://papers.example.org:${port}/`, loopback)).toMatchObject({ kind: 'failed' })
    expect(inside.requests).toEqual([])
    expect(await ask(`http://mirror.internal:${port}/`, loopback)).toEqual({ kind: 'ok', body: '["secret"]' })
  })

  it.each([
    ['https://papers.example.org/', 'http://papers.example.org/', 'it leads from https to http'],
    ['http://papers.example.org/', 'https://papers.example.org/', null],
    ['https://papers.example.org/', 'https://cdn.example.net/x', null],
    ['https://papers.example.org/', 'https://10.0.0.7/', 'its address is not a public one'],
    ['http://10.0.0.7/', 'https://10.0.0.7/', null],
    ['http://10.0.0.7:8080/', 'http://10.0.0.7:6379/', 'its address is not a public one'],
    ['http://10.0.0.7/', 'http://10.0.0.8/', 'its address is not a public one'],
    ['http://10.0.0.7/', 'ftp://papers.example.org/', 'its scheme is not http or https'],
    ['http://10.0.0.7/', 'file:///etc/passwd', 'its scheme is not http or https'],
    ['http://10.0.0.7/', 'data:text/plain,x', 'its scheme is not http or https'],
  ])('from %s to %s: %s', (from, to, fault) => {
    expect(redirectFault(new URL(to), new URL(from), new URL(from))).toBe(fault)
  })
})

describe('an address of the public internet', () => {
  it.each([
    ['8.8.8.8', true],
    ['2606:4700::1111', true],
    ['64:ff9b::808:808', true], // IPv6-only networks use NAT64 for IPv4.
    ['10.1.2.3', false],
    ['172.31.255.255', false],
    ['192.168.0.1', false],
    ['127.0.0.1', false],
    ['0.0.0.0', false],
    ['169.254.169.254', false],
    ['100.64.0.1', false],
    ['198.18.0.1', false],
    ['224.0.0.1', false],
    ['255.255.255.255', false],
    ['::', false],
    ['::1', false],
    ['fe80::1%eth0', false],
    ['fd00::1', false],
    ['ff02::1', false],
    ['::ffff:127.0.0.1', false],
    ['::7f00:1', false],
    ['64:ff9b::a00:1', false],
    ['64:ff9b:1::a00:1', false],
    ['2002:7f00:1::', false],
    ['2001::1', false],
    ['4000::1', false],
    ['no address', false],
  ])('%s: %s', (address, isPublic) => {
    expect(isPublicAddress(address)).toBe(isPublic)
  })

  it.each([
    ['localhost', true],
    ['mirror', true],
    ['mirror.internal', true],
    ['[::1]', true],
    ['huggingface.co', false],
    ['export.arxiv.org', false],
    ['8.8.8.8', false],
  ])('the host %s has a private name: %s', (host, isPrivate) => {
    expect(isPrivateHost(host)).toBe(isPrivate)
  })
})
