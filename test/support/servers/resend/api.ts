import { createHash, randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { ResendFault } from './faults.ts'

const KEY_MS = 24 * 3_600_000
const BATCH_MAX = 100

export interface ResendServerOptions {
  readonly apiKey?: string
  /** The key may only send: GET /domains answers 401. */
  readonly sendingOnly?: boolean
  /** Maximum calls per second; unlimited by default. */
  readonly ratePerSecond?: number
  /** Addresses that are refused. */
  readonly refuse?: readonly string[]
  readonly clock?: () => Date
  /** Called for each call without a planted fault. `reused`: an earlier call came over the same connection. */
  readonly nextFault?: (reused: boolean) => ResendFault | undefined
  /** Stores neither calls nor bodies, for tests with many messages. */
  readonly lean?: boolean
}

export interface DeliveredMail {
  readonly id: string
  readonly at: number
  readonly key: string | null
  /** Every address that a lax parser finds in `to`. */
  readonly recipients: readonly string[]
  readonly item: ResendItem
}

export interface ResendItem {
  readonly from: string
  readonly to: string | string[]
  readonly subject: string
  readonly html?: string
  readonly text?: string
  readonly reply_to?: string
  readonly headers?: Record<string, string>
  readonly tags?: readonly { name: string; value: string }[]
}

export interface ResendCall {
  readonly path: string
  readonly key: string | null
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Record<string, string>
  readonly lateMs?: number
  /** Makes the answer after `lateMs`. */
  readonly later?: () => Answer
}

type Validation = 'strict' | 'permissive'

interface StoredKey {
  readonly hash: string
  readonly at: number
  answer: Answer | null
}

/** The API as Resend documents it, with a log of delivered messages. */
export class ResendApi {
  readonly delivered: DeliveredMail[] = []
  readonly calls: ResendCall[] = []
  readonly faults: ResendFault[] = []
  readonly #keys = new Map<string, StoredKey>()
  readonly #options: ResendServerOptions
  readonly #connections = new WeakSet<object>()
  #reused = false
  #second = { start: 0, calls: 0 }

  constructor(options: ResendServerOptions) {
    this.#options = options
  }

  /** Returns the answer to a call, or the fault that it gets. */
  reply(request: IncomingMessage, response: ServerResponse, body: string): Answer | ResendFault {
    const path = (request.url ?? '').split('?')[0] ?? ''
    const key = header(request, 'idempotency-key')
    this.#reused = this.#connections.has(request.socket)
    this.#connections.add(request.socket)
    if (this.#options.lean !== true) this.calls.push({ path, key, headers: request.headers, body })
    const early = this.#authorise(request) ?? this.#limit()
    if (early !== null) return early
    if (path === '/domains' && request.method === 'GET') return this.#withFault(path, () => this.#domains())
    if (path !== '/emails' && path !== '/emails/batch') return failure(404, 'not_found', 'Not found.')
    if (request.method !== 'POST') return failure(405, 'method_not_allowed', 'This method is not allowed.')
    const mode: Validation = header(request, 'x-batch-validation') === 'permissive' ? 'permissive' : 'strict'
    const work = (as = mode) => (path === '/emails' ? this.#one(body, key) : this.#batch(body, key, as))
    return key === null
      ? this.#withFault(path, work)
      : this.#underKey(key, createHash('sha256').update(`${path}\0${body}`).digest('hex'), path, response, work)
  }

  #underKey(
    key: string,
    hash: string,
    path: string,
    response: ServerResponse,
    work: (as?: Validation) => Answer,
  ): Answer | ResendFault {
    const stored = this.#keyOf(key)
    if (stored !== null) return answerForStored(stored, hash)
    const entry: StoredKey = { hash, at: this.#now(), answer: null }
    this.#keys.set(key, entry)
    const reply = this.#withFault(path, (as) => {
      const answer = work(as)
      if (answer.status < 300) entry.answer = answer
      return answer
    })
    // A call that accepted nothing frees its key: at once, or when a hanging caller gives up.
    const free = () => {
      if (entry.answer === null && this.#keys.get(key) === entry) this.#keys.delete(key)
    }
    if ('later' in reply && reply.later !== undefined) {
      const { later } = reply
      return {
        ...reply,
        later: () => {
          const answer = later()
          free()
          return answer
        },
      }
    }
    if ('kind' in reply && reply.kind === 'hang') response.on('close', free)
    else free()
    return reply
  }

  #withFault(path: string, work: (as?: Validation) => Answer): Answer | ResendFault {
    const index = this.faults.findIndex((fault) => fault.path === undefined || fault.path === path)
    const planted = index === -1 ? undefined : this.faults.splice(index, 1)[0]
    const fault = planted ?? this.#options.nextFault?.(this.#reused)
    if (fault === undefined) return work()
    if (fault.kind === 'strict') return work('strict')
    if (fault.kind === 'slow' && fault.when === 'before')
      return { status: 500, body: null, lateMs: fault.ms, later: () => work() }
    if (fault.kind === 'slow') return { ...work(), lateMs: fault.ms }
    if (fault.when === 'after') work()
    return fault
  }

  #authorise(request: IncomingMessage): Answer | null {
    const given = header(request, 'authorization')
    if (given === null) return failure(401, 'missing_api_key', 'Missing API Key')
    const wanted = this.#options.apiKey
    return wanted === undefined || given === `Bearer ${wanted}`
      ? null
      : failure(403, 'invalid_api_key', 'API key is invalid')
  }

  #limit(): Answer | null {
    const limit = this.#options.ratePerSecond
    if (limit === undefined) return null
    const now = this.#now()
    if (now - this.#second.start >= 1_000) this.#second = { start: now, calls: 0 }
    this.#second.calls += 1
    if (this.#second.calls <= limit) return null
    return {
      ...failure(429, 'rate_limit_exceeded', `Too many requests. You can only make ${limit} requests per second.`),
      headers: {
        'ratelimit-limit': String(limit),
        'ratelimit-remaining': '0',
        'ratelimit-reset': '1',
        'retry-after': '1',
      },
    }
  }

  #keyOf(key: string): StoredKey | null {
    const stored = this.#keys.get(key)
    if (stored !== undefined && this.#now() - stored.at < KEY_MS) return stored
    this.#keys.delete(key)
    return null
  }

  #domains(): Answer {
    if (this.#options.sendingOnly)
      return failure(401, 'restricted_api_key', 'This API key is restricted to only send emails')
    const data = [{ id: randomUUID(), name: 'example.org', status: 'verified', region: 'eu-west-1' }]
    return { status: 200, body: { object: 'list', has_more: false, data } }
  }

  #one(body: string, key: string | null): Answer {
    const item = parse(body) as ResendItem
    const fault = this.#faultOf(item)
    if (fault !== null) return failure(422, 'validation_error', fault)
    return { status: 200, body: { id: this.#deliver(item, key) } }
  }

  #batch(body: string, key: string | null, mode: Validation): Answer {
    const items = parse(body)
    if (!Array.isArray(items) || items.length === 0 || items.length > BATCH_MAX)
      return failure(422, 'validation_error', `The batch must hold 1 to ${BATCH_MAX} emails.`)
    const faults = items.map((item) => this.#faultOf(item))
    const first = faults.find((fault) => fault !== null)
    if (mode === 'strict' && first) return failure(422, 'validation_error', first)
    const data = items
      .filter((_item, index) => faults[index] === null)
      .map((item) => ({ id: this.#deliver(item as ResendItem, key) }))
    if (mode === 'strict') return { status: 200, body: { data } }
    const errors = faults.flatMap((message, index) => (message === null ? [] : [{ index, message }]))
    return { status: 200, body: { data, errors } }
  }

  #deliver(item: ResendItem, key: string | null): string {
    const id = randomUUID()
    const { html: _html, text: _text, ...rest } = item
    const logged = this.#options.lean === true ? rest : item
    this.delivered.push({ id, at: this.#now(), key, recipients: recipientsOf(item), item: logged })
    return id
  }

  #faultOf(item: Partial<ResendItem> | null): string | null {
    if (typeof item !== 'object' || item === null) return 'The email must be an object.'
    for (const field of ['from', 'to', 'subject'] as const) if (!item[field]) return `Missing \`${field}\` field.`
    if (!item.html && !item.text) return 'Missing `html` or `text` field.'
    if ((item.tags ?? []).some(({ name, value }) => !/^[\w-]{1,256}$/.test(name) || !/^[\w-]{1,256}$/.test(value)))
      return 'Tags should only contain ASCII letters, numbers, underscores, or dashes.'
    const bad = recipientsOf(item as ResendItem).find((address) => this.#options.refuse?.includes(address))
    return bad === undefined ? null : 'Invalid `to` field. The email address needs to follow the usual format.'
  }

  #now(): number {
    return (this.#options.clock?.() ?? new Date()).getTime()
  }
}

function answerForStored(stored: StoredKey, hash: string): Answer {
  if (stored.hash !== hash)
    return failure(409, 'invalid_idempotent_request', 'Same idempotency key used with a different request payload')
  return (
    stored.answer ??
    failure(409, 'concurrent_idempotent_requests', 'Same idempotency key used while original request is in progress')
  )
}

function recipientsOf({ to }: ResendItem): string[] {
  return [to].flat().flatMap((value) => value.match(/[^\s,;<>]+@[^\s,;<>]+/g) ?? [])
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

export function failure(statusCode: number, name: string, message: string): Answer {
  return { status: statusCode, body: { statusCode, name, message } }
}

function header(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name]
  return typeof value === 'string' ? value : null
}
