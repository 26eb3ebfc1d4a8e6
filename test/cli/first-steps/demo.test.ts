import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readEnv } from '../../../config/env.ts'
import { demoConfigOf, publishNewest } from '../../../src/cli/demo.ts'
import { openInstallation, openTestApp, QUICKEST } from '../../support/app.ts'
import { commandContext } from '../../support/command.ts'
import { startHuggingface } from '../../support/servers/huggingface-server.ts'

const SUNDAY = new Date('2026-11-29T10:00:00Z')
const clock = () => SUNDAY

describe('the live demo', () => {
  it('takes Friday’s list on a Sunday, and says when no list has papers', async () => {
    const huggingface = await startHuggingface(clock)
    const place = await openInstallation(QUICKEST, {
      sources: { huggingfaceUrl: huggingface.baseUrl, arxivUrl: 'http://127.0.0.1:1', arxivCategories: ['cs.AI'] },
    })
    const app = await openTestApp(place, clock)
    const context = commandContext(place, clock)
    await expect(publishNewest(app, true, context)).rejects.toThrow(
      /^No list of the last 10 days has papers\. Run the demo without --live/,
    )
    expect(huggingface.asked).toContain('2026-11-19')
    huggingface.lists.set('2026-11-27', [{ id: '2611.27000', at: '2026-11-27T01:00:00.000Z', votesPerHour: 4 }])
    expect(await publishNewest(app, true, context)).toBe('2026-11-27')
    expect(context.said.join('\n')).toMatch(
      /The list of 2026-11-28 has no papers, so the demo takes an earlier one\.\nEdition 2026-11-27: 1 paper/,
    )
    await app.close()
    await place.close()
    await huggingface.stop()
  }, 60_000)
})

describe('the demo beside an installation', () => {
  let dir = ''
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'demo-'))
  })
  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  it('has a ledger and a secret of its own, and an outbox of its own too if the folder is used', () => {
    const config = readEnv({ WARMUP_START: '2026-11-29' }, { cwd: dir })
    const outboxOf = () => demoConfigOf(config).outboxDir
    expect(demoConfigOf(config).dataDir).toBe(join(config.dataDir, 'demo'))
    mkdirSync(join(config.dataDir, 'demo'), { recursive: true })
    mkdirSync(join(config.dataDir, 'outbox'))
    expect(outboxOf()).toBe(join(config.dataDir, 'outbox'))
    writeFileSync(join(config.dataDir, 'secret'), 'an installation’s own')
    expect(outboxOf()).toBe(join(config.dataDir, 'demo/outbox'))
  })

  it('uses no server and no provider that the environment names', () => {
    const config = readEnv({}, { cwd: join(dir, 'empty') })
    const given = { ...config, databaseUrl: 'postgres://real/list', redisUrl: 'redis://real' }
    const used = demoConfigOf({ ...given, mail: { ...given.mail, transports: ['resend'] } })
    expect(used).toMatchObject({ databaseUrl: null, redisUrl: null, mail: { transports: ['outbox'], warmUp: null } })
    expect(used.outboxDir).toBe(join(config.dataDir, 'demo/outbox'))
    expect(demoConfigOf(config).outboxDir).toBe(join(config.dataDir, 'outbox'))
    expect(existsSync(config.dataDir)).toBe(false)
  })
})
