import { Agent, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps, Agent as SecureAgent } from 'node:https'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

export interface HttpCall {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | string | null
  /** Ends the whole call. */
  readonly signal: AbortSignal
}

/**
 * The result of a call. `answer`: HTTP's own status and text, the latter as far as it came. `unsent`: there was no
 * connection, so no byte of the request left. `lost`: the other side may have read the request.
 */
export type HttpResult =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly text: string
    }
  | { readonly kind: 'unsent'; readonly code: string; readonly message: string }
  | { readonly kind: 'lost'; readonly code: string; readonly message: string }

export interface HttpClientInput {
  readonly connectTimeoutMs: number
  readonly answerBytesMax: number
}

export interface HttpClient {
  call(url: string, call: HttpCall): Promise<HttpResult>
  close(): void
}

/** Calls over kept connections, by `node:http`, which says what `fetch` hides: whether a request has left. */
export function httpClient(input: HttpClientInput): HttpClient {
  const agents = { http: new Agent({ keepAlive: true }), https: new SecureAgent({ keepAlive: true }) }
  return {
    async call(url, call) {
      for (let tries = 1; ; tries += 1) {
        const { result, stale } = await callOnce(new URL(url), call, agents, input)
        if (!stale || tries >= STALE_TRIES_MAX || call.signal.aborted) return result
      }
    },
    close() {
      agents.http.destroy()
      agents.https.destroy()
    },
  }
}

/** A kept connection may be closed by the other side just as it is used again. Calls here may all be repeated. */
const STALE_TRIES_MAX = 3

type Agents = Readonly<{ http: Agent; https: SecureAgent }>

function callOnce(
  url: URL,
  { method, headers, body, signal }: HttpCall,
  agents: Agents,
  { connectTimeoutMs, answerBytesMax }: HttpClientInput,
): Promise<{ readonly result: HttpResult; readonly stale: boolean }> {
  return new Promise((resolve) => {
    const secure = url.protocol === 'https:'
    const options = { method, headers: { ...headers, ...lengthOf(body) }, signal }
    const request = secure
      ? requestHttps(url, { ...options, agent: agents.https })
      : requestHttp(url, { ...options, agent: agents.http })
    let connected = false
    const timer = setTimeout(() => request.destroy(timedOut('no connection in time')), connectTimeoutMs)
    const onConnected = () => {
      connected = true
      clearTimeout(timer)
    }
    request.on('socket', (socket) => {
      if (isConnected(socket)) onConnected()
      else socket.once(secure ? 'secureConnect' : 'connect', onConnected)
    })
    request.on('response', async (response) => {
      const text = await readText(response, answerBytesMax)
      // The rest of a body that was answered early must not be written: the caller uses its buffer again.
      if (!request.writableFinished) request.destroy()
      const result = {
        kind: 'answer',
        status: response.statusCode ?? 0,
        headers: plainHeaders(response),
        text,
      } as const
      resolve({ result, stale: false })
    })
    request.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      const fault = signal.aborted ? timedOut(connected ? 'no answer in time' : 'no connection in time') : error
      const code = codeOf(fault)
      resolve({
        result: { kind: connected ? 'lost' : 'unsent', code, message: fault.message || code },
        stale: request.reusedSocket && /^(ECONNRESET|EPIPE)$/.test(code),
      })
    })
    request.end(body ?? undefined)
  })
}

function isConnected(socket: Socket): boolean {
  if (socket.connecting) return false
  return !(socket instanceof TLSSocket) || socket.getProtocol() !== null
}

function lengthOf(body: HttpCall['body']): Record<string, string> {
  return body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) }
}

/** Never rejects: of an answer that breaks off, what came so far counts. */
async function readText(response: IncomingMessage, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > bytesMax) break
    }
  } catch {
    // The text is cut short.
  }
  return Buffer.concat(chunks).subarray(0, bytesMax).toString()
}

function plainHeaders({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]))
}

function timedOut(message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code: 'ETIMEDOUT' })
}

/** Of several addresses that were tried, the first error tells enough. */
function codeOf(error: NodeJS.ErrnoException & { readonly errors?: readonly NodeJS.ErrnoException[] }): string {
  return error.code ?? error.errors?.[0]?.code ?? error.name
}
