import { createServer, type Server } from 'node:net'

/** Starts a server on a free port, on loopback unless told otherwise. Returns the port. */
export function listen(
  server: Pick<Server, 'listen' | 'address' | 'once' | 'off'>,
  host = '127.0.0.1',
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, host, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}

/** Returns a port of loopback that was free a moment ago, for a server that must be told its port. */
export async function freePort(): Promise<number> {
  const probe = createServer()
  const port = await listen(probe)
  await new Promise((resolve) => probe.close(resolve))
  return port
}
