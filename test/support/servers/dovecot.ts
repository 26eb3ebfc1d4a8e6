import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { until } from '../until.ts'
import { freePort } from './ports.ts'

/** A real IMAP server on loopback with one mailbox. */
export interface Dovecot {
  readonly url: string
  /** The maildir behind INBOX. */
  readonly maildir: string
  stop(): Promise<void>
  start(): Promise<void>
  close(): Promise<void>
}

/** Debian installs it into a folder of root's PATH only. */
const PROGRAM = ['/usr/sbin/dovecot', '/usr/local/sbin/dovecot', 'dovecot'].find(runs) ?? null

if (PROGRAM === null && process.env.PAPERROUND_REQUIRE_ALL === '1')
  throw new Error('PAPERROUND_REQUIRE_ALL is set, but Dovecot is missing: apt-get install dovecot-imapd')

/** Whether this machine has Dovecot. Without it, its tests are reported as skipped. */
export const HAS_DOVECOT = PROGRAM !== null

export async function startDovecot(): Promise<Dovecot> {
  const dir = mkdtempSync(join(tmpdir(), 'dovecot-'))
  chmodSync(dir, 0o755)
  const maildir = join(dir, 'mail')
  for (const name of ['new', 'cur', 'tmp']) mkdirSync(join(maildir, name), { recursive: true })
  const port = await freePort()
  const config = join(dir, 'dovecot.conf')
  writeFileSync(config, configOf(dir, maildir, port))
  let child: ChildProcess | null = null
  const server: Dovecot = {
    url: `imap://ada:a%2Fsecret@127.0.0.1:${port}/INBOX`,
    maildir,
    async start() {
      child = spawn(PROGRAM ?? '', ['-F', '-c', config], { stdio: 'ignore' })
      await until('Dovecot greets', () => answers(port), 20_000).catch((error) => {
        child?.kill('SIGTERM')
        throw error
      })
    },
    async stop() {
      const ended = new Promise((resolve) => child?.once('exit', resolve))
      child?.kill('SIGTERM')
      await ended
    },
    async close() {
      await server.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
  await server.start()
  return server
}

/**
 * Every file in one folder. Dovecot refuses to let its login process be root, so there it takes the users that the
 * package made; anybody else runs all of it.
 */
function configOf(dir: string, maildir: string, port: number): string {
  const user = userInfo().username
  const group = execFileSync('id', ['-gn']).toString().trim()
  const owner = user === 'root' ? 'mail' : user
  // Dovecot does not read mail as root.
  if (user === 'root') execFileSync('chown', ['-R', `${owner}:${owner}`, maildir])
  return `
base_dir = ${dir}/run
state_dir = ${dir}/state
log_path = ${dir}/log
protocols = imap
ssl = no
disable_plaintext_auth = no
${user === 'root' ? '' : `default_internal_user = ${user}\ndefault_internal_group = ${group}\ndefault_login_user = ${user}`}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:${maildir}
passdb {
  driver = static
  args = password=a/secret
}
userdb {
  driver = static
  args = uid=${owner} gid=${user === 'root' ? owner : group} home=${maildir}
}
service imap-login {
  chroot =
  inet_listener imap {
    address = 127.0.0.1
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`
}

function runs(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.setTimeout(1_000, () => socket.destroy())
    socket.once('data', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
    socket.once('data', () => socket.destroy())
  })
}
