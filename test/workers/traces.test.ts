import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { dayIn } from '../../src/domain/day.ts'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'
import { addSubscribersFor, isPresent, openInstallation, openTestApp } from '../support/app.ts'
import { startCommand } from '../support/command.ts'
import { listen } from '../support/servers/ports.ts'
import { until } from '../support/until.ts'

interface Span {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly process: string
}

/** A collector on loopback that takes OTLP as JSON. */
async function startCollector() {
  const bodies: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      bodies.push(body)
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}`,
    bodies,
    spans: () => bodies.flatMap(spansIn),
    close: () => server.close(),
  }
}

function spansIn(body: string): Span[] {
  return JSON.parse(body).resourceSpans.flatMap((resource: Resource) => {
    const id = resource.resource.attributes.find(({ key }) => key === 'service.instance.id')
    return resource.scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({ ...span, process: id?.value.stringValue })),
    )
  })
}

interface Resource {
  readonly resource: { readonly attributes: readonly { key: string; value: { stringValue: string } }[] }
  readonly scopeSpans: readonly { readonly spans: readonly Span[] }[]
}

const STEPS = ['publish', 'dispatch', 'deliver', 'claim', 'call', 'settle']

describe('traces', () => {
  const test = isPresent('PostgreSQL and Redis') ? it : it.skip

  test('of one morning are one, from the process that asks for the edition to the worker that sends it', async () => {
    const collector = await startCollector()
    const place = await openInstallation('PostgreSQL and Redis', { otelEndpoint: collector.url })
    const { databaseUrl, redisUrl, dataDir, secret } = place.config
    const app = await openTestApp(place)
    await addSubscribersFor(
      app,
      ['ada', 'kofi', 'mei'].map((name) => ({ email: `${name}@example.org`, timezone: 'UTC', deliveryHour: 0 })),
    )
    const env = {
      DATABASE_URL: String(databaseUrl),
      REDIS_URL: String(redisUrl),
      DATA_DIR: dataDir,
      SECRET: String(secret),
      EDITION_SOURCES: 'sample',
      EDITION_TIMEZONE: 'UTC',
      LOG_LEVEL: 'silent',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    }
    const { child, finished } = startCommand(['worker'], env, dataDir)
    try {
      await app.traced('morning', {}, () => app.queues.add('publish', [{ day: dayIn('UTC', new Date()) }]))
      const sent = () => app.ledger.db.selectFrom('deliveries').select('id').where('state', '=', 'sent').execute()
      await until('all have their digest', async () => (await sent()).length === 3, 200_000)
    } finally {
      child.kill('SIGTERM')
    }
    expect(await finished).toMatchObject({ code: 0 })
    await app.close()
    collector.close()
    await place.close()

    const spans = collector.spans()
    const root = spans.find(({ name }) => name === 'morning')
    const trace = spans.filter(({ traceId }) => traceId === root?.traceId)
    expect(STEPS.filter((step) => !trace.some(({ name }) => name === step))).toEqual([])
    expect(trace.filter(({ name }) => name === 'call')).toHaveLength(3)
    const ids = new Set(trace.map(({ spanId }) => spanId))
    expect(trace.filter(({ parentSpanId }) => !ids.has(parentSpanId ?? '')).map(({ name }) => name)).toEqual([
      'morning',
    ])
    expect(new Set(trace.map((span) => span.process)).size).toBe(2)
    expect(collector.bodies.join()).not.toMatch(/@example|%40example/)
  }, 300_000)

  it('load nothing when no collector is set', () => {
    const wiring = join(PACKAGE_ROOT, 'dist/workers/app/wiring.js')
    const script = `await import(${JSON.stringify(wiring)})
      const { createRequire } = await import('node:module')
      console.log(Object.keys(createRequire(${JSON.stringify(wiring)}).cache).filter((path) => /opentelemetry.(sdk|exporter|resources)|bullmq-otel/.test(path)).length)`
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', script]).toString()
    expect(out.trim()).toBe('0')
  }, 300_000)
})
