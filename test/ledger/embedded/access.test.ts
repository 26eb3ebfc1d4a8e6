import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, isAbsolute, join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { EMBEDDED_LOGINS_MAX, SOCKET_PATH_BYTES_MAX } from '../../../config/limits-processes.ts'
import { openPool } from '../../../src/ledger/connection/database.ts'
import {
  announce,
  type EmbeddedAddress,
  locate,
  type SocketSystem,
  socketFolders,
  withdraw,
} from '../../../src/ledger/embedded/address.ts'
import { type EmbeddedOptions, openEmbedded } from '../../../src/ledger/embedded/embedded.ts'
import { runCommand } from '../../support/command.ts'
import { asSecondUser, SECOND_USER } from '../../support/second-user.ts'
import { putEmbedded } from '../../support/servers/embedded.ts'
import { until } from '../../support/until.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** Creates a folder that all users may enter and list, such as /srv/paperround. */
function openFolder(prefix = 'access-'): string {
  const folder = mkdtempSync(join(tmpdir(), prefix))
  closers.push(() => rmSync(folder, { recursive: true, force: true }))
  chmodSync(folder, 0o755)
  return folder
}

/** Creates a data folder whose socket has a path of exactly this many bytes. */
function folderOfLength(socketBytes: number): string {
  let folder = openFolder()
  const missing = () => socketBytes - Buffer.byteLength(join(folder, 'socket/.s.PGSQL.5432'))
  while (missing() > 0) {
    folder = join(folder, 'é'.repeat(Math.min(40, Math.floor((missing() - 1) / 2))) + (missing() % 2 === 0 ? 'a' : ''))
    mkdirSync(folder, { mode: 0o755 })
  }
  return folder
}

async function serve(dataDir: string, options: EmbeddedOptions = {}): Promise<EmbeddedAddress> {
  await putEmbedded(dataDir)
  const embedded = await openEmbedded(dataDir, options)
  closers.push(() => embedded.close())
  const pool = openPool(embedded.address)
  closers.push(() => pool.end())
  // The user who runs the program can connect in each case.
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  return JSON.parse(readFileSync(join(dataDir, 'address.json'), 'utf8'))
}

const socketIn = (folder: string) => join(folder, '.s.PGSQL.5432')

/** Creates the folders that the program would try. */
const foldersFor = (dataDir: string, options: Partial<SocketSystem> = {}) => [
  ...socketFolders(dataDir, { platform: 'linux', runtimeDir: null, tempDir: openFolder('t-'), ...options }),
]

const asAnother = SECOND_USER === null ? it.skip : it

describe('an embedded database in a data folder', () => {
  asAnother('that all users may enter cannot be opened by a second user of the machine (needs root)', async () => {
    const dataDir = openFolder()
    chmodSync(dataDir, 0o775)
    mkdirSync(join(dataDir, 'outbox'), { mode: 0o755 })
    expect((await serve(dataDir)).host).toBe(join(dataDir, 'socket'))
    const answers = await asSecondUser([
      { connect: socketIn(join(dataDir, 'socket')) },
      ...['socket', 'db', 'db/PG_VERSION', 'owner', 'outbox', 'address.json'].map((name) => ({
        read: join(dataDir, name),
      })),
      { write: join(dataDir, 'planted') },
    ])
    expect(answers).toEqual(Array(8).fill('EACCES'))
    expect((statSync(dataDir).mode & 0o777).toString(8)).toBe('755')
  })

  it('with a long path is served from another folder, also to other processes, and leaves no folder behind', async () => {
    const dataDir = folderOfLength(140)
    const tempDir = openFolder('t-')
    const { host, port, password } = await serve(dataDir, { tempDir })
    const { code, err } = await runCommand(['status', '--json'], { DATA_DIR: dataDir }, '/')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const answers = await asSecondUser([{ connect: isAbsolute(host) ? socketIn(host) : port }, { read: host }])
    expect(answers).toEqual(SECOND_USER === null ? ['in', 'done'] : ['EACCES', 'EACCES'])
    expect({ parent: join(host, '..'), password }).toEqual({ parent: tempDir, password: null })
    // A user who could replace the folder would receive the program's data.
    chmodSync(host, 0o755)
    expect(() => locate(dataDir)).toThrow('is missing, or open to other users')
    chmodSync(host, 0o700)
    expect(locate(dataDir)).toMatchObject({ host })
    // The next owner serves in another folder, and all pools find it.
    const guest = await openEmbedded(dataDir, { tempDir })
    const pool = openPool(guest.address)
    await pool.query('select 1')
    for (const close of closers.splice(-2).reverse()) await close()
    await until('the guest serves', () =>
      pool.query('select 1').then(
        () => true,
        () => false,
      ),
    )
    expect(readdirSync(tempDir)).not.toContain(basename(host))
    await pool.end()
    await guest.close()
    expect(readdirSync(tempDir)).toEqual([])
  }, 60_000)

  it('asks for a password that no other user can read if there are no Unix sockets', async () => {
    const dataDir = openFolder()
    mkdirSync(socketIn(join(dataDir, 'socket')), { recursive: true, mode: 0o700 })
    writeFileSync(join(socketIn(join(dataDir, 'socket')), 'in the way'), '')
    // No folder accepts a socket here, as on a network file system.
    const { host, port, password } = await serve(dataDir, { tempDir: join(dataDir, 'nowhere') })
    const answers = await asSecondUser([
      { connect: port },
      { connect: port, password: '' },
      { connect: port, password: 'postgres' },
      { connect: port, password: `${password}x` },
      { connect: port, password: 'x'.repeat(20_000) },
      { read: join(dataDir, 'address.json') },
      { connect: port, password: password ?? '' },
    ])
    const file = SECOND_USER === null ? 'done' : 'EACCES'
    expect(answers).toEqual(['asked for a password', '28P01', '28P01', '28P01', 'closed', file, 'in'])
    const say = async (...bytes: number[]) => {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => {})
      closers.push(() => socket.destroy())
      await once(socket, 'connect')
      socket.write(Buffer.from(bytes))
      return socket
    }
    const cancel = await say(0, 0, 0, 16, 4, 0xd2, 0x16, 0x2e, 0, 0, 0, 1, 0, 0, 0, 1)
    cancel.resume()
    await once(cancel, 'close')
    const tls = await say(0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f)
    expect(String((await once(tls, 'data'))[0])).toBe('N')
    const first = await say()
    const ended = once(first, 'close')
    for (let others = 0; others < EMBEDDED_LOGINS_MAX; others += 1) await say()
    await ended
    const login = { host, port, user: 'postgres', database: 'postgres' }
    const client = new pg.Client({ ...login, password: password ?? '' })
    await client.connect()
    await client.end()
    await expect(new pg.Client({ ...login, password: 'postgres' }).connect()).rejects.toMatchObject({ code: '28P01' })
  })

  asAnother('is refused when another user owns the folder or an entry, or can write there (needs root)', async () => {
    const theirs = openFolder()
    chownSync(theirs, 65_534, 65_534)
    await expect(openEmbedded(theirs)).rejects.toThrow('belongs to another user (uid 65534)')
    for (const name of ['socket', 'owner', 'db', 'address.json']) {
      const dataDir = openFolder()
      if (name.includes('.')) writeFileSync(join(dataDir, name), '{}')
      else mkdirSync(join(dataDir, name), { mode: 0o700 })
      chownSync(join(dataDir, name), 65_534, 65_534)
      await expect(openEmbedded(dataDir)).rejects.toThrow(`${name} belongs to another user (uid 65534)`)
    }
    const shared = openFolder()
    chmodSync(shared, 0o1777)
    await expect(openEmbedded(shared)).rejects.toThrow('Other users may write into DATA_DIR')
    expect((statSync(shared).mode & 0o7777).toString(8)).toBe('1777')
  })
})

