import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from '@jest/globals'
import Fastify from 'fastify'
import { createMetrics } from '../../src/pipeline/metrics.ts'
import { createLogger } from '../../src/platform/log.ts'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'
import { addHealth } from '../../src/web/health.ts'

const NOW = new Date('2026-11-24T08:00:00Z')
const TOKEN = 'a token of the tests'

/** The names that /metrics really serves. */
let served: Set<string>
beforeAll(async () => {
  const web = Fastify()
  addHealth(web, {
    readiness: async () => ({
      faults: [],
      progress: {
        deliveries: [],
        oldestOpenAt: null,
        lastSettledAt: null,
        newestEditionAt: null,
        holds: 0,
        unaccounted: 0,
      },
      waiting: [],
      reports: [],
      notUnderstood: 0,
      suppressions: [],
      queues: [],
    }),
    registry: createMetrics(() => NOW).registry,
    metricsToken: TOKEN,
    clock: () => NOW,
    log: createLogger('silent'),
  })
  const { body } = await web.inject({ url: '/metrics', headers: { authorization: `Bearer ${TOKEN}` } })
  served = new Set([...body.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1] ?? ''))
  await web.close()
})

describe.each(['alerts.yml', 'grafana-dashboard.json', 'RUNBOOK.md'])('docs/%s', (file) => {
  it('asks only for metrics that are served', () => {
    const text = readFileSync(join(PACKAGE_ROOT, 'docs', file), 'utf8')
    const asked = [...text.matchAll(/\b(?:paperround|nodejs|process)_[a-z0-9_]+/g)].map((match) =>
      match[0].replace(/_bucket$/, ''),
    )
    expect(asked.length).toBeGreaterThan(5)
    expect(asked.filter((name) => !served.has(name))).toEqual([])
  })
})

describe('the runbook', () => {
  const read = (file: string) => readFileSync(join(PACKAGE_ROOT, 'docs', file), 'utf8')

  it('says of every metric of ours what it says', () => {
    const told = new Set([...read('RUNBOOK.md').matchAll(/^\| `([a-z0-9_]+)`/gm)].map((match) => match[1]))
    expect([...served].filter((name) => name.startsWith('paperround_') && !told.has(name))).toEqual([])
  })

  it('has an entry for every alert, and knows no other', () => {
    const alerts = [...read('alerts.yml').matchAll(/alert: (\w+)/g)].map((match) => match[1])
    const entries = [...read('RUNBOOK.md').matchAll(/^\| `(Paperround\w+)`/gm)].map((match) => match[1])
    expect(entries).toEqual(alerts)
    const named = `${read('RUNBOOK.md')}${read('DELIVERABILITY.md')}`.match(/\bPaperround[A-Z]\w+/g) ?? []
    expect(named.filter((name) => !alerts.includes(name))).toEqual([])
  })
})
