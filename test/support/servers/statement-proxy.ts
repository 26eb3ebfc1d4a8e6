import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'
import { endTogether } from './tcp-proxy.ts'

/** A proxy to PostgreSQL that calls a function once, before a certain statement is passed on. */
export interface StatementProxy {
  /** The database's URL through the proxy. */
  readonly url: string
  /** Whether the statement was seen. */
  readonly met: () => boolean
  close(): void
}

/** Passes the statement on after `before`. The server may have closed the connection meanwhile. */
export async function startStatementProxy(
  databaseUrl: string,
  statement: RegExp,
  before: () => Promise<void>,
): Promise<StatementProxy> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let met = false
  const server = createServer((client) => {
    const upstream = connect(Number(target.port || 5432), target.hostname)
    endTogether(client, upstream, sockets)
    upstream.pipe(client)
    client.on('data', async (chunk: Buffer) => {
      if (!met && statement.test(chunk.toString('latin1'))) {
        met = true
        client.pause()
        await before()
        client.resume()
      }
      upstream.write(chunk)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(databaseUrl)
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: url.toString(),
    met: () => met,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
