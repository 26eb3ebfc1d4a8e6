import { execFile, execFileSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { PACKAGE_ROOT } from '../../../src/platform/paths.ts'

/** The packages of install.sh. They are downloaded beforehand, because the machine has no network. */
const PACKAGES = 'postgresql redis-server caddy curl ca-certificates openssl'

/** Returns the code name of this Debian, such as `bookworm`, or null on other systems. */
export function readRelease(): string | null {
  const text = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
  return /^ID=debian$/m.test(text) ? (/^VERSION_CODENAME=(\w+)$/m.exec(text)?.[1] ?? null) : null
}

/** Returns where this machine gets Debian from, or nothing for Debian's own mirror. */
function sources(): string[] {
  return ['/etc/apt/sources.list.d/debian.sources', '/etc/apt/sources.list']
    .filter((file) => existsSync(file))
    .slice(0, 1)
}

/** The smallest Debian with systemd. No manuals and no translations, and dpkg does not wait for the disk. */
export async function bootstrap(root: string): Promise<void> {
  const excluded = ['man', 'doc', 'locale', 'info'].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`)
  const download = `APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get install -y -qq --no-install-recommends --download-only ${PACKAGES}`
  await promisify(execFile)(
    'mmdebstrap',
    [
      '--quiet',
      '--variant=minbase',
      '--include=systemd,systemd-sysv,dbus',
      ...excluded,
      '--dpkgopt=force-unsafe-io',
      '--aptopt=Acquire::Languages "none"',
      // The lists and the packages stay for install.sh.
      '--skip=check/empty,cleanup/apt',
      '--setup-hook=mkdir -p "$1"/var/cache/apt/archives',
      `--customize-hook=${download}`,
      readRelease() ?? '',
      root,
      ...sources(),
    ],
    { maxBuffer: 10 * 1024 ** 2 },
  )
  // A copied id would be that of another machine. An empty file makes systemd create one.
  writeFileSync(join(root, 'etc/machine-id'), '')
}

/** Gives the machine the Node and the npm that run this test. */
export function copyNode(root: string): void {
  cpSync(realpathSync(process.env.REHEARSAL_NODE ?? process.execPath), join(root, 'usr/local/bin/node'))
  const cli = realpathSync(execFileSync('sh', ['-c', 'command -v npm']).toString().trim())
  cpSync(join(dirname(cli), '..'), join(root, 'usr/local/lib/npm'), { recursive: true })
  symlinkSync('../lib/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'))
}

interface LockEntry {
  readonly dev?: boolean
  readonly devOptional?: boolean
}

/** Writes a tarball of this checkout as a build machine would, with `dist` and what `npm ci --omit=dev` installs. */
export function packRelease(file: string): void {
  const lock: { packages: Record<string, LockEntry> } = JSON.parse(
    readFileSync(join(PACKAGE_ROOT, 'package-lock.json'), 'utf8'),
  )
  const modules = Object.entries(lock.packages)
    .filter(
      ([path, { dev, devOptional }]) =>
        /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) && dev !== true && devOptional !== true,
    )
    .map(([path]) => path)
    .filter((path) => existsSync(join(PACKAGE_ROOT, path)))
  const parts =
    /^PARTS=\(([^)]+)\)$/m.exec(readFileSync(join(PACKAGE_ROOT, 'deploy/lib/release.sh'), 'utf8'))?.[1] ?? ''
  const built = ['config', 'src', 'workers', 'templates'].map((name) => `dist/${name}`)
  execFileSync('tar', ['-C', PACKAGE_ROOT, '-cf', file, ...parts.split(' '), ...built, ...modules])
}