describe('the folder of the socket', () => {
  it('is in the data folder if its path is short enough for every system, counted in bytes', async () => {
    const fits = folderOfLength(SOCKET_PATH_BYTES_MAX)
    expect(foldersFor(fits)[0]).toBe(join(fits, 'socket'))
    const server = createServer()
    closers.push(() => server.close())
    server.listen(socketIn(join(fits, 'socket')))
    await once(server, 'listening')
    const [folder] = foldersFor(folderOfLength(SOCKET_PATH_BYTES_MAX + 1))
    expect(folder).toMatch(/\/t-\w+\/paperround-\w+$/)
    expect((statSync(folder ?? '').mode & 0o777).toString(8)).toBe('700')
  })

  it('is in XDG_RUNTIME_DIR only if that is private, and is never a symbolic link', () => {
    const [dataDir, runtimeDir, elsewhere] = [openFolder(), openFolder('x-'), openFolder()]
    symlinkSync(elsewhere, join(dataDir, 'socket'))
    const inside = () => foldersFor(dataDir, { runtimeDir }).filter((folder) => folder.startsWith(runtimeDir))
    expect(inside()).toEqual([])
    chmodSync(runtimeDir, 0o700)
    expect(inside()).toHaveLength(1)
    expect(foldersFor(dataDir)).toEqual([expect.stringContaining('/paperround-')])
    expect(foldersFor(dataDir, { platform: 'win32' })).toEqual([])
    expect(readdirSync(elsewhere)).toEqual([])
  })

  it('is removed by the next owner after a kill, unless the data folder is a copy', () => {
    const [dataDir, copy] = [openFolder(), openFolder()]
    const [, host = ''] = foldersFor(dataDir)
    writeFileSync(socketIn(host), '')
    announce(dataDir, { host, port: 5432, password: null })
    cpSync(join(dataDir, 'address.json'), join(copy, 'address.json'))
    withdraw(copy)
    expect(existsSync(socketIn(host))).toBe(true)
    withdraw(dataDir)
    expect(existsSync(host)).toBe(false)
    expect(() => locate(dataDir)).toThrow('No process serves the embedded database')
  })

  it('is not read from an address file that others can write', () => {
    const dataDir = openFolder()
    const [host = ''] = foldersFor(dataDir)
    announce(dataDir, { host, port: 5432, password: null })
    expect(locate(dataDir)).toMatchObject({ host })
    chmodSync(join(dataDir, 'address.json'), 0o666)
    expect(() => locate(dataDir)).toThrow('No process serves the embedded database')
  })

  it('is not returned, and neither is its port, after the owner has died, because another program may have the port', () => {
    const dataDir = openFolder()
    announce(dataDir, { host: '127.0.0.1', port: 9, password: 'secret' })
    mkdirSync(join(dataDir, 'owner'))
    expect(() => locate(dataDir)).toThrow('has ended')
  })
})
