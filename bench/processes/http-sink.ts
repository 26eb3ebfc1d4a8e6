import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listen } from '../../test/support/servers/ports.ts'
import { createSinkStats, idOf, reportTo, type SinkOptions } from '../setup/sink-stats.ts'

/**
 * A minimal Resend in a process of its own. It reads each call, counts the messages by their `to` keys without parsing JSON, and
 * answers with as many ids. A repeated `Idempotency-Key` gets the same answer and counts as a repeat; with a body of another
 * length it gets a 409. A sink that parses JSON would be the bottleneck above 2,700 messages a second.
 */
const options = JSON.parse(process.argv[2] ?? '{}') as SinkOptions
const stats = createSinkStats(options)
const answered = new Map<string, { readonly from: number; readonly messages: number; readonly bytes: number }>()

const NO_MESSAGES = { statusCode: 422, name: 'validation_error', message: 'there is no message in it' }
const OTHER_BODY = { statusCode: 409, name: 'invalid_idempotent_request', message: 'the key is of another body' }

const server = createServer((request, response) => {
  const counter = request.url?.startsWith('/emails/batch') === true ? new RecipientCounter() : null
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    counter?.read(chunk)
  })
  request.on('end', () => answer(request, response, counter === null ? 1 : counter.messages, bytes))
})
server.keepAliveTimeout = 60_000

function answer(request: IncomingMessage, response: ServerResponse, messages: number, bytes: number): void {
  const key = String(request.headers['idempotency-key'] ?? '')
  const first = answered.get(key)
  const refusal = messages === 0 ? NO_MESSAGES : first !== undefined && first.bytes !== bytes ? OTHER_BODY : null
  if (refusal !== null) {
    respond(response, refusal.statusCode, refusal)
    return
  }
  const from = first?.from ?? stats.messages
  if (first === undefined) stats.count(messages, bytes)
  else stats.repeat(messages)
  if (key !== '' && first === undefined) answered.set(key, { from, messages, bytes })
  const ids = Array.from({ length: messages }, (_, at) => ({ id: idOf(from + at) }))
  respond(response, 200, request.url?.startsWith('/emails/batch') === true ? { data: ids } : ids[0])
}

function respond(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  response.end(text)
}

/**
 * Counts the keys `,"to":[` and `{"to":[`; inside a JSON string their quotes would be escaped. It looks for brackets, which are
 * few: 3 µs for a message, where a search for the whole key takes 43, because a digest has two thousand quotes and commas.
 */
class RecipientCounter {
  static readonly #BRACKET = 0x5b
  static readonly #KEYS = [',"to":', '{"to":']
  messages = 0
  #tail = ''

  read(chunk: Buffer): void {
    const reach = 6
    for (
      let at = chunk.indexOf(RecipientCounter.#BRACKET);
      at !== -1;
      at = chunk.indexOf(RecipientCounter.#BRACKET, at + 1)
    ) {
      const before = chunk.toString('latin1', Math.max(at - reach, 0), at)
      const key = at < reach ? (this.#tail + before).slice(-reach) : before
      if (RecipientCounter.#KEYS.includes(key)) this.messages += 1
    }
    this.#tail = (this.#tail + chunk.toString('latin1', Math.max(chunk.length - reach, 0))).slice(-reach)
  }
}

reportTo(process, stats, await listen(server))
