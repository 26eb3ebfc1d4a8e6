import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { HURRY, MUTATIONS, type Mutation } from '../chaos/faults/changes.ts'
import { runChaos } from '../chaos/run.ts'
import type { ChaosOptions } from '../chaos/setup/options.ts'
import { PACKAGE_ROOT } from '../src/platform/paths.ts'
import { type OwnServers, serversMissing, startServers } from './support/databases/own-servers.ts'

const missing = serversMissing()
const describeChaos = missing === null ? describe : describe.skip

if (missing !== null && process.env.PAPERROUND_REQUIRE_ALL === '1') throw new Error(missing)

it('the harness changes code that the built program has', () => {
  const changes = [...HURRY, ...Object.values(MUTATIONS).flat()]
  const absent = changes.filter(
    ({ file, from }) => !readFileSync(join(PACKAGE_ROOT, 'dist', file), 'utf8').includes(from),
  )
  expect(absent).toEqual([])
})

/** Short runs of `npm run chaos` with real processes, over a PostgreSQL and a Redis of their own. */
describeChaos(
  `when everything is killed and emptied at random${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    let servers: OwnServers
    beforeAll(async () => {
      servers = await startServers()
    }, 60_000)
    afterAll(() => servers?.close(), 60_000)

    const run = (over: Pick<ChaosOptions, 'transport' | 'seed'> & Partial<ChaosOptions>) =>
      runChaos(servers, {
        subscribers: 80,
        seconds: 6,
        workers: 2,
        callsPerSecond: over.transport === 'resend' ? 10 : 40,
        parcelSize: over.transport === 'resend' ? 4 : 1,
        faultEveryMs: 1_000,
        hurry: true,
        tell: () => {},
        ...over,
      })

    it('each reader gets exactly one digest of each edition', async () => {
      const { account, faults } = await run({ transport: 'resend', seed: 3 })
      expect(faults).toEqual([])
      expect(account).toMatchObject({ lost: 0, duplicated: 0, wronged: 0, unsettled: 0 })
      expect(account.taken).toBeGreaterThan(80)
    }, 120_000)

    // The walk in test/protocol finds them in seconds on every day; with real processes they take minutes.
    const broken: [Mutation, 'resend' | 'smtp', RegExp, Partial<ChaosOptions>][] = [
      ['no-key', 'resend', /duplicated/, {}],
      ['settle-first', 'resend', /lost/, {}],
      // Each wants many mails under way: when a worker is killed, and when the day passes.
      ['unguarded', 'smtp', /duplicated/, { subscribers: 400, seconds: 60 }],
      ['late-key', 'resend', /duplicated/, { subscribers: 1_500, seconds: 90, parcelSize: 25, leap: true }],
    ]
    for (const [mutation, transport, fault, more] of process.env.CHAOS_MUTATIONS === 'all' ? broken : [])
      it(`the harness reports the broken protocol “${mutation}”`, async () => {
        const { faults } = await run({ transport, mutation, seed: 4, ...more })
        expect(faults.join(', ')).toMatch(fault)
      }, 400_000)
  },
)
