import { isAbsolute, join, resolve } from 'node:path'
import { z } from 'zod'
import { usageError } from '../src/platform/errors.ts'
import { LOG_LEVELS } from '../src/platform/log/log-level.ts'
import { distance } from '../src/text/distance.ts'
import { brandFile } from './brand/brand-file.ts'
import type { Config } from './config.ts'
import * as fields from './fields.ts'
import { languageFaults, languageOf, locale } from './language/language.ts'
import {
  SEND_GIVE_UP_HOURS_DEFAULT,
  SEND_GIVE_UP_HOURS_MAX,
  SEND_RATE_PER_SECOND_DEFAULT,
  SMTP_CONNECTIONS_DEFAULT,
  SMTP_CONNECTIONS_MAX,
  WARM_UP_FIRST_DAY_DEFAULT,
} from './limits.ts'
import { RETENTION_MONTHS_DEFAULT, RETENTION_MONTHS_MAX, RETENTION_MONTHS_MIN } from './limits-processes.ts'
import { VARIABLES } from './variables.ts'

export type Environment = Readonly<Record<string, string | undefined>>

const PORT_DEFAULT = 3000

/** One schema for the whole environment: what each variable must be, and what it is when it is not set. */
const SCHEMA = z.object({
  DATABASE_URL: fields.url(['postgres:', 'postgresql:'], 'postgres://user:password@host/name').optional(),
  REDIS_URL: fields.redisUrl().optional(),
  DATA_DIR: z.string().default('.paperround'),
  XDG_RUNTIME_DIR: z.string().optional(),
  PUBLIC_URL: fields.publicUrl().optional(),
  PORT: fields.whole(0, 65_535).default(PORT_DEFAULT),
  HOST: fields.listenHost().default('0.0.0.0'),
  TRUST_PROXY: fields.list(fields.network()).default(['loopback']),
  HSTS_SUBDOMAINS: z.enum(['on', 'off'], 'must be on or off').default('off'),
  SECRET: fields.secret(32, 'openssl rand -hex 32').optional(),
  OLD_SECRETS: fields.list(fields.secret(32, 'openssl rand -hex 32')).default([]),
  MAIL_TRANSPORT: fields.transports().default(['outbox']),
  MAIL_FROM: fields.mailbox().optional(),
  MAIL_REPLY_TO: fields.mailbox().optional(),
  MAIL_POSTAL_ADDRESS: fields.line(300).optional(),
  UNSUBSCRIBE_MAILBOX: fields.mailbox().optional(),
  LIST_ID: fields.hostName('digest.example.org').optional(),
  RESEND_API_KEY: fields.secret(8, 're_…, from Resend’s dashboard').optional(),
  RESEND_BASE_URL: fields.site().default('https://api.resend.com'),
  RESEND_WEBHOOK_SECRET: z
    .string()
    .startsWith('whsec_', 'must begin with whsec_; copy it from Resend’s dashboard')
    .optional(),
  SEND_RATE_PER_SECOND: fields.rate(10_000).optional(),
  PARCEL_SIZE: fields.whole(1, 100).optional(),
  SEND_GIVE_UP_HOURS: fields.whole(1, SEND_GIVE_UP_HOURS_MAX).default(SEND_GIVE_UP_HOURS_DEFAULT),
  WARMUP_START: fields.day().optional(),
  WARMUP_FIRST_DAY: fields.whole(1, 100_000).default(WARM_UP_FIRST_DAY_DEFAULT),
  SMTP_URL: fields.url(['smtp:', 'smtps:'], 'smtp://user:password@host:587').optional(),
  SMTP_CONNECTIONS: fields.whole(1, SMTP_CONNECTIONS_MAX).default(SMTP_CONNECTIONS_DEFAULT),
  SMTP_UNCERTAIN: z.enum(['park', 'resend'], 'must be park or resend').default('park'),
  DKIM_DOMAIN: fields.hostName('example.org').optional(),
  DKIM_SELECTOR: fields.hostName('paperround', 1).optional(),
  DKIM_PRIVATE_KEY: fields.privateKey().optional(),
  BOUNCE_ADDRESS: fields.bounceAddress().optional(),
  BOUNCE_MAILBOX: fields.bounceMailbox().optional(),
  DIGEST_TEMPLATE: z.enum(['mjml', 'react'], 'must be mjml or react').default('mjml'),
  DIGEST_IMAGES: z.enum(['on', 'off'], 'must be on or off').default('off'),
  BRAND_FILE: brandFile().optional(),
  TEMPLATES_DIR: fields.folder().optional(),
  LOCALE: locale().default('en'),
  LOCALES_DIR: z.string().optional(),
  EDITION_CRON: fields.cron().default('0 6 * * *'),
  EDITION_TIMEZONE: fields.timezone().default('UTC'),
  EDITION_SOURCES: fields.list(fields.source()).default(['huggingface']),
  HF_BASE_URL: fields.site().default('https://huggingface.co'),
  ARXIV_BASE_URL: fields.site().default('https://export.arxiv.org'),
  ARXIV_FEED_URL: fields.site().optional(),
  ARXIV_CATEGORIES: fields.list(fields.category()).default(['cs.AI', 'cs.CL', 'cs.CV', 'cs.LG']),
  GITHUB_TOKEN: fields.headerToken('create one at https://github.com/settings/tokens').optional(),
  GITHUB_API_URL: fields.siteForTokens().default('https://api.github.com'),
  SYNONYMS_FILE: fields.synonymsFile().default([]),
  ADMIN_PASSWORD: fields.password().optional(),
  ADMIN_TOTP_SECRET: fields.totpSecret().optional(),
  EDITION_APPROVAL: z.enum(['none', 'required'], 'must be none or required').default('none'),
  EDITION_CANARY_PERCENT: fields.whole(0, 50).default(0),
  METRICS_TOKEN: fields.secret(16, 'openssl rand -hex 16').optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: fields.site().optional(),
  METRICS_PORT: fields.whole(1, 65_535).optional(),
  ALERT_PUBLISHED_BY: fields.whole(0, 23).optional(),
  ALERT_FINISHED_BY: fields.whole(0, 23).optional(),
  ALERT_WEBHOOK_URL: fields.url(['http:', 'https:'], 'https://hooks.example.org/…').optional(),
  RETENTION_MONTHS: fields.months(RETENTION_MONTHS_MIN, RETENTION_MONTHS_MAX).default(RETENTION_MONTHS_DEFAULT),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
})
type Values = z.infer<typeof SCHEMA>

