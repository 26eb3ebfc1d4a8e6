import { describe, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import { checkDatabase } from '../../src/doctor/database.ts'
import { isPresent } from '../support/app.ts'
import { examine, HEALTHY, problemsOf, UNREACHABLE_DATABASE } from '../support/doctor.ts'

describe('doctor', () => {
  it('runs every check, and exits with 0 when all pass', async () => {
    const { code, findings } = await examine(HEALTHY)
    expect([code, problemsOf(findings)]).toEqual([0, []])
    expect(findings.map(({ check }) => check)).toEqual([
      'configuration',
      'PUBLIC_URL',
      'database',
      'clock',
      'time zones',
      'admin',
      'queue',
      'smtp',
      'GitHub',
      'SPF',
      'DKIM key',
      'DKIM signature',
      'DMARC',
      'MX',
      'reverse DNS',
    ])
  }, 300_000)

  it('warns when the website listens on loopback but does not trust a proxy there', async () => {
    const { code, findings } = await examine(HEALTHY, { host: '127.0.0.1', trustProxy: ['10.0.0.0/8'] })
    expect([code, problemsOf(findings).map(({ check, remedy }) => [check, remedy])]).toEqual([
      0,
      [['HOST', 'Add loopback to TRUST_PROXY.']],
    ])
  }, 300_000)

  it('finds links without TLS, a missing postal address and a repetitive secret', async () => {
    const { code, findings } = await examine(HEALTHY, {
      publicUrl: 'http://papers.example.org',
      secret: 'a'.repeat(40),
      mail: { postalAddress: null },
    })
    expect(code).toBe(1)
    expect(problemsOf(findings).map(({ severity, check }) => `${severity} ${check}`)).toEqual([
      'error SECRET',
      'error PUBLIC_URL',
      'warning postal address',
    ])
  }, 300_000)

  it('continues with the other checks when the database and the mail server are down', async () => {
    const { code, findings } = await examine(HEALTHY, {
      databaseUrl: UNREACHABLE_DATABASE,
      smtp: { url: 'smtp://127.0.0.1:1', connections: 5, dkim: null, uncertain: 'park' },
    })
    expect(code).toBe(1)
    expect(JSON.stringify(findings)).not.toContain('secret@')
    expect(findings.filter(({ severity }) => severity === 'error').map(({ check }) => check)).toEqual([
      'database',
      'smtp',
    ])
    expect(findings.map(({ check }) => check)).toContain('SPF')
  }, 300_000)

  const test = isPresent('PostgreSQL and Redis') ? it : it.skip
  test('finds a Redis that may evict jobs', async () => {
    const redis = new Redis(process.env.TEST_REDIS_URL ?? '')
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
    const { findings } = await examine(HEALTHY, {}, 'PostgreSQL and Redis').finally(async () => {
      await redis.config('SET', 'maxmemory-policy', 'noeviction')
      redis.disconnect()
    })
    expect(problemsOf(findings)).toMatchObject([
      {
        severity: 'warning',
        check: 'queue',
        text: expect.stringMatching(/evicts/),
        remedy: expect.stringMatching(/noeviction/),
      },
    ])
  }, 300_000)

  it('finds clocks that differ and unknown time zones', () => {
    const view = {
      version: 'PostgreSQL 15',
      embeddedIn: null,
      theirs: new Date('2026-11-24T08:00:00Z'),
      ours: new Date('2026-11-24T08:01:00Z'),
      zones: ['Europe/Berlin', 'Mars/Base'],
      isKnownZone: (zone: string) => zone !== 'Mars/Base',
      missing: ['America/Coyhaique'],
      differing: ['Europe/Berlin'],
    }
    expect(checkDatabase(view).map(({ severity, check }) => `${severity} ${check}`)).toEqual([
      'ok database',
      'error clock',
      'error time zones',
      'warning time zones',
      'warning time zones',
    ])
  })
})
