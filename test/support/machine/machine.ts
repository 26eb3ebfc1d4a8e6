import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Finished } from '../command.ts'
import { until } from '../until.ts'
import { bootstrap, copyNode, readRelease } from './root.ts'

const ROOT_BYTES = 3 * 1024 ** 3
const PROGRAMS = ['mmdebstrap', 'systemd-nspawn', 'unshare', 'nsenter', 'setpriv']

/** Returns why no machine can be started here, or null. */
export function missingForMachine(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'it needs root on Linux'
  const missing = PROGRAMS.filter(
    (name) => !['/usr/bin', '/bin', '/usr/sbin'].some((dir) => existsSync(join(dir, name))),
  )
  if (missing.length > 0) return `there is no ${missing.join(', ')}`
  if (readRelease() === null) return 'this system is not Debian'
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' })
    return null
  } catch {
    return 'root may not mount anything here'
  }
}

export interface Machine {
  /** The root of its file system, seen from here. */
  readonly root: string
  /** Runs lines of shell in it, as root. */
  run(script: string): Promise<Finished>
  stop(): Promise<void>
}

/**
 * Starts a fresh Debian of the release of this one, with systemd as its first process, in a container with its own network. Its files are in memory:
 * writing them to disk takes longer than everything else.
 */
export async function startMachine(): Promise<Machine> {
  const dir = mkdtempSync('/var/tmp/paperround-machine-')
  const root = join(dir, 'root')
  mkdirSync(root)
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${ROOT_BYTES}`, 'tmpfs', root])
  let container: ChildProcess | null = null
  let leader: number | null = null
  const stop = async () => {
    if (container !== null && container.exitCode === null) {
      const ended = new Promise((resolve) => container?.once('exit', resolve))
      // Without systemd-nspawn, systemd would go on. Without systemd, both end.
      if (leader === null) container.kill()
      else process.kill(leader, 'SIGKILL')
      await ended
    }
    execFileSync('umount', ['--lazy', root])
    rmSync(dir, { recursive: true, force: true })
  }
  try {
    await bootstrap(root)
    copyNode(root)
    container = boot(root)
    await until('systemd runs in the container', () => {
      leader = leaderOf(container)
      return leader !== null
    })
    const run = (script: string) => runIn(Number(leader), script)
    await run('systemctl is-system-running --wait')
    return { root, run, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function boot(root: string): ChildProcess {
  // nspawn needs a /run/systemd in memory. It gets one of its own, which nobody else sees.
  const script = `mkdir -p /run/systemd && mount -t tmpfs tmpfs /run/systemd && exec systemd-nspawn --quiet --boot \\
    --directory='${root}' --machine=paperround-${process.pid} --register=no --keep-unit --private-network --link-journal=no --console=pipe`
  // It shuts down with this process, however that ends.
  return spawn(
    'setpriv',
    ['--pdeathsig', 'TERM', 'unshare', '--mount', '--propagation', 'private', 'sh', '-c', script],
    { stdio: 'ignore' },
  )
}

/** Returns the process that is systemd in the container, once it is there. */
function leaderOf(container: ChildProcess | null): number | null {
  if (container === null || container.exitCode !== null) throw new Error('systemd-nspawn has ended')
  const children = readFileSync(`/proc/${container.pid}/task/${container.pid}/children`, 'utf8')
  const leader = Number(children.trim().split(' ')[0])
  if (leader === 0) return null
  return readFileSync(`/proc/${leader}/comm`, 'utf8').trim() === 'systemd' ? leader : null
}

function runIn(leader: number, script: string): Promise<Finished> {
  const into = ['-t', String(leader), '-m', '-u', '-i', '-n', '-p', '--']
  const env = [
    'env',
    '-i',
    'HOME=/root',
    'LANG=C.UTF-8',
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  ]
  return new Promise((resolve) => {
    const options = { maxBuffer: 10 * 1024 ** 2 }
    const child = execFile(
      'nsenter',
      [...into, ...env, 'bash', '-c', `cd /root; ${script}`],
      options,
      (_error, out, err) => resolve({ code: child.exitCode, out, err }),
    )
    child.stdin?.end()
  })
}