/**
 * Makes the frozen configuration of the environment.
 * @param options.cwd what a relative DATA_DIR hangs on.
 * @throws Fault (exit code 2) with every fault at once, each with its remedy. Secrets are never repeated.
 */
export function readEnv(env: Environment, { cwd }: { readonly cwd: string }): Config {
  const set = Object.fromEntries(VARIABLES.map(({ name }) => [name, env[name]?.trim()]).filter(([, value]) => value))
  const parsed = SCHEMA.safeParse(set)
  const faults = [
    ...misspelt(env),
    ...(parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${String(path[0])} ${message}.`)),
    ...contradictions(set),
    ...(parsed.success ? languageFaults(languageOf(parsed.data, cwd)) : []),
  ]
  if (!parsed.success || faults.length > 0) throw usageError([...new Set(faults)])
  return freeze(toConfig(parsed.data, cwd))
}

/** Returns contradictions between values that are valid on their own. It reads the raw values, so that other faults do not hide them. */
function contradictions(values: Environment): string[] {
  const faults: string[] = []
  const needs = (condition: boolean, fault: string) => condition || faults.push(fault)
  const transports = (values.MAIL_TRANSPORT ?? '').split(',').map((name) => name.trim())
  const uses = (name: 'smtp' | 'resend') => transports.includes(name)
  needs(
    values.DATABASE_URL !== undefined || values.REDIS_URL === undefined,
    'REDIS_URL is set but DATABASE_URL is not: workers that share a queue must share a ledger. Set DATABASE_URL, or unset REDIS_URL.',
  )
  needs(
    values.DATABASE_URL === undefined || values.SECRET !== undefined,
    'SECRET is not set: with DATABASE_URL every machine must sign links alike. Make one with `openssl rand -hex 32`.',
  )
  needs(
    !uses('smtp') || values.SMTP_URL !== undefined,
    'SMTP_URL is not set, but MAIL_TRANSPORT names smtp. Set it, such as smtp://user:password@host:587.',
  )
  needs(
    !uses('resend') || values.RESEND_API_KEY !== undefined,
    'RESEND_API_KEY is not set, but MAIL_TRANSPORT names resend. Make a key in Resend’s dashboard.',
  )
  needs(
    !(uses('smtp') || uses('resend')) || values.MAIL_FROM !== undefined,
    'MAIL_FROM is not set. Set the sender, such as Paperround <digest@example.org>.',
  )
  needs(
    values.ADMIN_TOTP_SECRET === undefined || values.ADMIN_PASSWORD !== undefined,
    'ADMIN_TOTP_SECRET is set but ADMIN_PASSWORD is not: the code is asked for beside a password. Set both.',
  )
  needs(
    values.WARMUP_FIRST_DAY === undefined || values.WARMUP_START !== undefined,
    'WARMUP_START is not set, but WARMUP_FIRST_DAY is: without it there is no warm-up. Set it to the first day of the domain, such as 2026-11-24.',
  )
  needs(
    values.HSTS_SUBDOMAINS !== 'on' || (values.PUBLIC_URL ?? '').startsWith('https:'),
    'HSTS_SUBDOMAINS is on, but PUBLIC_URL is not https: browsers take the promise over https only. Set PUBLIC_URL to the https address.',
  )
  const dkim = [values.DKIM_DOMAIN, values.DKIM_SELECTOR, values.DKIM_PRIVATE_KEY].filter(
    (value) => value !== undefined,
  ).length
  needs(
    dkim === 0 || dkim === 3,
    'DKIM_DOMAIN, DKIM_SELECTOR and DKIM_PRIVATE_KEY belong together: set all three or none.',
  )
  needs(
    values.BOUNCE_MAILBOX === undefined || values.BOUNCE_ADDRESS !== undefined,
    'BOUNCE_ADDRESS is not set, but BOUNCE_MAILBOX is: without it no letter comes back there. Set it, such as bounces@example.org.',
  )
  return faults
}

/** A variable that nobody knows and that is nearly one of ours would be overlooked in silence. */
function misspelt(env: Environment): string[] {
  const known = new Set(VARIABLES.map(({ name }) => name))
  return Object.keys(env)
    .filter((name) => !known.has(name) && name.length >= 6)
    .flatMap((name) => {
      const meant = [...known].find((each) => each.length >= 6 && distance(name, each) <= 2)
      return meant === undefined ? [] : [`${name} is not known. Did you mean ${meant}?`]
    })
}

function toConfig(values: Values, cwd: string): Config {
  const { DKIM_DOMAIN: domain, DKIM_SELECTOR: selector, DKIM_PRIVATE_KEY: privateKey } = values
  const dkim =
    domain !== undefined && selector !== undefined && privateKey !== undefined ? { domain, selector, privateKey } : null
  // Port 0 means any free port, which nobody knows yet.
  const publicUrl = values.PUBLIC_URL ?? `http://localhost:${values.PORT === 0 ? PORT_DEFAULT : values.PORT}`
  const from = values.MAIL_FROM ?? { name: 'Paperround', address: 'digest@paperround.example' }
  return {
    databaseUrl: values.DATABASE_URL ?? null,
    redisUrl: values.REDIS_URL ?? null,
    dataDir: isAbsolute(values.DATA_DIR) ? values.DATA_DIR : join(cwd, values.DATA_DIR),
    runtimeDir: values.XDG_RUNTIME_DIR ?? null,
    publicUrl,
    port: values.PORT,
    host: values.HOST,
    trustProxy: values.TRUST_PROXY,
    hstsSubdomains: values.HSTS_SUBDOMAINS === 'on',
    secret: values.SECRET ?? null,
    oldSecrets: values.OLD_SECRETS,
    mail: {
      transports: values.MAIL_TRANSPORT,
      from,
      replyTo: values.MAIL_REPLY_TO ?? from,
      postalAddress: values.MAIL_POSTAL_ADDRESS ?? null,
      unsubscribeMailbox: values.UNSUBSCRIBE_MAILBOX?.address ?? null,
      listId: values.LIST_ID ?? `digest.${new URL(publicUrl).hostname}`,
      ratePerSecond:
        values.SEND_RATE_PER_SECOND ?? (values.MAIL_TRANSPORT.includes('resend') ? SEND_RATE_PER_SECOND_DEFAULT : null),
      parcelSize: values.PARCEL_SIZE ?? null,
      giveUpHours: values.SEND_GIVE_UP_HOURS,
      template: values.DIGEST_TEMPLATE,
      pictures: values.DIGEST_IMAGES === 'on',
      warmUp:
        values.WARMUP_START === undefined ? null : { start: values.WARMUP_START, firstDay: values.WARMUP_FIRST_DAY },
    },
    brand: values.BRAND_FILE ?? null,
    templatesDir: values.TEMPLATES_DIR === undefined ? null : resolve(cwd, values.TEMPLATES_DIR),
    language: languageOf(values, cwd),
    resend: {
      apiKey: values.RESEND_API_KEY ?? null,
      baseUrl: values.RESEND_BASE_URL,
      webhookSecret: values.RESEND_WEBHOOK_SECRET ?? null,
    },
    smtp: {
      url: values.SMTP_URL ?? null,
      connections: values.SMTP_CONNECTIONS,
      dkim,
      uncertain: values.SMTP_UNCERTAIN,
    },
    bounces: { address: values.BOUNCE_ADDRESS ?? null, mailbox: values.BOUNCE_MAILBOX ?? null },
    edition: {
      cron: values.EDITION_CRON,
      timezone: values.EDITION_TIMEZONE,
      sources: values.EDITION_SOURCES,
      approval: values.EDITION_APPROVAL,
      canaryPercent: values.EDITION_CANARY_PERCENT,
    },
    sources: {
      huggingfaceUrl: values.HF_BASE_URL,
      arxivUrl: values.ARXIV_BASE_URL,
      arxivFeedUrl: values.ARXIV_FEED_URL ?? feedBeside(values.ARXIV_BASE_URL),
      arxivCategories: values.ARXIV_CATEGORIES,
    },
    github: { apiUrl: values.GITHUB_API_URL, token: values.GITHUB_TOKEN ?? null },
    synonyms: values.SYNONYMS_FILE,
    adminPassword: values.ADMIN_PASSWORD ?? null,
    adminTotpSecret: values.ADMIN_TOTP_SECRET ?? null,
    metricsToken: values.METRICS_TOKEN ?? null,
    metricsPort: values.METRICS_PORT ?? null,
    otelEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    alerts: {
      publishedByHour: values.ALERT_PUBLISHED_BY ?? null,
      finishedByHour: values.ALERT_FINISHED_BY ?? null,
      webhookUrl: values.ALERT_WEBHOOK_URL ?? null,
    },
    retentionMonths: values.RETENTION_MONTHS === 0 ? null : values.RETENTION_MONTHS,
    logLevel: values.LOG_LEVEL,
  }
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value)
    for (const part of Object.values(value)) freeze(part)
  }
  return value
}

/** arXiv's own feeds go with its own API; a mirror's address says nothing of where its feeds are. */
function feedBeside(arxivUrl: string): string | null {
  return /(?:^|\.)arxiv\.org$/.test(new URL(arxivUrl).hostname) ? 'https://rss.arxiv.org' : null
}
