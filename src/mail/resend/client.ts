import { type ErrorResponse, Resend, type Response } from 'resend'
import { RESEND_ANSWER_BYTES_MAX, RESEND_CONNECT_TIMEOUT_MS, SEND_TIMEOUT_MS } from '../../../config/limits.ts'
import { type HttpClient, type HttpResult, httpClient } from './http-call.ts'

/** The client's own answer, and what really happened on the wire. */
export type ResendAnswer<T> = Response<T> & {
  readonly wire: HttpResult
  /** The JSON of the answer, whatever its status; undefined when it is none. */
  readonly said: unknown
}

interface RequestOptions {
  readonly method?: string
  readonly headers?: Headers
  readonly body?: Uint8Array | string
  readonly signal?: AbortSignal
}

/**
 * Resend's client over `node:http`. The client reports a lost connection, a time-out, a proxy's page and an unreadable
 * answer by one invented error; this one also says HTTP's status and the socket's error. Headers, keys and the mapping
 * of Resend's errors stay the client's own.
 */
export class ResendClient extends Resend {
  readonly #http: HttpClient

  constructor(apiKey: string, { baseUrl, timeoutMs }: { readonly baseUrl: string; readonly timeoutMs: number }) {
    super(apiKey, { baseUrl: baseUrl.replace(/\/+$/, '') })
    const connectTimeoutMs = Math.min(RESEND_CONNECT_TIMEOUT_MS, timeoutMs / 2)
    this.#http = httpClient({ connectTimeoutMs, answerBytesMax: RESEND_ANSWER_BYTES_MAX })
  }

  override async fetchRequest<T>(path: string, options: RequestOptions = {}): Promise<ResendAnswer<T>> {
    const { method = 'GET', body = null, signal = AbortSignal.timeout(SEND_TIMEOUT_MS) } = options
    const headers = { accept: '*/*', ...Object.fromEntries(new Headers(options.headers).entries()) }
    const wire = await this.#http.call(`${this.baseUrl}${path}`, { method, headers, body, signal })
    if (wire.kind !== 'answer')
      return { data: null, error: unreadable(null, wire.message), headers: null, wire, said: undefined }
    const said = parse(wire.text)
    const isOk = wire.status >= 200 && wire.status < 300
    if (isOk && said !== undefined) return { data: said as T, error: null, headers: wire.headers, wire, said }
    const error = isOk || !isRecord(said) ? unreadable(wire.status, 'no JSON') : (said as unknown as ErrorResponse)
    return { data: null, error, headers: wire.headers, wire, said }
  }

  close(): void {
    this.#http.close()
  }
}

function unreadable(statusCode: number | null, message: string): ErrorResponse {
  return { name: 'application_error', statusCode, message }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
