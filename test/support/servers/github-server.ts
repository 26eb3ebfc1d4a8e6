import { createServer } from 'node:http'
import type { Handler } from './loopback-server.ts'
import { listen } from './ports.ts'

export const GITHUB_TOKEN = 'github_pat_of_the_tests'

interface Query {
  readonly query: string
  readonly variables: Readonly<Record<string, string>>
}

/**
 * GitHub’s GraphQL API on loopback, as far as stars go: it answers the repositories that it has, follows renames, and gives
 * errors in GitHub’s words. A query costs a point, and without points it answers with status 200 and an error.
 */
export async function startGithub(repositories: Iterable<readonly [string, number]>) {
  const github = {
    baseUrl: '',
    stars: new Map(repositories),
    /** Old name → new name. */
    renamed: new Map<string, string>(),
    forbidden: new Set<string>(),
    points: 5_000,
    /** The repositories of each query. */
    asked: [] as string[][],
    tokens: [] as string[],
    /** Answers the next requests, one each, in place of the API. */
    instead: [] as Handler[],
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk) => {
      text += chunk
    })
    request.on('end', () => {
      github.tokens.push(request.headers.authorization ?? '')
      const other = github.instead.shift()
      if (other !== undefined) return other(request, response)
      const send = (status: number, json: unknown) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json))
      if (request.method !== 'POST' || request.url !== '/graphql') return send(404, { message: 'Not Found' })
      if (!request.headers['user-agent']) return send(403, { message: 'Request forbidden by administrative rules.' })
      if (request.headers.authorization !== `bearer ${GITHUB_TOKEN}`)
        return send(401, { message: 'Bad credentials', documentation_url: 'https://docs.github.com/graphql' })
      send(200, github.points > 0 ? answerOf(JSON.parse(text)) : LIMITED)
    })
  })
  const answerOf = ({ query, variables }: Query) => {
    github.points -= 1
    const data: Record<string, unknown> = {
      rateLimit: { remaining: github.points, resetAt: '2026-11-24T01:00:00Z' },
    }
    const errors: unknown[] = []
    const names: string[] = []
    for (const [, field = '', owner = '', name = ''] of query.matchAll(
      /(r\d+):repository\(owner:\$(o\d+),name:\$(n\d+)\)\{stargazerCount\}/g,
    )) {
      const asked = `${variables[owner]}/${variables[name]}`
      names.push(asked)
      const count = github.stars.get(github.renamed.get(asked) ?? asked)
      const type = github.forbidden.has(asked) ? 'FORBIDDEN' : count === undefined ? 'NOT_FOUND' : null
      data[field] = type === null ? { stargazerCount: count } : null
      const message = `Could not resolve to a Repository with the name '${asked}'.`
      if (type !== null) errors.push({ type, path: [field], message })
    }
    github.asked.push(names)
    return errors.length === 0 ? { data } : { data, errors }
  }
  github.baseUrl = `http://127.0.0.1:${await listen(server)}`
  return github
}

const LIMITED = { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded for user ID 1.' }] }
