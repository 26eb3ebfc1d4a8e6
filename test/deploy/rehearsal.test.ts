import { appendFileSync, copyFileSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Machine, missingForMachine, startMachine } from '../support/machine/machine.ts'
import { packRelease } from '../support/machine/root.ts'

const missing = missingForMachine()
if (missing !== null && process.env.PAPERROUND_REQUIRE_ALL === '1')
  throw new Error(`The rehearsal cannot run: ${missing}`)

/** `systemd-analyze security` counts from 0 to 10; a unit without any setting has 9.6. */
const EXPOSURE_MAX = 1.5
/** On a busy machine, everything takes ten times as long. */
const TIMEOUT_MS = 1_200_000
const UNITS = ['paperround-web', 'paperround-scheduler', 'paperround-worker@1']
const EMAILS = ['ada@example.org', 'bo@example.org', 'cy@example.org']

// The steps of the runbook, one after the other, on one machine.
const [on, why] = missing === null ? [describe, ''] : [describe.skip, ` (skipped: ${missing})`]
on(`on a fresh Debian, an operator${why}`, () => {
  let machine: Machine
  let backup = ''

  /** Runs a step, which must succeed. Its output is the message of a failure. */
  async function ok(script: string): Promise<string> {
    const { code, out, err } = await machine.run(script)
    if (code !== 0) throw new Error(`${script}\nended with ${code}\n${out.slice(-2_000)}\n${err.slice(-2_000)}`)
    return out
  }
  /** Asks the database, because each command of the program takes a second to start. */
  const query = async (sql: string) => (await ok(`runuser -u paperround -- psql -XtAd paperround -c "${sql}"`)).trim()
  const states = () => query(`select string_agg(state, ' ' order by email) from subscribers`)
  /** Posts to the unsubscribe link of a subscriber's mail, through Caddy. */
  async function post(email: string, query = '', body = 'List-Unsubscribe=One-Click'): Promise<void> {
    const outbox = join(machine.root, 'var/lib/paperround/outbox')
    const mails = readdirSync(outbox).filter((name) => name.endsWith('.eml'))
    const mail = mails
      .map((name) => readFileSync(join(outbox, name), 'utf8'))
      .find((text) => text.includes(`\nTo: ${email}`))
    const link = /^List-Unsubscribe: <([^>]+)>/m.exec(mail ?? '')?.[1] ?? 'no-link'
    await ok(`curl -fs -o /dev/null -X POST -d '${body}' '${link}${query}'`)
  }
  const running = async () => (await ok('basename $(readlink /opt/paperround/current)')).trim()

  beforeAll(async () => {
    machine = await startMachine()
    packRelease(join(machine.root, 'root/paperround.tar'))
  }, TIMEOUT_MS)
  afterAll(() => machine?.stop())

  it(
    'installs everything with one script, and a second run changes nothing',
    async () => {
      await ok('mkdir checkout && tar -xf paperround.tar -C checkout deploy package.json')
      const install = 'checkout/deploy/install.sh --http localhost --from paperround.tar --prebuilt </dev/null'
      expect(await ok(install)).toMatch(
        /Ready: website, scheduler and 1 worker\(s\)\.\n[\s\S]*The password of \/admin is \S{24}\n/,
      )
      const again = await ok(install)
      expect(again).not.toMatch(/^ +changed/m)
      expect(again).toMatch(/\nNothing to change: \S+ is installed and runs\.\n$/)
      rmSync(join(machine.root, 'root/paperround.tar'))
      expect(await ok('stat -c "%a %U" /etc/paperround/paperround.env /var/lib/paperround /var/log/caddy')).toBe(
        '600 paperround\n700 paperround\n750 caddy\n',
      )
    },
    TIMEOUT_MS,
  )

  it(
    'has services that run, may do little, and have a queue that loses nothing',
    async () => {
      expect(await ok(`systemctl is-active ${UNITS.join(' ')} paperround.target paperround-backup.timer`)).toBe(
        'active\n'.repeat(5),
      )
      expect(await ok('systemctl --failed --no-legend')).toBe('')
      for (const unit of [...UNITS, 'paperround-backup']) {
        const exposure = /exposure level for \S+: ([\d.]+)/.exec(
          await ok(`systemd-analyze security ${unit}.service`),
        )?.[1]
        expect(Number(exposure)).toBeLessThan(EXPOSURE_MAX)
      }
      expect(await ok('curl -fs http://localhost/readyz')).toBe('{"ok":true}')
      expect(await ok('redis-cli -p 6380 config get maxmemory-policy; redis-cli -p 6380 config get appendonly')).toBe(
        'maxmemory-policy\nnoeviction\nappendonly\nyes\n',
      )
      // Only Caddy listens for other machines.
      expect(
        await ok(
          `grep -hv ' 0100007F:\\| 00000000000000000000000001000000:' /proc/net/tcp /proc/net/tcp6 | awk '$4 == "0A" {print $2}' | sort -u`,
        ),
      ).toMatch(/^(\w+:0050\n)+$/)
    },
    TIMEOUT_MS,
  )

  it(
    'sends a day, and a backup is made and can be read',
    async () => {
      const list = ['email', ...EMAILS].join('\n')
      await ok(
        `echo '${list}' >/var/lib/paperround/list.csv && paperround subscribers import /var/lib/paperround/list.csv --consent-note asked`,
      )
      expect(await ok('paperround run --source sample --wait')).toContain('3 deliveries = 3 sent.')
      await ok('systemctl start paperround-backup')
      backup = (await ok('ls /var/backups/paperround/paperround-*.dump')).trim()
      expect(backup).toMatch(/^\S+\.dump$/)
    },
    TIMEOUT_MS,
  )

  it(
    'goes back to the old version and the old database when an upgrade does not become ready',
    async () => {
      // Two people unsubscribe after the backup, and one of them takes it back.
      await post('ada@example.org')
      await post('bo@example.org', '', '')
      await post('bo@example.org', '?undo', 'undo=1')
      const before = await running()
      const broken = join(machine.root, 'root/broken')
      await ok('cp -al /opt/paperround/current/ broken')
      for (const [name, words] of [
        ['dist/src/ledger/migrations.js', `\nMIGRATIONS['0999-of-the-broken-release'] = { up: async () => {} }\n`],
        ['dist/workers/web.js', `\nthrow new Error('broken on purpose')\n`],
      ] as const) {
        copyFileSync(join(broken, name), join(broken, 'draft'))
        rmSync(join(broken, name)) // It is the same file as in the version that runs.
        copyFileSync(join(broken, 'draft'), join(broken, name))
        appendFileSync(join(broken, name), words)
      }
      const { code, out, err } = await machine.run('broken/deploy/upgrade.sh --prebuilt --ready-within 5')
      expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(`${before} runs as before.`) })
      expect(err).toContain('broken on purpose')
      expect(out).toContain('The new version had migrated the database. Restoring the backup.')
      expect(await running()).toBe(before)
      expect(await ok('curl -fs http://localhost/readyz')).toBe('{"ok":true}')
      expect(await states()).toBe('unsubscribed active active')
    },
    TIMEOUT_MS,
  )

  it(
    'upgrades with one command',
    async () => {
      const before = await running()
      await ok('cp -al /opt/paperround/current/ newer && rm newer/CHANGELOG.md && echo newer >newer/CHANGELOG.md')
      expect(await ok('newer/deploy/upgrade.sh --prebuilt')).toMatch(
        /\nDone: (\S+) runs\. The backup from before is \S+\.dump\.\n$/,
      )
      expect(await running()).not.toBe(before)
      expect(await ok('curl -fs http://localhost/readyz')).toBe('{"ok":true}')
      expect(await ok('newer/deploy/upgrade.sh --prebuilt')).toContain('Nothing to change')
    },
    TIMEOUT_MS,
  )

  it(
    'restores a backup, and who unsubscribed since then stays unsubscribed',
    async () => {
      await query(`delete from subscribers where email = 'cy@example.org'`)
      const today = (await ok('date +%F')).trim()
      const out = await ok(`/opt/paperround/current/deploy/restore.sh ${backup} --sent-through ${today}`)
      expect(out).toContain('Unsubscribes in the access log: 1 repeated, 0 known or taken back before the backup, 0 of')
      expect(await states()).toBe('unsubscribed active active')
      expect(await ok(`systemctl is-active ${UNITS.join(' ')}`)).toBe('active\n'.repeat(3))
      expect(await query(`select state, count(*) from deliveries group by state`)).toBe('sent|3')
    },
    TIMEOUT_MS,
  )
})
