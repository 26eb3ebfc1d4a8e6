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
 * The result of a call. `answer`: status and text; the text may be cut. `unsent`: there was no connection, so no byte of
 * the request was sent. `lost`: the server may have read the request. `repeat`: this is the result of a second request, because
 * the connection of the first was closed. The server may have read the first one too.
 */
export type HttpResult = { readonly repeat: boolean } & HttpReply

type HttpReply =
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

/** Creates a client with keep-alive connections. `fetch` would not say whether a request was sent, `node:http` does. */
export function httpClient(input: HttpClientInput): HttpClient {
  const agents = { http: new Agent({ keepAlive: true }), https: new SecureAgent({ keepAlive: true }) }
  return {
    async call(url, call) {
      for (let tries = 1; ; tries += 1) {
        const { result, stale } = await callOnce(new URL(url), call, agents, input)
        if (!stale || tries >= STALE_TRIES_MAX || call.signal.aborted) return { ...result, repeat: tries > 1 }
      }
    },
    close() {
      agents.http.destroy()
      agents.https.destroy()
    },
  }
}

/** The server may close a keep-alive connection just when it is reused. All calls of this client can be retried. */
const STALE_TRIES_MAX = 3

type Agents = Readonly<{ http: Agent; https: SecureAgent }>

function callOnce(
  url: URL,
  { method, headers, body, signal }: HttpCall,
  agents: Agents,
  { connectTimeoutMs, answerBytesMax }: HttpClientInput,
): Promise<{ readonly result: HttpReply; readonly stale: boolean }> {
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
      // After an early response the rest of the body must not be written, because the caller reuses its buffer.
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

/** Reads the body. A response that breaks off returns the text that was received. */
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

/** Returns the error's code; when several addresses were tried, that of the first. */
function codeOf(error: NodeJS.ErrnoException & { readonly errors?: readonly NodeJS.ErrnoException[] }): string {
  return error.code ?? error.errors?.[0]?.code ?? error.name
}
