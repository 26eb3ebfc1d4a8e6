import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import Fastify from 'fastify'
import { createMetrics } from '../../src/pipeline/metrics.ts'
import { createLogger } from '../../src/platform/log/log.ts'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'
import { addHealth } from '../../src/web/health.ts'
import { RUNBOOK_PAGES } from '../support/runbook.ts'

const NOW = new Date('2026-11-24T08:00:00Z')
const TOKEN = 'a token of the tests'

/** Returns the names of the metrics that /metrics serves. */
const web = Fastify()
addHealth(web, {
  readiness: async () => ({
    faults: [],
    progress: {
      deliveries: [],
      oldestOpenAt: null,
      lastSettledAt: null,
      newestEditionAt: null,
      pausedTransports: 0,
      unaccounted: 0,
    },
    state: null,
    waiting: [],
    reports: [],
    notUnderstood: 0,
    starsReadAt: null,
    suppressions: [],
    queues: [],
  }),
  registry: createMetrics(() => NOW).registry,
  metricsToken: TOKEN,
  clock: () => NOW,
  log: createLogger('silent'),
})
const { body } = await web.inject({ url: '/metrics', headers: { authorization: `Bearer ${TOKEN}` } })
const served = new Set([...body.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1] ?? ''))
await web.close()

describe.each(['deploy/monitoring/alerts.yml', 'deploy/monitoring/grafana-dashboard.json', 'docs/runbook/metrics.md'])(
  '%s',
  (file) => {
    it('names only metrics that are served', () => {
      const text = readFileSync(join(PACKAGE_ROOT, file), 'utf8')
      const asked = [...text.matchAll(/\b(?:paperround|nodejs|process)_[a-z0-9_]+/g)].map((match) =>
        match[0].replace(/_bucket$/, ''),
      )
      expect(asked.length).toBeGreaterThan(5)
      expect(asked.filter((name) => !served.has(name))).toEqual([])
    })
  },
)

describe('the runbook', () => {
  const read = (file: string) => readFileSync(join(PACKAGE_ROOT, file), 'utf8')

  it('describes every metric of ours', () => {
    const described = new Set(
      [...read('docs/runbook/metrics.md').matchAll(/^- `([a-z0-9_]+)`: /gm)].map(([, name]) => name),
    )
    expect([...served].filter((name) => name.startsWith('paperround_') && !described.has(name))).toEqual([])
  })

  it('has a section for every alert rule, which links to it', () => {
    const rules = read('deploy/monitoring/alerts.yml')
      .split(/^ +- alert: /m)
      .slice(1)
    const alerts = rules.map((rule) => rule.split('\n')[0] ?? '')
    expect([...read('docs/runbook/alerts.md').matchAll(/^## (Paperround\w+)$/gm)].map(([, name]) => name)).toEqual(
      alerts,
    )
    const links = rules.map((rule) => /^ +runbook: (.+)$/m.exec(rule)?.[1])
    expect(links).toEqual(alerts.map((name) => `docs/runbook/alerts.md#${name.toLowerCase()}`))
    const named = [...RUNBOOK_PAGES, 'docs/DELIVERABILITY.md'].flatMap(
      (page) => read(page).match(/\bPaperround[A-Z]\w+/g) ?? [],
    )
    expect(named.filter((name) => !alerts.includes(name))).toEqual([])
  })
})
