import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import pg from 'pg'
import { isPresent, openInstallation } from '../../support/app.ts'
import { startCommand } from '../../support/command.ts'
import { until } from '../../support/until.ts'

const onServer = isPresent('PostgreSQL') ? it : it.skip

onServer(
  'an import that is interrupted, and then killed, goes on with the same file: nobody is missing, twice, or never asked',
  async () => {
    const place = await openInstallation('PostgreSQL')
    const dir = place.config.dataDir
    const client = new pg.Client({ connectionString: place.config.databaseUrl ?? '' })
    try {
      const lines = 30_000
      const file = join(dir, 'list.csv')
      const addresses = Array.from({ length: lines }, (_, index) => `reader${index}@example.org`)
      writeFileSync(file, ['email', ...addresses].join('\n'))
      const env = {
        DATABASE_URL: place.config.databaseUrl ?? '',
        SECRET: place.config.secret ?? '',
        DATA_DIR: dir,
        LOG_LEVEL: 'silent',
      }
      const start = () => startCommand(['subscribers', 'import', file, '--consent-note', 'form', '--confirm'], env, dir)
      await client.connect()
      const count = async (table: string) => {
        const found = await client.query(`select to_regclass('${table}') is not null as there`)
        return found.rows[0].there ? Number((await client.query(`select count(*) from ${table}`)).rows[0].count) : 0
      }
      const stopAfter = async (more: number, signal: 'SIGINT' | 'SIGKILL') => {
        const importing = start()
        const enough = (await count('subscribers')) + more
        await until('a part of the list is there', async () => (await count('subscribers')) >= enough)
        importing.child.kill(signal)
        return importing.finished
      }
      expect(await stopAfter(1_000, 'SIGINT')).toMatchObject({
        code: 130,
        err: expect.stringMatching(/Interrupted after \d+000 lines: \d+ added, 0 bad\. Import the same file again/),
      })
      await stopAfter(1_000, 'SIGKILL')
      const before = await count('subscribers')
      expect(before).toBeLessThan(lines)
      expect(await count('transactional_emails')).toBe(before)
      const rest = `${lines - before} added, ${before} known already, 0 twice in the file`
      expect(await start().finished).toMatchObject({ code: 0, out: expect.stringContaining(rest) })
      const { rows } = await client.query(
        "select count(*) as subscribers, count(distinct s.email_key) as keys, count(n.id) as asked from subscribers s left join transactional_emails n on n.subscriber_id = s.id and n.kind = 'confirm'",
      )
      expect(rows[0]).toEqual({ subscribers: String(lines), keys: String(lines), asked: String(lines) })
    } finally {
      await client.end()
      await place.close()
    }
  },
  300_000,
)
