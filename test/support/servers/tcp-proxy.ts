import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** A proxy to a server that a test can cut and restore. */
export interface TcpProxy {
  /** The server's URL through the proxy. */
  readonly url: string
  cut(): Promise<void>
  reset(): Promise<void>
}

/** Ends both sockets when one of them ends. `sockets` contains the open ones. */
export function endTogether(client: Socket, upstream: Socket, sockets: Set<Socket>): void {
  for (const socket of [client, upstream]) {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => {
      client.destroy()
      upstream.destroy()
      sockets.delete(socket)
    })
  }
}

export async function startTcpProxy(serverUrl: string): Promise<TcpProxy> {
  const target = new URL(serverUrl)
  const sockets = new Set<Socket>()
  const open = (port: number): Promise<Server> =>
    new Promise((resolve) => {
      const server = createServer((client) => {
        const upstream = connect(Number(target.port), target.hostname)
        endTogether(client, upstream, sockets)
        client.pipe(upstream).pipe(client)
      })
      server.listen(port, '127.0.0.1', () => resolve(server))
    })
  let server: Server | null = await open(0)
  const { port } = server.address() as AddressInfo
  const url = new URL(serverUrl)
  url.host = `127.0.0.1:${port}`
  return {
    url: url.toString(),
    async cut() {
      const closing = server
      server = null
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => (closing === null ? resolve(null) : closing.close(resolve)))
    },
    async reset() {
      server ??= await open(port)
    },
  }
}
