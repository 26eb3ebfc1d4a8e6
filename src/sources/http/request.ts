import type { LookupFunction } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import {
  SOURCE_ANSWER_BYTES_MAX,
  SOURCE_ATTEMPTS_MAX,
  SOURCE_BACKOFF_MS,
  SOURCE_RETRY_AFTER_MS_MAX,
  SOURCE_TIMEOUT_MS,
} from '../../../config/limits-sources.ts'
import type { Clock } from '../../platform/clock.ts'
import { decodeText } from '../../text/decode.ts'
import { httpGet } from './http-get.ts'

/** The result of a GET: a 2xx answer, another HTTP status after all attempts, or no usable answer. */
export type GetAnswer =
  | { readonly kind: 'ok'; readonly body: string }
  | { readonly kind: 'status'; readonly status: number; readonly body: string }
  | { readonly kind: 'failed'; readonly reason: string }

export interface HttpGetDeps {
  /** Identifies us, as sources ask, such as `Paperround/0.1 (+https://…)`. */
  readonly userAgent: string
  readonly clock: Clock
  readonly accept?: string
  readonly sleep?: (ms: number) => Promise<unknown>
  /** From 0 up to 1. */
  readonly random?: () => number
  /** Runs each attempt, such as with a limiter. */
  readonly limiter?: <T>(run: () => Promise<T>) => Promise<T>
  readonly timeoutMs?: number
  /** Ends the request and its attempts. */
  readonly signal?: AbortSignal
  readonly bytesMax?: number
  /** Resolves a host name; by default the system's resolver. */
  readonly lookup?: LookupFunction
  /** Whether a 2xx answer is a temporary error, so that the request is retried. */
  readonly isTemporaryError?: (body: string) => boolean
}

/** A POST that is safe to repeat, such as a query. */
export interface PostInput {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

type Attempt =
  | { readonly answer: GetAnswer; readonly retry: false }
  | { readonly answer: GetAnswer; readonly retry: true; readonly afterMs: number | null }

/**
 * Sends a GET with a timeout for the whole answer, a size limit, and up to SOURCE_ATTEMPTS_MAX attempts. It retries 408,
 * 429, 5xx, network failures and temporary errors with exponential back-off and jitter. A `Retry-After` (RFC 9110 §10.2.3)
 * longer than SOURCE_RETRY_AFTER_MS_MAX ends the attempts. It never throws for a fault of the server.
 */
export async function get(url: string, deps: HttpGetDeps): Promise<GetAnswer> {
  return tryUntilAnswered(url, deps, null)
}

/** Sends a POST like {@link get}, but follows no redirect and does not repeat a 429, which ends the work of its caller. */
export async function post(url: string, input: PostInput, deps: HttpGetDeps): Promise<GetAnswer> {
  return tryUntilAnswered(url, deps, input)
}

async function tryUntilAnswered(url: string, deps: HttpGetDeps, input: PostInput | null): Promise<GetAnswer> {
  const { sleep = wait, random = Math.random, limiter = (run) => run() } = deps
  for (let attempts = 1; ; attempts += 1) {
    const attempt = await limiter(() => tryOnce(url, deps, input))
    if (!attempt.retry || deps.signal?.aborted === true) return attempt.answer
    const backoffMs = SOURCE_BACKOFF_MS * 2 ** (attempts - 1) * (0.5 + random())
    const pauseMs = Math.max(attempt.afterMs ?? 0, backoffMs)
    if (attempts >= SOURCE_ATTEMPTS_MAX) return withNote(attempt.answer, ` (after ${attempts} tries)`)
    if (attempt.afterMs !== null && attempt.afterMs > SOURCE_RETRY_AFTER_MS_MAX) {
      return withNote(attempt.answer, ` (it asks to wait ${Math.ceil(attempt.afterMs / 1000)} s)`)
    }
    await sleep(pauseMs)
  }
}

function withNote(answer: GetAnswer, words: string): GetAnswer {
  return answer.kind === 'failed' ? { kind: 'failed', reason: `${answer.reason}${words}` } : answer
}

async function tryOnce(url: string, deps: HttpGetDeps, input: PostInput | null): Promise<Attempt> {
  const timeoutMs = deps.timeoutMs ?? SOURCE_TIMEOUT_MS
  try {
    const got = await httpGet(url, {
      headers: { ...input?.headers, 'user-agent': deps.userAgent, accept: deps.accept ?? 'application/json' },
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(deps.signal === undefined ? [] : [deps.signal])]),
      bytesMax: deps.bytesMax ?? SOURCE_ANSWER_BYTES_MAX,
      ...(deps.lookup === undefined ? {} : { lookup: deps.lookup }),
      ...(input === null ? {} : { postBody: input.body }),
    })
    if (got.kind === 'refused') return { retry: false, answer: { kind: 'failed', reason: got.reason } }
    const { status } = got
    const ok = status >= 200 && status < 300
    const body = decodeText(got.body, got.contentType)
    const answer: GetAnswer = ok ? { kind: 'ok', body } : { kind: 'status', status, body }
    const mayRetry = (status === 429 && input === null) || status === 408 || status >= 500
    const retry = ok ? deps.isTemporaryError?.(body) === true : mayRetry
    if (!retry) return { retry: false, answer }
    return { retry: true, answer, afterMs: retryAfterMs(got.retryAfter, deps.clock()) }
  } catch (error) {
    return { retry: true, afterMs: null, answer: { kind: 'failed', reason: networkReason(error, timeoutMs) } }
  }
}

function retryAfterMs(header: string | null, now: Date): number | null {
  if (header === null || header.trim() === '') return null
  if (/^\d{1,9}$/.test(header.trim())) return Number(header.trim()) * 1000
  const until = Date.parse(header)
  return Number.isNaN(until) ? null : Math.max(0, until - now.getTime())
}

function networkReason(error: unknown, timeoutMs: number): string {
  if (typeof error !== 'object' || error === null) return `no answer: ${String(error)}`
  const { name, message, code } = error as NodeJS.ErrnoException
  if (name === 'TimeoutError') return `no complete answer within ${timeoutMs / 1000} s`
  return `no complete answer: ${code ?? message}`
}

/** Returns a few words of an error page for the operator: the `error` of JSON, or the beginning of the text. */
export function errorWords(body: string): string {
  const stated = /^\s*\{/.test(body) ? jsonError(body) : null
  const words = (stated ?? body.slice(0, 2_000).replace(/<(style|script|title)[\s\S]*?<\/\1>|<[^>]*>/gi, ' '))
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
  return words.length > 200 ? `${words.slice(0, 199)}…` : words
}

const ERROR_JSON_CHARS_MAX = 64 * 1024

function jsonError(body: string): string | null {
  if (body.length > ERROR_JSON_CHARS_MAX) return null
  try {
    const { error, message } = JSON.parse(body) as { error?: unknown; message?: unknown }
    return typeof error === 'string' ? error : typeof message === 'string' ? message : null
  } catch {
    return null
  }
}
