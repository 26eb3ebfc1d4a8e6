import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readEnv } from '../../config/env.ts'
import { SHUTDOWN_GRACE_MS } from '../../config/limits-processes.ts'
import { VARIABLES } from '../../config/variables.ts'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'

const DEPLOY = join(PACKAGE_ROOT, 'deploy')
const UNITS = readdirSync(join(DEPLOY, 'systemd'))
const isFound = (name: string) => ['/usr/bin', '/bin', '/usr/sbin'].some((folder) => existsSync(join(folder, name)))

/** A test that needs a program of Debian, which CI installs. */
function itWith(program: string): typeof it.skip {
  if (isFound(program)) return it
  if (process.env.PAPERROUND_REQUIRE_ALL === '1') throw new Error(`there is no ${program}`)
  return it.skip
}

/** Runs a script, which must find the fault before it changes anything. */
function run(script: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(join(DEPLOY, script), args, { encoding: 'utf8', input: '' })
  return { status, stdout, stderr }
}

let dir = ''
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'install-'))
  writeFileSync(join(dir, 'short'), 'short\n')
  writeFileSync(join(dir, 'text'), 'no archive')
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

describe('the scripts', () => {
  itWith('shellcheck')('have no fault that shellcheck knows', () => {
    const scripts = [...readdirSync(DEPLOY), ...readdirSync(join(DEPLOY, 'lib')).map((name) => `lib/${name}`)]
      .map((name) => join(DEPLOY, name))
      .filter((file) => file.endsWith('.sh') || file.endsWith('/paperround'))
    expect(scripts.length).toBeGreaterThan(7)
    expect(spawnSync('shellcheck', ['-x', ...scripts], { cwd: PACKAGE_ROOT, encoding: 'utf8' }).stdout).toBe('')
  })

  it.each([
    ['install.sh', [], /^Name the website with --domain, such as --domain papers\.example\.org/],
    ['install.sh', ['--domain'], /^--domain needs a value/],
    [
      'install.sh',
      ['--domain', 'https://papers.example.org'],
      /is not a name such as papers\.example\.org\. Write it without https/,
    ],
    ['install.sh', ['--domain', 'papers'], /is not a name such as/],
    ['install.sh', ['--domain', 'a.example.org;reboot'], /is not a name such as/],
    ['install.sh', ['--domain', 'papers.example.org', '--http', 'localhost'], /and only once/],
    ['install.sh', ['--http', 'localhost:3000'], /Port 3000 is one of Paperround’s own/],
    ['install.sh', ['--http', 'localhost', '--workers', '10'], /--workers 10 is not a number from 1 to 9/],
    ['install.sh', ['--http', 'localhost', '--from', '/nowhere'], /^\/nowhere does not exist/],
    ['install.sh', ['--http', 'localhost', '--from', 'DIR/text'], /is not a tar archive/],
    ['install.sh', ['--http', 'localhost', '--from', 'DIR'], /is not a checkout of Paperround/],
    ['install.sh', ['--http', 'localhost', '--admin-password-file', 'DIR/short'], /is shorter than 12 characters/],
    ['install.sh', ['--fast'], /^Unknown option --fast\. See --help\./],
    ['upgrade.sh', ['--ready-within', '1'], /is not a number of seconds from 5 to 600/],
    ['upgrade.sh', ['--fast'], /^Unknown option --fast/],
    ['restore.sh', [], /^Name the backup/],
    ['restore.sh', ['/nowhere'], /^\/nowhere does not exist/],
    ['restore.sh', ['--fast'], /^Unknown option --fast/],
    ['backup.sh', ['/nowhere'], /is not a folder that \w+ can write to/],
    ['backup.sh', ['--fast'], /^Unknown option --fast/],
  ] as [string, string[], RegExp][])('%s %j says what is wrong, and changes nothing', (script, args, words) => {
    const given = args.map((arg) => arg.replace('DIR', dir))
    expect(run(script, ...given)).toEqual({ status: 2, stdout: '', stderr: expect.stringMatching(words) })
  })

  it.each(['install.sh', 'upgrade.sh', 'restore.sh', 'backup.sh'])('%s explains each of its options', (script) => {
    const { status, stdout } = run(script, '--help')
    const options = readFileSync(join(DEPLOY, script), 'utf8').match(/^ +(--[a-z-]+)(?= \||\))/gm) ?? []
    expect(status).toBe(0)
    for (const option of options) expect(stdout).toContain(option.trim())
  })

  it('keep the backups that are there when a new one cannot be read, and only the newest when it can', () => {
    const [bin, backups] = [join(dir, 'bin'), join(dir, 'backups')]
    for (const folder of [bin, backups]) mkdirSync(folder)
    const put = (name: string, script: string) =>
      writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
    put('paperround', 'echo dump >"$2"')
    const back = (list: string) => {
      put('pg_restore', list)
      const env = { PATH: `${bin}:${process.env.PATH}`, PAPERROUND: join(bin, 'paperround') }
      return spawnSync(join(DEPLOY, 'backup.sh'), [backups], { env, encoding: 'utf8' }).status
    }
    for (let n = 10; n < 40; n++) writeFileSync(join(backups, `paperround-2020-01-${n}-000000.dump`), '')
    writeFileSync(join(backups, 'before-upgrade.dump'), '')
    expect(back('exit 1')).toBe(1)
    expect(readdirSync(backups)).toHaveLength(31)
    expect(back('echo "1; TABLE DATA public editions"')).toBe(0)
    const left = readdirSync(backups).sort()
    expect(left).toHaveLength(29)
    expect(left[0]).toBe('before-upgrade.dump')
    expect(left).toContain('paperround-2020-01-39-000000.dump')
    expect(left).not.toContain('paperround-2020-01-12-000000.dump')
  })
})

