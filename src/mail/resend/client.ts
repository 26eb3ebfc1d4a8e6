import { type ErrorResponse, Resend, type Response } from 'resend'
import { RESEND_ANSWER_BYTES_MAX, RESEND_CONNECT_TIMEOUT_MS, SEND_TIMEOUT_MS } from '../../../config/limits.ts'
import { type HttpClient, type HttpResult, httpClient } from './http-call.ts'

/** The SDK's response, with the HTTP result behind it. */
export type ResendAnswer<T> = Response<T> & {
  readonly http: HttpResult
  /** The JSON of the response, for every status; undefined when the body is not JSON. */
  readonly json: unknown
}

interface RequestOptions {
  readonly method?: string
  readonly headers?: Headers
  readonly body?: Uint8Array | string
  readonly signal?: AbortSignal
}

/**
 * Resend's client over `node:http`. The SDK reports a lost connection, a timeout, a proxy's page and an unreadable response
 * with one and the same error. This client adds the HTTP status and the socket's error.
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
    const http = await this.#http.call(`${this.baseUrl}${path}`, { method, headers, body, signal })
    if (http.kind !== 'answer')
      return { data: null, error: unreadable(null, http.message), headers: null, http, json: undefined }
    const json = parse(http.text)
    const isOk = http.status >= 200 && http.status < 300
    if (isOk && json !== undefined) return { data: json as T, error: null, headers: http.headers, http, json }
    const error = isOk || !isRecord(json) ? unreadable(http.status, 'no JSON') : (json as unknown as ErrorResponse)
    return { data: null, error, headers: http.headers, http, json }
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
