import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { restoreCheck } from '../../../src/cli/backup/restore-check.ts'
import { day } from '../../../src/domain/day.ts'
import { heartbeat } from '../../../src/ledger/dispatch/open-work.ts'
import { addSubscribersFor, QUICKEST } from '../../support/app.ts'
import { commandContext } from '../../support/command.ts'
import { DAY_MS, linksIn, openSite, type TestSite } from '../../support/web/site.ts'

describe('a ledger that was restored from a backup', () => {
  let site: TestSite
  let lostMails: Awaited<ReturnType<TestSite['morning']>>
  let said: readonly string[] = []
  const run = (sentThrough?: string, accessLog?: readonly string[]) => {
    const context = commandContext(site.place, () => site.clock.now)
    said = context.said
    return restoreCheck(
      { ...(sentThrough === undefined ? {} : { sentThrough }), ...(accessLog === undefined ? {} : { accessLog }) },
      context,
    )
  }
  const query = (text: string) => site.app.ledger.pool.query(text)

  beforeAll(async () => {
    site = await openSite({ shape: QUICKEST, now: '2026-11-23T09:00:00Z' }) // A Monday.
    await addSubscribersFor(site.app, [{ email: 'ada@example.org' }])
    await addSubscribersFor(site.app, [{ email: 'wim@example.org', frequency: 'weekly', weekday: 2 }])
    await site.morning()
    // The backup holds Monday. On Tuesday Mei joins, all three get their digest, and the disk dies.
    site.clock.now = new Date(site.clock.now.getTime() + DAY_MS)
    await addSubscribersFor(site.app, [{ email: 'mei@example.org' }])
    lostMails = await site.morning()
    await query(`delete from deliveries where day = '2026-11-24'`)
    await query(`delete from parcels where day = '2026-11-24'`)
    await query(`delete from edition_papers where day = '2026-11-24'`)
    await query(`delete from editions where day = '2026-11-24'`)
    await query(`delete from subscribers where email = 'mei@example.org'`)
    await query(`alter table subscribers alter column id restart with 3`)
    await query(`alter table deliveries alter column id restart with 2`)
  }, 300_000)
  afterAll(() => site?.close())

  it('is not touched while a worker runs on it, nor for a day that no backup should be so far from', async () => {
    await heartbeat(site.app.ledger.db, { id: 'w', host: 'here', pid: 1 }, site.clock.now)
    await expect(run('2026-11-24')).rejects.toThrow('A worker is running on this ledger')
    await query('delete from workers')
    await expect(run('2027-11-24')).rejects.toThrow('Is it the right backup')
    await expect(run('yesterday')).rejects.toThrow('--sent-through yesterday is not a day')
  })

  it('does not send a second digest for a day that had gone out, to daily and weekly readers alike', async () => {
    expect(lostMails).toHaveLength(3)
    expect(await run('2026-11-24')).toBe(0)
    expect(said).toContain(
      '2026-11-23 to 2026-11-24 are marked as sent: 0 open deliveries closed, 2 deliveries added as skipped.',
    )
    expect(await site.morning()).toEqual([])
    site.clock.now = new Date(site.clock.now.getTime() + DAY_MS)
    expect((await site.morning()).map((mail) => [mail.to].flat()[0]?.text)).toEqual(['ada@example.org'])
    // The website has the papers of the lost day all the same.
    expect((await site.get('/papers/2026-11-24')).body).toMatch(/<article class="entry"/)
  })

  it('gives nobody a number of a lost reader or delivery, whose links are still in inboxes', async () => {
    const mei = lostMails.find((mail) => [mail.to].flat()[0]?.text === 'mei@example.org')
    await addSubscribersFor(site.app, [{ email: 'noor@example.org' }])
    await site.app.dispatch(day('2026-11-25'), { kind: 'everyone' }, { waitForWindow: false })
    const links = mei === undefined ? [] : linksIn(mei)
    const own = (kind: string) => links.find((url) => url.includes(`/${kind}/`)) ?? ''
    expect((await site.get(own('preferences'))).status).toBe(410)
    expect((await site.get(own('digest'))).status).toBe(404)
    await site.post(own('unsubscribe'))
    const { rows } = await query(`select state from subscribers where email = 'noor@example.org'`)
    expect(rows).toEqual([{ state: 'active' }])
  })

  it('unsubscribes again who had done so after the backup, as the access log says, and nobody else', async () => {
    const token = (id: string) => site.app.ledger.tokens.sign('unsubscribe', id)
    const people = ['left@x.org', 'undid@x.org', 'opened@x.org', 'renewed@x.org', 'twice@x.org', 'by-nginx@x.org']
    await addSubscribersFor(
      site.app,
      people.map((email) => ({ email })),
    )
    const { rows } = await query(`select id::text, email from subscribers where email like '%@x.org'`)
    const tokenOf = (email: string) => token(rows.find((row) => row.email === email)?.id)
    // After the unsubscribe that is in the log, this subscription was renewed.
    await site.post(`/unsubscribe/${tokenOf('renewed@x.org')}`)
    await site.post(`/unsubscribe/${tokenOf('renewed@x.org')}?undo`, { undo: '1' })
    const caddy = (seconds: number, method: string, email: string, query = '') =>
      JSON.stringify({
        ts: Date.parse('2026-11-26T10:00:00Z') / 1_000 + seconds,
        request: { method, host: 'papers.example.org', uri: `/papers/unsubscribe/${tokenOf(email)}${query}` },
        status: 200,
      })
    const folder = mkdtempSync(join(tmpdir(), 'access-log-'))
    const file = (name: string, lines: readonly string[], pack = (text: string): Buffer => Buffer.from(text)) => {
      writeFileSync(join(folder, name), pack(lines.join('\n')))
      return join(folder, name)
    }
    // Rotated files may be named in any order.
    const logs = [
      file('access-new.log', [
        caddy(60, 'POST', 'undid@x.org', '?undo'),
        caddy(90, 'POST', 'twice@x.org'),
        '{"ts":1,"request":{"method":"POST","uri":"/unsubscribe/forged"}}',
        '{"ts": "cut off /unsubscribe/',
      ]),
      file(
        'access-old.log.gz',
        [
          caddy(0, 'POST', 'left@x.org'),
          caddy(1, 'GET', 'opened@x.org'),
          caddy(2, 'POST', 'undid@x.org'),
          caddy(3, 'POST', 'twice@x.org'),
          caddy(5, 'POST', 'twice@x.org', '?undo'),
          caddy(-86_400 * 9, 'POST', 'renewed@x.org'),
        ],
        gzipSync,
      ),
      file('nginx.log', [
        `192.0.2.7 - - [26/Nov/2026:11:00:00 +0100] "POST /unsubscribe/${tokenOf('by-nginx@x.org')} HTTP/2.0" 502 0 "-" "a "mail" program"`,
      ]),
    ]
    expect(await run(undefined, logs)).toBe(0)
    expect(said.at(-2)).toMatch(/^Unsubscribes in the access log: 3 repeated, 1 known .*, 0 of subscribers/)
    expect(said.at(-1)).toMatch(/^1 lines about unsubscribing could not be read, the first at .*access-new\.log:4\./)
    const states = await query(`select email from subscribers where email like '%@x.org' and state = 'unsubscribed'`)
    expect(states.rows.map(({ email }) => email).sort()).toEqual(['by-nginx@x.org', 'left@x.org', 'twice@x.org'])
    await expect(run(undefined, [join(folder, 'none.log')])).rejects.toThrow(
      /cannot be read: ENOENT.*Nothing was changed/,
    )
    rmSync(folder, { recursive: true })
  })

  it('tells an undo from an unsubscribe in the log, by the address of the form', async () => {
    const { rows } = await query(`select id::text from subscribers where email = 'ada@example.org'`)
    const page = await site.post(`/unsubscribe/${site.app.ledger.tokens.sign('unsubscribe', rows[0]?.id)}`)
    expect(page.body).toMatch(/<form class="actions" action="\?undo" method="post"><input type="hidden" name="undo"/)
  })
})
