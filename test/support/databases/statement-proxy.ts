import { connect, createServer, type Socket } from 'node:net'
import { listen } from '../servers/ports.ts'
import { endTogether } from '../servers/tcp-proxy.ts'

/** A proxy for PostgreSQL that runs a function once, just before a certain statement. */
export interface StatementProxy {
  /** URL of the database through the proxy. */
  readonly url: string
  /** Whether the statement has come. */
  readonly met: () => boolean
  close(): void
}

/** Awaits `before` and then forwards the statement. The server may have closed the connection meanwhile. */
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
  const port = await listen(server)
  const url = new URL(databaseUrl)
  url.host = `127.0.0.1:${port}`
  return {
    url: url.toString(),
    met: () => met,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
