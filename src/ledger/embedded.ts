import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { EMBEDDED_CONNECTIONS_MAX, EMBEDDED_START_MS_MAX, SOCKET_PATH_BYTES_MAX } from '../../config/limits.ts'
import { Fault } from '../fault.ts'
import { makeFolder } from '../folder.ts'
import { openDataFolder } from './data-folder.ts'
import type { DatabaseAddress } from './database.ts'
import { type Ownership, takeOwnership } from './ownership.ts'
import { serveInTurns } from './turns.ts'

/** The embedded PostgreSQL: PGlite in one process, served to all others on a socket in the data folder. */
export interface Embedded {
  readonly address: DatabaseAddress & { readonly kind: 'embedded' }
  close(): Promise<void>
}

/**
 * Finds the process that serves `dataDir`, or becomes it. When the owner ends while others are
 * connected, one of them takes over; their pools wait for it (PatientPool).
 */
export async function openEmbedded(dataDir: string): Promise<Embedded> {
  let closed = false
  let owned: Owned | null = null
  const settle = async (): Promise<void> => {
    const deadline = Date.now() + EMBEDDED_START_MS_MAX
    while (!closed) {
      const ownership = takeFolder(dataDir)
      if (ownership !== null) {
        owned = await serve(dataDir, ownership).catch((error: unknown) => {
          ownership.release()
          throw error
        })
        return
      }
      if (await watch(dataDir, () => void settle())) return
      if (Date.now() > deadline)
        throw new Fault(`Another process holds ${dataDir} but does not answer. Stop it, then try again.`)
      await pause(50)
    }
  }
  await settle()
  const address = readAddress(dataDir)
  if (address === null)
    throw new Fault(`The embedded database in ${dataDir} has no address. Stop all paperround processes and try again.`)
  return {
    address,
    async close() {
      closed = true
      await owned?.close()
    },
  }
}

/** Takes the folder as `takeOwnership` does; a Fault where nothing can be made or written in it. */
function takeFolder(dataDir: string): Ownership | null {
  try {
    makeFolder(dataDir, 0o700)
    return takeOwnership(join(dataDir, 'owner'))
  } catch (error) {
    throw new Fault(
      `DATA_DIR cannot be used: ${(error as Error).message}. Name a folder that this user may write to, or give this one to it.`,
    )
  }
}

interface Owned {
  close(): Promise<void>
}

async function serve(dataDir: string, ownership: Ownership): Promise<Owned> {
  // Loading the WASM build costs 100 ms and 60 MB, so only the owner pays for it.
  const { PGlite } = await import('@electric-sql/pglite')
  const { PGLiteSocketServer } = await import('@electric-sql/pglite-socket')
  const db = await openDataFolder(join(dataDir, 'db'), (path) => PGlite.create(path))
  // pglite-socket ignores the `options` start-up parameter, so the path is set in the one session itself.
  await db.exec('create schema if not exists bullmq; set search_path = public, bullmq')
  const address = await chooseAddress(dataDir)
  const server = new PGLiteSocketServer({
    db,
    maxConnections: EMBEDDED_CONNECTIONS_MAX,
    ...(address.host.startsWith('/') ? { path: socketFile(address.host) } : { host: address.host, port: address.port }),
  })
  serveInTurns(server, db)
  if (address.host.startsWith('/')) rmSync(socketFile(address.host), { force: true })
  await server.start()
  const stopServing = stopperOf(server)
  writeAddress(dataDir, address)
  // Standing still for a minute costs the folder: going on would make two owners.
  ownership.onLost(() => process.exit(1))
  return {
    async close() {
      await stopServing()
      await db.close()
      ownership.release()
    },
  }
}

/**
 * How to stop a server. pglite-socket 0.2 loses sight of a connection that comes while it stops, and then waits until
 * its client gives up, for 10 s in which nobody owns the database; so every connection is known here, and cut.
 */
function stopperOf(server: PGLiteSocketServer): () => Promise<void> {
  const sockets = new Set<Socket>()
  let stopping = false
  ;(server as unknown as { server: Server }).server.on('connection', (socket: Socket) => {
    for (const known of sockets) if (known.destroyed) sockets.delete(known)
    if (stopping) socket.destroy()
    else sockets.add(socket)
  })
  return async () => {
    stopping = true
    const stopped = server.stop()
    for (const socket of sockets) socket.destroy()
    await stopped
  }
}

/** A socket file in the data folder; where its path would be too long, or there are no such sockets, a loopback port. */
async function chooseAddress(dataDir: string): Promise<Embedded['address']> {
  const host = join(dataDir, 'socket')
  if (process.platform !== 'win32' && Buffer.byteLength(socketFile(host)) <= SOCKET_PATH_BYTES_MAX) {
    makeFolder(host, 0o700)
    chmodSync(host, 0o700)
    return { kind: 'embedded', host, port: 5432 }
  }
  return { kind: 'embedded', host: '127.0.0.1', port: await freePort() }
}

function socketFile(host: string): string {
  return join(host, '.s.PGSQL.5432')
}

/** Whole or not at all: another process may be reading it at this moment. */
function writeAddress(dataDir: string, address: Embedded['address']): void {
  const path = join(dataDir, 'address.json')
  writeFileSync(`${path}.${process.pid}`, JSON.stringify(address), { mode: 0o600 })
  renameSync(`${path}.${process.pid}`, path)
}

function readAddress(dataDir: string): Embedded['address'] | null {
  const path = join(dataDir, 'address.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Embedded['address']) : null
}

/** Holds a quiet connection to the owner; `onGone` is called when it ends. False when nobody answers. */
function watch(dataDir: string, onGone: () => void): Promise<boolean> {
  const address = readAddress(dataDir)
  if (address === null) return Promise.resolve(false)
  return new Promise((resolve) => {
    const socket = address.host.startsWith('/')
      ? connect(socketFile(address.host))
      : connect(address.port, address.host)
    let connected = false
    socket.unref()
    socket.on('connect', () => {
      connected = true
      resolve(true)
    })
    socket.on('error', () => {})
    socket.on('close', () => (connected ? onGone() : resolve(false)))
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const bound = probe.address()
      probe.close(() => resolve(typeof bound === 'object' && bound !== null ? bound.port : 0))
    })
  })
}
