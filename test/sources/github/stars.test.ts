import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { repositoryOf } from '../../../src/domain/stars.ts'
import { readStars } from '../../../src/sources/github/stars.ts'
import { GITHUB_TOKEN, startGithub } from '../../support/servers/github-server.ts'
import { answers, cuts, floods, hangs, notedSleep, startServer } from '../../support/servers/loopback-server.ts'

const NOW = new Date('2026-11-24T00:10:00Z')

let github: Awaited<ReturnType<typeof startGithub>>
beforeEach(async () => {
  github = await startGithub([
    ['ada/engine', 1_240],
    ['ada/engine-2', 7],
  ])
})
afterEach(() => github.stop())

const read = (repositories: readonly string[], token = GITHUB_TOKEN) =>
  readStars(repositories, {
    baseUrl: `${github.baseUrl}/`,
    token,
    userAgent: 'Paperround/0.1 (+x)',
    clock: () => NOW,
    sleep: notedSleep().sleep,
    random: () => 0,
    timeoutMs: 300,
  })

describe('the link to a paper’s code', () => {
  it.each([
    ['https://github.com/Ada/Engine', 'ada/engine'],
    ['http://www.github.com/ada/engine/', 'ada/engine'],
    ['https://github.com/ada/engine.git', 'ada/engine'],
    ['https://github.com/ada/engine/tree/main/src#readme', 'ada/engine'],
    ['https://github.com//ada//engine?tab=readme', 'ada/engine'],
    ['https://github.com/ada/engine.js_2', 'ada/engine.js_2'],
    ['https://github.com/ada_corp/engine', 'ada_corp/engine'],
    ['https://github.com/ada', null],
    ['https://github.com/ada/..', null],
    ['https://github.com/ada/%22evil', null],
    ['https://gist.github.com/ada/123', null],
    ['https://github.com.example.org/ada/engine', null],
    ['https://gitlab.com/ada/engine', null],
    ['not a link', null],
    [undefined, null],
  ])('%s leads to the repository %s', (link, repository) => {
    expect(repositoryOf(link)).toBe(repository)
  })
})

describe('stars from GitHub', () => {
  it('are read for many repositories with one query, and the token is sent in its header', async () => {
    const { stars, fault } = await read(['ada/engine', 'ada/engine-2'])
    expect([[...stars], fault]).toEqual([
      [
        ['ada/engine', 1_240],
        ['ada/engine-2', 7],
      ],
      null,
    ])
    expect(github.asked).toEqual([['ada/engine', 'ada/engine-2']])
    expect(github.tokens).toEqual([`bearer ${GITHUB_TOKEN}`])
  })

  it('are those of the new name after a rename, and null for a repository that is gone or hidden', async () => {
    github.renamed.set('ada/old', 'ada/engine')
    github.forbidden.add('ada/secret')
    const { stars, fault } = await read(['ada/old', 'ada/gone', 'ada/secret'])
    expect([Object.fromEntries(stars), fault]).toEqual([
      { 'ada/old': 1_240, 'ada/gone': null, 'ada/secret': null },
      null,
    ])
  })

  it('are left out for a repository that GitHub could not read this time', async () => {
    const error = { type: 'INTERNAL', path: ['r1'], message: 'Something went wrong while executing your query.' }
    const body = { data: { r0: { stargazerCount: 5 }, r1: null }, errors: [error] }
    github.instead.push(answers(200, JSON.stringify(body)))
    const { stars, fault } = await read(['ada/engine', 'ada/slow'])
    expect([[...stars], fault]).toEqual([[['ada/engine', 5]], null])
  })

  it.each([
    [
      'limited',
      'the points of the hour',
      200,
      '{"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded"}]}',
    ],
    ['limited', 'bursts', 403, '{"message":"You have exceeded a secondary rate limit."}'],
    ['limited', 'bursts, with 429', 429, '{"message":"Too many requests"}'],
    ['refused', 'another use of the token', 403, '{"message":"Resource not accessible by personal access token"}'],
    ['failed', 'the path', 404, '{"message":"Not Found"}'],
    ['failed', 'a page in place of JSON', 200, '<html>proxy</html>'],
    ['failed', 'an unknown shape', 200, '{"data":[1]}'],
    ['failed', 'the query', 200, '{"errors":[{"message":"Parse error on \\"x\\""}]}'],
  ] as const)('are %s when GitHub objects to %s, and it is asked only once', async (kind, _what, status, body) => {
    github.instead.push(answers(status, body, { 'retry-after': '1' }))
    const { stars, fault } = await read(['ada/engine'])
    expect([stars.size, fault?.kind, github.tokens.length]).toEqual([0, kind, 1])
    expect(fault?.reason).toMatch(/^GitHub answered/)
  })

  it('are refused with a wrong token, and the token is in no reason', async () => {
    const { fault } = await read(['ada/engine'], 'ghp_wrong_secret')
    expect(fault).toEqual({ kind: 'refused', reason: 'GitHub answered HTTP 401: Bad credentials' })
  })

  it('stop while points are left for other programs, and keep the last answer', async () => {
    github.points = 150
    const { stars, fault } = await read(['ada/engine'])
    expect([stars.get('ada/engine'), fault]).toEqual([
      1_240,
      { kind: 'limited', reason: 'GitHub leaves 149 points until 2026-11-24T01:00:00Z' },
    ])
  })

  it('are read again after a 502 and a cut connection, as GitHub ends slow queries', async () => {
    github.instead.push(answers(502, '<html>Unicorn!</html>'), cuts)
    expect((await read(['ada/engine'])).stars.get('ada/engine')).toBe(1_240)
  })

  it.each([
    ['no answer', hangs, /no complete answer within 0.3 s/],
    ['an endless answer', floods, /larger than 1048576 bytes/],
  ] as const)('fail after %s', async (_what, handler, reason) => {
    github.instead.push(handler, handler, handler, handler)
    const { fault } = await read(['ada/engine'])
    expect(fault).toEqual({ kind: 'failed', reason: expect.stringMatching(reason) })
  })

  it('follow no redirect, so that no other host gets the token', async () => {
    const other = await startServer(answers(200, '{}'))
    const reasons = []
    for (const status of [301, 307]) {
      github.instead.push(answers(status, '', { location: `${other.baseUrl}/graphql` }))
      reasons.push((await read(['ada/engine'])).fault?.reason)
    }
    await other.stop()
    expect(other.requests).toEqual([])
    const refused = `GitHub gave a redirect to ${other.baseUrl}, which is not followed`
    expect(reasons).toEqual([refused, refused])
  })
})
