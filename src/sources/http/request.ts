import type { LookupFunction } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import {
  SOURCE_ANSWER_BYTES_MAX,
  SOURCE_ATTEMPTS_MAX,
  SOURCE_BACKOFF_MS,
  SOURCE_RETRY_AFTER_MS_MAX,
  SOURCE_TIMEOUT_MS,
} from '../../../config/limits.ts'
import type { Clock } from '../../platform/clock.ts'

import { decodeText } from '../../text/decode.ts'
import { httpGet } from './http-get.ts'

/** How one GET ended: an answer (2xx), another HTTP status after all tries, or no usable answer at all. */
export type GetAnswer =
  | { readonly kind: 'ok'; readonly body: string }
  | { readonly kind: 'status'; readonly status: number; readonly body: string }
  | { readonly kind: 'failed'; readonly reason: string }

export interface HttpGetDeps {
  /** Sources ask their users to say who they are; such as `Paperround/0.1 (+https://…)`. */
  readonly userAgent: string
  readonly clock: Clock
  readonly accept?: string
  readonly sleep?: (ms: number) => Promise<unknown>
  /** From 0 up to 1. */
  readonly random?: () => number
  /** Runs every single try, such as a limiter that spaces them. */
  readonly turn?: <T>(run: () => Promise<T>) => Promise<T>
  readonly timeoutMs?: number
  readonly bytesMax?: number
  /** Finds the addresses of a name; the system's by default. */
  readonly lookup?: LookupFunction
  /** Says of an answer with a good status whether it is an error all the same, and is to be asked for again. */
  readonly isPassing?: (body: string) => boolean
}

type Try =
  | { readonly answer: GetAnswer; readonly again: false }
  | { readonly answer: GetAnswer; readonly again: true; readonly afterMs: number | null }

/**
 * One GET with bounds: a time-out over the whole answer, a size cap while it streams, and up to
 * SOURCE_ATTEMPTS_MAX tries with exponential back-off and jitter for 408, 429, 5xx, network failures and
 * answers that `isPassing` refuses. A `Retry-After` (RFC 9110 §10.2.3) is honoured up to SOURCE_RETRY_AFTER_MS_MAX; a
 * longer one ends the tries. Never throws for what the other side does.
 */
export async function get(url: string, parts: HttpGetDeps): Promise<GetAnswer> {
  const { sleep = wait, random = Math.random, turn = (run) => run() } = parts
  for (let tries = 1; ; tries += 1) {
    const done = await turn(() => tryOnce(url, parts))
    if (!done.again) return done.answer
    const backoffMs = SOURCE_BACKOFF_MS * 2 ** (tries - 1) * (0.5 + random())
    const pauseMs = Math.max(done.afterMs ?? 0, backoffMs)
    if (tries >= SOURCE_ATTEMPTS_MAX) return worded(done.answer, ` (after ${tries} tries)`)
    if (done.afterMs !== null && done.afterMs > SOURCE_RETRY_AFTER_MS_MAX) {
      return worded(done.answer, ` (it asks to wait ${Math.ceil(done.afterMs / 1000)} s)`)
    }
    await sleep(pauseMs)
  }
}

function worded(answer: GetAnswer, words: string): GetAnswer {
  return answer.kind === 'failed' ? { kind: 'failed', reason: `${answer.reason}${words}` } : answer
}

async function tryOnce(url: string, parts: HttpGetDeps): Promise<Try> {
  const timeoutMs = parts.timeoutMs ?? SOURCE_TIMEOUT_MS
  try {
    const got = await httpGet(url, {
      headers: { 'user-agent': parts.userAgent, accept: parts.accept ?? 'application/json' },
      signal: AbortSignal.timeout(timeoutMs),
      bytesMax: parts.bytesMax ?? SOURCE_ANSWER_BYTES_MAX,
      ...(parts.lookup === undefined ? {} : { lookup: parts.lookup }),
    })
    if (got.kind === 'refused') return { again: false, answer: { kind: 'failed', reason: got.reason } }
    const { status } = got
    const ok = status >= 200 && status < 300
    const body = decodeText(got.body, got.contentType)
    const answer: GetAnswer = ok ? { kind: 'ok', body } : { kind: 'status', status, body }
    const passes = ok ? parts.isPassing?.(body) === true : status === 429 || status === 408 || status >= 500
    if (!passes) return { again: false, answer }
    return { again: true, answer, afterMs: retryAfterMs(got.retryAfter, parts.clock()) }
  } catch (error) {
    return { again: true, afterMs: null, answer: { kind: 'failed', reason: networkReason(error, timeoutMs) } }
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

/** A few words of an error page, for an operator to read: the JSON's `error`, or the text's beginning. */
export function errorWords(body: string): string {
  const said = /^\s*\{/.test(body) ? jsonError(body) : null
  const words = (said ?? body.slice(0, 2_000).replace(/<(style|script|title)[\s\S]*?<\/\1>|<[^>]*>/gi, ' '))
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
