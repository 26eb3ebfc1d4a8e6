import { randomBytes } from 'node:crypto'
import { chmodSync, rmSync } from 'node:fs'
import type { AddressInfo, Server, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { resolve as absolute, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { PGlite } from '@electric-sql/pglite'
import type { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import {
  EMBEDDED_CONNECTIONS_MAX,
  EMBEDDED_LOGINS_MAX,
  EMBEDDED_START_MS_MAX,
} from '../../../config/limits-processes.ts'
import { UserError } from '../../platform/errors.ts'
import type { DatabaseAddress } from '../connection/address.ts'
import {
  announce,
  type EmbeddedAddress,
  removeTemporary,
  type SocketSystem,
  socketFile,
  socketFolders,
  withdraw,
} from './address.ts'
import { EMBEDDED_LOGIN, embeddedClientOf } from './client.ts'
import { openDataFolder } from './data-folder.ts'
import { Logins } from './login.ts'
import { type Ownership, takeOwnership } from './owner-lock.ts'
import { makePrivate } from './private-folder.ts'
import { QueryQueue, serveQueries } from './query-queue.ts'

/** The embedded PostgreSQL: PGlite in one process, which serves all others on a private socket. */
export interface Embedded {
  readonly address: DatabaseAddress & { readonly kind: 'embedded' }
  close(): Promise<void>
}

export interface EmbeddedOptions extends Partial<SocketSystem> {
  /** The time after which a client that is idle in a transaction is disconnected. */
  readonly idleInTransactionMs?: number
}

/**
 * Finds the process that serves `dataDir`, or becomes it. If the owner ends while others are connected, one of them takes over,
 * and their pools wait for it (ReconnectingPool).
 */
export async function openEmbedded(folder: string, options: EmbeddedOptions = {}): Promise<Embedded> {
  const dataDir = absolute(folder)
  let closed = false
  let owned: Owned | null = null
  const settle = async (): Promise<void> => {
    const deadline = Date.now() + EMBEDDED_START_MS_MAX
    while (!closed) {
      const ownership = takeFolder(dataDir)
      if (ownership !== null) {
        owned = await serve(dataDir, ownership, options).catch((error) => {
          ownership.release()
          throw error
        })
        return
      }
      if (await watch(dataDir, () => void settle())) return
      if (Date.now() > deadline)
        throw new UserError(`Another process owns ${dataDir} but does not answer. Stop it, then try again.`)
      await pause(50)
    }
  }
  await settle()
  return {
    address: { kind: 'embedded', dataDir },
    async close() {
      closed = true
      await owned?.close()
    },
  }
}

/** Calls `takeOwnership`. Throws a UserError if nothing can be created or written in the folder. */
function takeFolder(dataDir: string): Ownership | null {
  try {
    makePrivate(dataDir)
    return takeOwnership(join(dataDir, 'owner'))
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError(
      `DATA_DIR cannot be used: ${(error as Error).message}. Name a folder that this user may write to, or give this one to it.`,
    )
  }
}

interface Owned {
  close(): Promise<void>
}

async function serve(dataDir: string, ownership: Ownership, options: EmbeddedOptions): Promise<Owned> {
  withdraw(dataDir)
  // Loading the WASM build costs 100 ms and 60 MB, so only the owner does it.
  const { PGlite } = await import('@electric-sql/pglite')
  const db = await openDataFolder(join(dataDir, 'db'), (path) => PGlite.create(path))
  chmodSync(join(dataDir, 'db'), 0o700)
  const turns = new QueryQueue(db, { idleMs: options.idleInTransactionMs })
  await turns.begin()
  const { server, address } = await listenPrivately(dataDir, db, turns, options)
  const stopServing = stopperOf(server)
  announce(dataDir, address)
  // A process that was suspended for a minute loses the folder, because continuing would mean two owners.
  ownership.onLost(() => process.exit(1))
  return {
    async close() {
      withdraw(dataDir)
      await stopServing()
      await turns.settled()
      await db.close()
      ownership.release()
    },
  }
}

interface Listening {
  readonly server: PGLiteSocketServer
  readonly address: EmbeddedAddress
}

/**
 * Serves on a socket in a folder that only this user can enter. If no folder accepts a socket, as on Windows and some network
 * file systems, serves on a loopback port with a new password, which clients read from DATA_DIR.
 */
async function listenPrivately(
  dataDir: string,
  db: PGlite,
  turns: QueryQueue,
  { platform = process.platform, runtimeDir = null, tempDir = tmpdir() }: EmbeddedOptions,
): Promise<Listening> {
  for (const folder of socketFolders(dataDir, { platform, runtimeDir, tempDir })) {
    const address = { host: folder, port: 5432, password: null }
    const server = await listen(db, turns, address).catch(() => null)
    if (server !== null) return { server, address }
    removeTemporary(folder, dataDir)
  }
  const address = { host: '127.0.0.1', port: 0, password: randomBytes(32).toString('hex') }
  const server = await listen(db, turns, address)
  return { server, address: { ...address, port: (serverOf(server).address() as AddressInfo).port } }
}

async function listen(
  db: PGlite,
  turns: QueryQueue,
  { host, port, password }: EmbeddedAddress,
): Promise<PGLiteSocketServer> {
  const { PGLiteSocketServer } = await import('@electric-sql/pglite-socket')
  const server = new PGLiteSocketServer({
    db,
    maxConnections: EMBEDDED_CONNECTIONS_MAX,
    ...(password === null ? { path: socketFile(host) } : { host, port }),
  })
  serveQueries(server, turns)
  const inner = server as unknown as { handleConnection: (socket: Socket) => Promise<unknown> }
  const logins = new Logins(password, inner.handleConnection.bind(server))
  inner.handleConnection = async (socket) => logins.checkLimits(socket)
  if (password === null) rmSync(socketFile(host), { force: true })
  await server.start()
  serverOf(server).maxConnections = EMBEDDED_CONNECTIONS_MAX + EMBEDDED_LOGINS_MAX
  return server
}

function serverOf(server: PGLiteSocketServer): Server {
  return (server as unknown as { server: Server }).server
}

/**
 * Returns a function that stops the server. pglite-socket 0.2 does not track a connection that comes while it stops, and waits
 * 10 s for its client, during which nobody owns the database. So all connections are tracked and closed here.
 */
function stopperOf(server: PGLiteSocketServer): () => Promise<void> {
  const sockets = new Set<Socket>()
  let stopping = false
  serverOf(server).on('connection', (socket: Socket) => {
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

/** Opens an idle connection to the owner and calls `onGone` when it ends. Returns false if nobody answers. */
async function watch(dataDir: string, onGone: () => void): Promise<boolean> {
  const client = new (embeddedClientOf(dataDir))({ ...EMBEDDED_LOGIN, connectionTimeoutMillis: EMBEDDED_START_MS_MAX })
  client.on('error', () => {})
  try {
    await client.connect()
  } catch {
    return false
  }
  client.on('end', onGone)
  ;(client as unknown as { unref(): void }).unref()
  return true
}
