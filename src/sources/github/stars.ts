import { z } from 'zod'
import {
  STARS_ANSWER_BYTES_MAX,
  STARS_BATCH,
  STARS_POINTS_KEPT,
  STARS_TIMEOUT_MS,
} from '../../../config/limits-stars.ts'
import type { StarsFault } from '../../domain/stars.ts'
import { parseJson } from '../http/answer-bounds.ts'
import { errorWords, type HttpGetDeps, post } from '../http/request.ts'

export interface GithubDeps extends Pick<HttpGetDeps, 'sleep' | 'random' | 'timeoutMs' | 'lookup' | 'signal'> {
  /** The API, by default `https://api.github.com`. */
  readonly baseUrl: string
  /** Sent to `baseUrl` only. */
  readonly token: string
  readonly userAgent: string
  readonly clock: () => Date
}

/**
 * `read`: the stars of each repository, or null if GitHub has none by this name or does not show it. A repository that GitHub
 * could not read this time is left out. `fault` says why no further query may follow.
 */
export interface StarsAnswer {
  readonly stars: ReadonlyMap<string, number | null>
  readonly fault: { readonly kind: StarsFault; readonly reason: string } | null
}

/**
 * Reads the stars of up to STARS_BATCH repositories (`owner/name`) in one query of the GraphQL API. GitHub follows renames. It
 * answers with status 200 when the limit of the hour is used up, and with 403 or 429 when it limits bursts
 * (https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api). Both end the round.
 */
export async function readStars(repositories: readonly string[], deps: GithubDeps): Promise<StarsAnswer> {
  const asked = repositories.slice(0, STARS_BATCH)
  const answer = await post(
    `${deps.baseUrl.replace(/\/+$/, '')}/graphql`,
    {
      body: JSON.stringify(queryOf(asked)),
      headers: { authorization: `bearer ${deps.token}`, 'content-type': 'application/json' },
    },
    { ...deps, timeoutMs: deps.timeoutMs ?? STARS_TIMEOUT_MS, bytesMax: STARS_ANSWER_BYTES_MAX },
  )
  if (answer.kind === 'failed') return faulty('failed', `GitHub gave ${answer.reason}`)
  if (answer.kind === 'status') return refusalOf(answer.status, wordsOf(answer.body))
  return starsIn(answer.body, asked)
}

/** Variables carry the names, so that no name can change the query. */
function queryOf(repositories: readonly string[]) {
  const parameters = repositories.map((_, at) => `$o${at}:String!,$n${at}:String!`).join(',')
  const fields = repositories.map((_, at) => `r${at}:repository(owner:$o${at},name:$n${at}){stargazerCount}`).join(' ')
  const variables = repositories.flatMap((repository, at) => {
    const [owner, name] = repository.split('/')
    return [
      [`o${at}`, owner],
      [`n${at}`, name],
    ]
  })
  const signature = parameters === '' ? '' : `(${parameters})`
  return {
    query: `query${signature}{rateLimit{remaining resetAt} ${fields}}`,
    variables: Object.fromEntries(variables),
  }
}

function refusalOf(status: number, words: string): StarsAnswer {
  const said = `GitHub answered HTTP ${status}${words === '' ? '' : `: ${words}`}`
  if (status === 429 || (status === 403 && /rate limit|abuse/i.test(words))) return faulty('limited', said)
  return faulty(status === 401 || status === 403 ? 'refused' : 'failed', said)
}

const answerSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(
      z.object({
        type: z.string().nullish().catch(null),
        message: z.string().catch(''),
        path: z.array(z.unknown()).nullish().catch(null),
      }),
    )
    .nullish()
    .catch(null),
})
const repositorySchema = z.object({ stargazerCount: z.number().int().nonnegative().max(1e9) })
const limitSchema = z.object({ remaining: z.number(), resetAt: z.string().catch('') })

/** Errors of one repository that stay until someone changes it: it is gone, private, blocked, or hidden by its owner. */
const LASTING = ['NOT_FOUND', 'FORBIDDEN']

function starsIn(body: string, asked: readonly string[]): StarsAnswer {
  const parsed = parseJson(body)
  if (!parsed.ok) return faulty('failed', `GitHub answered with something that ${parsed.fault}`)
  const checked = answerSchema.safeParse(parsed.json)
  if (!checked.success) return faulty('failed', 'GitHub answered in an unknown shape')
  const { data, errors } = checked.data
  const general = (errors ?? []).find(({ path }) => path == null)
  const lasting = new Set(
    (errors ?? []).flatMap(({ type, path }) => (LASTING.includes(type ?? '') ? [String(path?.[0])] : [])),
  )
  const stars = new Map<string, number | null>()
  asked.forEach((repository, at) => {
    const found = repositorySchema.safeParse(data?.[`r${at}`])
    if (found.success) stars.set(repository, found.data.stargazerCount)
    else if (lasting.has(`r${at}`)) stars.set(repository, null)
  })
  const limited = (errors ?? []).find(({ type, message }) => /rate.?limit/i.test(`${type} ${message}`))
  if (limited !== undefined) return { stars, fault: { kind: 'limited', reason: said(limited.message) } }
  if (general !== undefined && stars.size === 0)
    return { stars, fault: { kind: 'failed', reason: said(general.message) } }
  const limit = limitSchema.safeParse(data?.rateLimit)
  if (limit.success && limit.data.remaining < STARS_POINTS_KEPT)
    return {
      stars,
      fault: { kind: 'limited', reason: `GitHub leaves ${limit.data.remaining} points until ${limit.data.resetAt}` },
    }
  return { stars, fault: null }
}

function said(message: string): string {
  return `GitHub answered: ${wordsOf(message)}`
}

/** Returns GitHub's words without the final dot, because the reason is a part of a sentence. */
function wordsOf(text: string): string {
  return errorWords(text).replace(/\.$/, '')
}

function faulty(kind: StarsFault, reason: string): StarsAnswer {
  return { stars: new Map(), fault: { kind, reason } }
}
