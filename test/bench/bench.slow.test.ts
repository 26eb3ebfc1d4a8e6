import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { speedTable } from '../../bench/report.ts'
import { runClaimless } from '../../bench/sending/claimless.ts'
import { benchDispatch, dispatchTable } from '../../bench/sending/dispatching.ts'
import { benchSending } from '../../bench/sending/resend.ts'
import { openSink } from '../../bench/sending/sinks.ts'
import { smtpEnv } from '../../bench/sending/smtp.ts'
import { Installations } from '../../bench/setup/installations.ts'
import { withList } from '../../bench/setup/with-installation.ts'
import { figureTable } from '../../bench/wanted.ts'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'
import { isPresent, openInstallation, type TestInstallation } from '../support/app.ts'
import { TEST_DATABASE_URL } from '../support/servers/services.ts'

const common = { rounds: '1', choices: 'own', history: '1', json: true } as const

const onServers = isPresent('PostgreSQL and Redis') ? describe : describe.skip

onServers('a bench of thirty readers', () => {
  let place: TestInstallation
  const servers = () => ({ database: TEST_DATABASE_URL ?? '', redis: place.config.redisUrl ?? '' })
  beforeAll(async () => {
    // `npm test` has built them; who runs this file alone may not have.
    if (!existsSync(join(PACKAGE_ROOT, 'dist/bench/processes/baseline-resend.js')))
      execFileSync('npx', ['tsc', '-p', 'tsconfig.bench.json'], { cwd: PACKAGE_ROOT })
    place = await openInstallation('PostgreSQL and Redis')
  }, 120_000)
  afterAll(() => place?.close())

  it('holds our path against the limit, Resend’s client and three scripts, as a table and as JSON', async () => {
    const sizes = { subscribers: '30', warm: '10', scriptMessages: '6' }
    const [report] = await benchSending({ ...common, ...sizes, ...servers() })
    const names = [
      'Resend’s client, fixed',
      'pre-built bodies by node:http',
      'claimless loop',
      'Paperround',
      'script: React render, emails',
      'script: React render, batch',
      'tutorial: BullMQ',
    ]
    expect(JSON.parse(JSON.stringify(report))).toMatchObject({
      kind: 'speed',
      bench: 'sending',
      settings: { subscribers: 30, warm: 10, rounds: 1, scriptMessages: 6, choices: 'own', rest: false, history: 1 },
      reference: expect.stringContaining(names[0] ?? ''),
      rows: names.map((name) => ({
        name: expect.stringContaining(name),
        messagesPerSecond: expect.any(Number),
        ofReference: expect.any(Number),
        paperroundTimes: expect.any(Number),
        messageBytes: expect.any(Number),
      })),
    })
    const [head, ...lines] = speedTable(report as never)
      .trim()
      .split('\n')
      .slice(1)
    expect(head).toMatch(/messages\/s +low–high +of ref/)
    expect(lines.map((line, at) => line.startsWith(names[at] ?? '-'))).toEqual(names.map(() => true))
    // Compared messages have the same length.
    const [fixed, limit, claimless, ours] = report?.rows.map(({ messageBytes }) => messageBytes) ?? []
    for (const bytes of [fixed, limit, claimless]) expect(Math.abs((bytes ?? 0) / (ours ?? 1) - 1)).toBeLessThan(0.05)
    expect(figureTable([report as never])).toMatch(/^Resend path : pre-built bodies by node:http .*(reached|MISSED)$/m)
  })

  it('loops without claims over SMTP and without a call, on an installation that two benches share', async () => {
    const installations = new Installations()
    const options = { ...common, ...servers(), installations }
    const loop = { warm: 10, calls: 4, envFor: smtpEnv }
    try {
      const smtp = await withList(40, options, (at) =>
        runClaimless(at, { ...loop, batch: 1, openSink: () => openSink('smtp-sink', 10) }),
      )
      const accepting = await withList(40, options, (at) => {
        expect(installations.size).toBe(1)
        return runClaimless(at, { ...loop, batch: 10, openSink: null })
      })
      for (const run of [smtp, accepting]) expect(run).toMatchObject({ messages: 30, seconds: expect.any(Number) })
    } finally {
      await installations.close()
    }
  })

  it('tells of a morning its memory, the ledger’s bytes, and that everyone got one', async () => {
    const [report] = await benchDispatch({ ...common, sizes: '30', ...servers() })
    expect(report?.rows).toEqual([
      expect.objectContaining({
        subscribers: 30,
        firstMailMs: expect.any(Number),
        redisPeakMegabytes: expect.any(Number),
        account: '30 subscribers = 30 sent in the ledger = 30 taken by the provider',
      }),
    ])
    const [morning] = report?.rows ?? []
    expect(morning?.ledgerBytesPerDelivery).toBeGreaterThan(100)
    expect(morning?.tables.map(({ table }) => table)).toEqual(expect.arrayContaining(['deliveries', 'parcels']))
    expect(dispatchTable(report as never)).toContain('first mail ms')
  })
})
