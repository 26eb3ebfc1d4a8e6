import {
  closeSync,
  constants,
  fstatSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, isAbsolute, join } from 'node:path'
import { SOCKET_PATH_BYTES_MAX } from '../../../config/limits-processes.ts'
import { makeFolder } from '../../platform/files.ts'
import { hasLivingOwner } from './owner-lock.ts'
import { isPrivate, isPrivateFolder } from './private-folder.ts'

/** The place where the owner of a data folder serves its database: a folder with a socket, or a loopback port with a password. */
export interface EmbeddedAddress {
  readonly host: string
  readonly port: number
  /** null: the permissions of the socket's folder protect it. */
  readonly password: string | null
}

/** No process serves the data folder, or its address is not safe to connect to. The owner may be changing. */
export class NotServed extends Error {
  readonly code = 'ECONNREFUSED'
}

const TEMPORARY = 'paperround-'

export function isSocketFolder(host: string): boolean {
  return host.startsWith('/')
}

/** The file name that every PostgreSQL client expects of the socket in a folder. */
export function socketFile(folder: string): string {
  return join(folder, '.s.PGSQL.5432')
}

/**
 * Creates folders in which the socket can be served, best first: in DATA_DIR, the user's runtime folder, the temporary folder.
 * Yields none on Windows, and none with a path that is too long for the kernel.
 */
export function* socketFolders(dataDir: string, system: SocketSystem): Generator<string> {
  if (system.platform === 'win32') return
  const own = join(dataDir, 'socket')
  if (isShortEnough(own)) {
    makeFolder(own, 0o700)
    // A symbolic link may lead to a folder of other users.
    if (isPrivateFolder(own, dataDir)) yield own
  }
  for (const above of [system.runtimeDir, system.tempDir]) {
    // A relative path depends on the working directory of the process.
    if (above === null || !isAbsolute(above)) continue
    if (above === system.runtimeDir && !isPrivateFolder(above, dataDir)) continue
    if (!isShortEnough(join(above, `${TEMPORARY}XXXXXX`))) continue
    const folder = makeTemporary(above)
    if (folder !== null) yield folder
  }
}

export interface SocketSystem {
  readonly platform: NodeJS.Platform
  /** XDG_RUNTIME_DIR, which the system creates for one user; null if it is not set. */
  readonly runtimeDir: string | null
  readonly tempDir: string
}

function isShortEnough(folder: string): boolean {
  return Buffer.byteLength(socketFile(folder)) <= SOCKET_PATH_BYTES_MAX
}

function makeTemporary(above: string): string | null {
  try {
    return mkdtempSync(join(above, TEMPORARY))
  } catch {
    return null // The folder is read-only or full, so the next one is tried.
  }
}

/** Writes the address atomically, because another process may be reading it. */
export function announce(dataDir: string, address: EmbeddedAddress): void {
  const draft = `${fileOf(dataDir)}.${process.pid}`
  rmSync(draft, { force: true })
  writeFileSync(draft, JSON.stringify({ ...address, folder: statSync(dataDir).ino }), { mode: 0o600, flag: 'wx' })
  renameSync(draft, fileOf(dataDir))
}

/**
 * Removes the address that an owner announced, and its temporary folder. A copy of a data folder, such as a backup, names the
 * folder of the original, which is not removed.
 */
export function withdraw(dataDir: string): void {
  const address = read(dataDir)
  rmSync(fileOf(dataDir), { force: true })
  if (address === null || address.folder !== statSync(dataDir).ino) return
  removeTemporary(address.host, dataDir)
}

export function removeTemporary(folder: string, dataDir: string): void {
  if (!basename(folder).startsWith(TEMPORARY) || !isPrivateFolder(folder, dataDir)) return
  rmSync(socketFile(folder), { force: true })
  try {
    rmdirSync(folder)
  } catch {
    // The folder has other files. It is private, so it can stay.
  }
}

/**
 * Returns where the database is served. Checks each time that no other user could have created it.
 * @throws NotServed
 */
export function locate(dataDir: string): EmbeddedAddress {
  const address = read(dataDir)
  if (address === null) throw new NotServed(`No process serves the embedded database in ${dataDir}.`)
  if (isSocketFolder(address.host)) {
    if (!isPrivateFolder(address.host, dataDir))
      throw new NotServed(`The socket folder ${address.host} is missing, or open to other users.`)
  } else if (!hasLivingOwner(join(dataDir, 'owner'))) {
    // Another program may have the port by now and must not get the password.
    throw new NotServed(`The owner of the embedded database in ${dataDir} has ended.`)
  }
  return address
}

function fileOf(dataDir: string): string {
  return join(dataDir, 'address.json')
}

/** Reads the file only if other users could not have written it; null if there is none. */
function read(dataDir: string): (EmbeddedAddress & { readonly folder?: number }) | null {
  let file: number
  try {
    file = openSync(fileOf(dataDir), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
  } catch {
    return null
  }
  try {
    return isPrivate(fstatSync(file), dataDir, 'file') ? JSON.parse(readFileSync(file, 'utf8')) : null
  } catch {
    return null
  } finally {
    closeSync(file)
  }
}
