import { accessSync, chmodSync, constants, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { freemem } from 'node:os'
import { join } from 'node:path'

const MEMORY_DISK = '/dev/shm'
const PREFIX = 'paperround-tests-'
/** The data folders of two test files at a time need less than a quarter of this. */
const FREE_BYTES_MIN = 4 * 1024 ** 3

/**
 * Puts temporary files on the memory disk where there is one: an embedded database is 600 files, and each test makes its own.
 * React takes three times as long in development.
 */
export default function setUp() {
  process.env.NODE_ENV = 'production'
  if (!hasMemoryDisk()) return
  removeOldFolders()
  const folder = mkdtempSync(join(MEMORY_DISK, `${PREFIX}${process.pid}-`))
  // As /tmp: some tests act as a second user.
  chmodSync(folder, 0o1777)
  process.env.TMPDIR = folder
}

function hasMemoryDisk() {
  try {
    accessSync(MEMORY_DISK, constants.W_OK)
    const { bavail, bsize } = statfsSync(MEMORY_DISK)
    return Math.min(bavail * bsize, freemem()) > FREE_BYTES_MIN
  } catch {
    return false
  }
}

/** Removes what runs that were killed have left. */
function removeOldFolders() {
  for (const name of readdirSync(MEMORY_DISK).filter((each) => each.startsWith(PREFIX)))
    if (!isRunning(Number(name.slice(PREFIX.length).split('-')[0])))
      rmSync(join(MEMORY_DISK, name), { recursive: true, force: true })
}

function isRunning(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
