import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { type ParsedMail, simpleParser } from 'mailparser'
import type { Config, MailConfig } from '../../config/config.ts'
import { checkAddress, DEFAULT_PREFERENCES, type Preferences } from '../../src/domain/subscriber.ts'
import { addSubscribers } from '../../src/ledger/subscribers/subscribers.ts'
import { createLogger } from '../../src/platform/log/log.ts'
import type { App } from '../../workers/app/app.ts'
import { openApp } from '../../workers/app/wiring.ts'
import { createDatabase } from './databases/temp-database.ts'
import { holdEmbedded } from './servers/embedded.ts'
import { TEST_DATABASE_URL, TEST_REDIS_URL } from './servers/services.ts'

/** Where ledger and queue live in a test. */
export type Shape = 'embedded' | 'PostgreSQL' | 'PostgreSQL and Redis'

/** The shapes that this machine has; those that are missing are named by the test that skips them. */
export const SHAPES: readonly Shape[] = ['embedded', 'PostgreSQL', 'PostgreSQL and Redis']

export function isPresent(shape: Shape): boolean {
  return shape === 'embedded' || (TEST_DATABASE_URL !== null && (shape === 'PostgreSQL' || TEST_REDIS_URL !== null))
}

/** The shape that opens soonest, for tests to which all are the same: an embedded database takes seconds to start. */
export const QUICKEST: Shape = isPresent('PostgreSQL and Redis') ? 'PostgreSQL and Redis' : 'embedded'

/** An installation: a data folder and, depending on the shape, its own PostgreSQL database and an empty Redis database. */
export interface TestInstallation {
  readonly config: Config
  readonly outbox: string
  close(): Promise<void>
}

export async function openInstallation(
  shape: Shape,
  over: { mail?: Partial<MailConfig> } & Partial<Omit<Config, 'mail'>> = {},
): Promise<TestInstallation> {
  const dataDir = mkdtempSync(join(tmpdir(), 'paperround-'))
  const held = shape === 'embedded' && (over.databaseUrl ?? null) === null ? await holdEmbedded(dataDir) : null
  const database = shape === 'embedded' ? null : await createDatabase(required(TEST_DATABASE_URL))
  const config = configOf(
    dataDir,
    database?.url ?? null,
    shape === 'PostgreSQL and Redis' ? await emptyRedis() : null,
    over,
  )
  return {
    config,
    outbox: join(dataDir, 'outbox'),
    async close() {
      await database?.drop()
      await held?.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** Opens the app of a place with the clock of the test. */
export function openTestApp(place: TestInstallation, clock: () => Date = () => new Date()): Promise<App> {
  return openApp(place.config, { clock, log: createLogger('silent') })
}

/** Adds active readers; what a test cares about is given. */
export async function addSubscribersFor(
  app: App,
  subscribers: readonly ({ email: string } & Partial<Preferences>)[],
): Promise<string[]> {
  const at = app.clock()
  const results = await addSubscribers(
    app.ledger.db,
    subscribers.map(({ email, ...preferences }) => {
      const address = checkAddress(email)
      if (!address.ok) throw new Error(address.reason)
      return {
        email: address.email,
        emailKey: address.key,
        addressHash: app.ledger.tokens.hashAddress(address.key),
        state: 'active' as const,
        preferences: { ...DEFAULT_PREFERENCES, ...preferences },
        consent: { by: 'operator' as const, note: 'a test', at: at.toISOString() },
      }
    }),
    at,
  )
  return results.map((result) => {
    if (result.kind !== 'added') throw new Error(`a test reader was ${result.kind}`)
    return result.id
  })
}

const parsed = new Map<string, Promise<ParsedMail>>()

/** Returns the mails of an outbox, parsed. Each is parsed once. */
export async function readOutbox(dir: string): Promise<ParsedMail[]> {
  const names = readdirSync(dir).filter((name) => name.endsWith('.eml'))
  return Promise.all(
    names.sort().map((name) => {
      const path = join(dir, name)
      const mail = parsed.get(path) ?? simpleParser(readFileSync(path))
      parsed.set(path, mail)
      return mail
    }),
  )
}

let redisDatabase = 0

// Test files run in parallel processes, so each process uses its own range of Redis databases. They are emptied first,
// because old jobs with the same ids would block new ones.
async function emptyRedis(): Promise<string> {
  const url = new URL(required(TEST_REDIS_URL))
  redisDatabase += 1
  url.pathname = `/${(Number(process.env.JEST_WORKER_ID ?? 1) - 1) * 6 + (redisDatabase % 6)}`
  const redis = new Redis(url.toString())
  await redis.flushdb()
  redis.disconnect()
  return url.toString()
}

function required(url: string | null): string {
  if (url === null) throw new Error('this shape needs a server that is not there')
  return url
}

export function configOf(
  dataDir: string,
  databaseUrl: string | null,
  redisUrl: string | null,
  over: Parameters<typeof openInstallation>[1] = {},
): Config {
  const { mail, ...rest } = over
  return {
    databaseUrl,
    redisUrl,
    dataDir,
    runtimeDir: null,
    publicUrl: 'https://papers.example.org',
    port: 0,
    host: '0.0.0.0',
    trustProxy: ['loopback'],
    hstsSubdomains: false,
    secret: 'a secret of the tests that is long enough',
    oldSecrets: [],
    mail: {
      transports: ['outbox'],
      from: { name: 'Paperround', address: 'digest@papers.example.org' },
      replyTo: { name: null, address: 'hello@papers.example.org' },
      postalAddress: '1 Example Street, 12345 Exampletown',
      unsubscribeMailbox: null,
      listId: 'digest.papers.example.org',
      ratePerSecond: null,
      parcelSize: null,
      giveUpHours: 22,
      template: 'mjml',
      pictures: false,
      warmUp: null,
      ...mail,
    },
    resend: { apiKey: null, baseUrl: 'http://127.0.0.1:1', webhookSecret: null },
    smtp: { url: null, connections: 5, dkim: null, uncertain: 'park' },
    bounces: { address: null, mailbox: null },
    edition: { cron: '0 6 * * *', timezone: 'UTC', sources: ['sample'], approval: 'none', canaryPercent: 0 },
    sources: { huggingfaceUrl: 'http://127.0.0.1:1', arxivUrl: 'http://127.0.0.1:1', arxivCategories: ['cs.AI'] },
    github: { apiUrl: 'http://127.0.0.1:1', token: null },
    synonyms: [],
    brand: null,
    templatesDir: null,
    adminPassword: null,
    adminTotpSecret: null,
    metricsToken: null,
    metricsPort: null,
    otelEndpoint: null,
    alerts: { publishedByHour: null, finishedByHour: null, webhookUrl: null },
    retentionMonths: 13,
    logLevel: 'silent',
    ...rest,
  }
}
