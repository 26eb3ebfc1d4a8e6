import { createServer, type ServerResponse } from 'node:http'
import { listen } from '../ports.ts'
import {
  type Answer,
  type DeliveredMail,
  failure,
  ResendApi,
  type ResendCall,
  type ResendServerOptions,
} from './api.ts'
import type { ResendFault } from './faults.ts'

export interface ResendServer {
  readonly url: string
  readonly delivered: readonly DeliveredMail[]
  readonly calls: readonly ResendCall[]
  /** The next calls get these faults, in order. */
  plant(...faults: readonly ResendFault[]): void
  close(): Promise<void>
}

/** Starts a loopback server that behaves as Resend documents its API. */
export async function startResendServer(options: ResendServerOptions = {}): Promise<ResendServer> {
  const api = new ResendApi(options)
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const reply = api.reply(request, response, Buffer.concat(chunks).toString())
      if ('kind' in reply) fail(response, reply)
      else if (reply.lateMs === undefined) write(response, reply)
      else setTimeout(() => write(response, reply.later?.() ?? reply), reply.lateMs)
    })
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}`,
    delivered: api.delivered,
    calls: api.calls,
    plant: (...faults) => api.faults.push(...faults),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function fail(response: ServerResponse, fault: ResendFault): void {
  if (fault.kind === 'status') {
    const { status, name = 'internal_server_error', message = 'Planted.', headers = {} } = fault
    write(response, { ...failure(status, name, message), headers })
  }
  if (fault.kind === 'answer') write(response, fault)
  if (fault.kind === 'garbage') write(response, { status: 200, body: '{"data": [{"id"' })
  if (fault.kind === 'cut') response.socket?.destroy()
}

function write(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
}