describe('the units', () => {
  itWith('systemd-analyze')('are as systemd wants them', () => {
    // In a root of its own, where the programs that they start are.
    const root = join(dir, 'root')
    const place = join(root, 'etc/systemd/system')
    cpSync(join(DEPLOY, 'systemd'), place, { recursive: true })
    for (const file of ['opt/paperround/bin/node', 'opt/paperround/current/deploy/backup.sh']) {
      mkdirSync(join(root, file, '..'), { recursive: true })
      writeFileSync(join(root, file), '')
      chmodSync(join(root, file), 0o755)
    }
    for (const name of [
      'sysinit',
      'basic',
      'shutdown',
      'network-online',
      'multi-user',
      'timers',
      'time-sync',
      'time-set',
    ])
      writeFileSync(join(place, `${name}.target`), `[Unit]\nDescription=${name}\n`)
    for (const name of [
      'system.slice',
      '-.slice',
      '-.mount',
      'tmp.mount',
      'system-paperround\\x2dworker.slice',
      'var.mount',
    ])
      writeFileSync(
        join(place, name),
        name.endsWith('mount')
          ? `[Mount]\nWhat=none\nWhere=/${name === '-.mount' ? '' : name.slice(0, 3)}\n`
          : '[Slice]\n',
      )
    const names = UNITS.map((name) => name.replace('@.', '@1.'))
    const told = spawnSync(
      'systemd-analyze',
      ['verify', `--root=${root}`, '--man=no', ...names.map((name) => join(root, 'etc/systemd/system', name))],
      { encoding: 'utf8' },
    )
    expect(told.stderr.split('\n').filter((line) => /paperround/.test(line))).toEqual([])
  })

  it('give a process longer than it takes to finish its calls, and the ports that the scripts ask', () => {
    const services = UNITS.filter((name) => /(web|scheduler|worker@)\.service$/.test(name))
    expect(services).toHaveLength(3)
    for (const name of services) {
      const unit = readFileSync(join(DEPLOY, 'systemd', name), 'utf8')
      expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1]) * 1_000).toBeGreaterThan(SHUTDOWN_GRACE_MS + 5_000)
      expect(unit).toContain('\nStateDirectory=paperround\n')
    }
    const port = (unit: string) =>
      execFileSync('bash', ['-c', `. ${DEPLOY}/lib/output.sh; . ${DEPLOY}/lib/services.sh; port_of ${unit}`])
        .toString()
        .trim()
    expect(['paperround-web', 'paperround-scheduler', 'paperround-worker@2.service'].map(port)).toEqual([
      '3000',
      '9100',
      '9102',
    ])
  })
})

describe('the settings', () => {
  const text = readFileSync(join(DEPLOY, 'settings/paperround.env'), 'utf8')

  it('are a configuration that the program accepts, and explain only variables that it has', () => {
    const filled = text
      .replace('@PUBLIC_URL@', 'https://papers.example.org')
      .replace('@SECRET@', 'a secret of the tests that is long enough')
      .replace('@ADMIN_PASSWORD@', 'a sentence of mine')
      .replace('@METRICS_TOKEN@', 'a-token-of-the-tests')
    const entries = [...filled.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value])
    expect(readEnv(Object.fromEntries(entries), { cwd: '/' })).toMatchObject({ dataDir: '/var/lib/paperround' })
    const named = [...text.matchAll(/^(?:# )?([A-Z_]+)=/gm)].map((match) => match[1])
    expect(VARIABLES.map(({ name }) => name)).toEqual(expect.arrayContaining(named))
  })

  itWith('caddy')('are a site that Caddy accepts, with and without TLS, and a log that it keeps', () => {
    const site = readFileSync(join(DEPLOY, 'settings/Caddyfile'), 'utf8')
    for (const address of ['papers.example.org', 'http://localhost:8080']) {
      const file = join(dir, 'Caddyfile')
      // Caddy creates the folder of the log when it checks a configuration.
      writeFileSync(file, site.replace('@SITE@', address).replace('/var/log/caddy', dir))
      const env = { PATH: process.env.PATH ?? '', HOME: dir }
      const { status, stderr } = spawnSync('caddy', ['validate', '--config', file, '--adapter', 'caddyfile'], {
        env,
        encoding: 'utf8',
      })
      expect({ status, stderr }).toMatchObject({ status: 0 })
      const adapted = execFileSync('caddy', ['adapt', '--config', file, '--adapter', 'caddyfile'], {
        env,
        encoding: 'utf8',
      })
      expect(Object.values(JSON.parse(adapted).logging.logs)).toContainEqual(
        expect.objectContaining({
          encoder: { format: 'json' },
          writer: expect.objectContaining({ roll_keep_days: 30 }),
        }),
      )
    }
  })
})
