import type { WarmUp } from '../src/domain/schedule/warmup.ts'
import type { Mailbox, TransportName } from '../src/mail/transport.ts'
import type { LogLevel } from '../src/platform/log/log-level.ts'
import type { SynonymLine } from '../src/ranking/words/synonyms.ts'
import type { TemplateEngine } from '../src/rendering/digest/props.ts'
import type { BrandConfig } from './brand/brand-file.ts'

/** The frozen configuration that config/env.ts creates. No other code reads process.env. */
export interface Config {
  /** null: the embedded PGlite in `dataDir`. */
  readonly databaseUrl: string | null
  /** null: the queue lives in the database. */
  readonly redisUrl: string | null
  /** Absolute path. */
  readonly dataDir: string
  /** XDG_RUNTIME_DIR: made by the system for one user, and removed when that user logs out. */
  readonly runtimeDir: string | null
  /** Without a trailing slash. */
  readonly publicUrl: string
  /** The folder of the outbox transport; left out: `outbox` in `dataDir`. */
  readonly outboxDir?: string
  readonly port: number
  /** The address that the website and the metrics listen on: one of this machine, or all of them (`0.0.0.0`, `::`). */
  readonly host: string
  /** Reverse proxies whose word on a visitor's address is believed. */
  readonly trustProxy: readonly string[]
  /** Whether HSTS covers the subdomains of the host too. */
  readonly hstsSubdomains: boolean
  /** null: generated and kept in `dataDir` (embedded only). */
  readonly secret: string | null
  readonly oldSecrets: readonly string[]
  readonly mail: MailConfig
  /** From BRAND_FILE; null: the program’s own look. */
  readonly brand: BrandConfig | null
  /** Absolute path of the operator’s own templates, or null. */
  readonly templatesDir: string | null
  /** The language that readers see; left out: English. `dir` has files that add languages and replace texts. */
  readonly language?: LanguageConfig
  readonly resend: ResendConfig
  readonly smtp: SmtpConfig
  readonly bounces: BounceConfig
  readonly edition: EditionConfig
  readonly sources: SourcesConfig
  readonly github: GithubConfig
  /** The lines of SYNONYMS_FILE, in addition to the bundled ones. */
  readonly synonyms: readonly SynonymLine[]
  /** In plain text, or as the hash of `hash-password`. null: the operator's pages are not served. */
  readonly adminPassword: string | null
  /** Base32. */
  readonly adminTotpSecret: string | null
  readonly metricsToken: string | null
  /** The metrics port of a process without a website, or null. */
  /** The address of an OpenTelemetry collector; null: nothing is traced. */
  readonly otelEndpoint: string | null
  readonly metricsPort: number | null
  readonly alerts: AlertConfig
  /** Months whose deliveries are kept beside the current one; null: all. */
  readonly retentionMonths: number | null
  readonly logLevel: LogLevel
}

/** Hours of `edition.timezone`, 0–23; null: no such alarm. */
export interface AlertConfig {
  readonly publishedByHour: number | null
  readonly finishedByHour: number | null
  readonly webhookUrl: string | null
}

export interface MailConfig {
  /** At least one; the rest are the fail-over order. */
  readonly transports: readonly TransportName[]
  readonly from: Mailbox
  readonly replyTo: Mailbox | null
  readonly postalAddress: string | null
  /** Mailbox that takes `unsubscribe TOKEN` mails, or null: readers leave by https only. */
  readonly unsubscribeMailbox: string | null
  /** RFC 2919 identifier, such as `daily.paperround.example.org`. */
  readonly listId: string
  /** Provider calls per second, over all workers. null: no limit of ours. */
  readonly ratePerSecond: number | null
  /** null: the transport's own. */
  readonly parcelSize: number | null
  /** A daily message that a server still defers after so many hours is given up. */
  readonly giveUpHours: number
  readonly template: TemplateEngine
  /** Whether digests show the pictures of papers, which mail programs load from Hugging Face. */
  readonly pictures: boolean
  /** null: the domain is known, and there is no limit a day. */
  readonly warmUp: WarmUp | null
}

export interface ResendConfig {
  readonly apiKey: string | null
  readonly baseUrl: string
  readonly webhookSecret: string | null
}

export interface SmtpConfig {
  readonly url: string | null
  /** The most connections that one process opens. */
  readonly connections: number
  /** All three or none. `privateKey` is PEM text. */
  readonly dkim: { readonly domain: string; readonly selector: string; readonly privateKey: string } | null
  /** For a message whose SMTP answer was lost: leave it (`park`, the default) or `resend` it. */
  readonly uncertain: 'park' | 'resend'
}

/** Where letters that were sent over SMTP come back to. */
export interface BounceConfig {
  /** `bounces@example.org`: letters go out from `bounces+TOKEN@example.org`. null: from the sender’s own address. */
  readonly address: string | null
  readonly mailbox: BounceMailboxConfig | null
}

export type BounceMailboxConfig =
  | { readonly kind: 'maildir'; readonly path: string }
  /** `imaps://user:password@host/INBOX`, or `imap://` for STARTTLS or a server on loopback. */
  | { readonly kind: 'imap'; readonly url: string }

export interface LanguageConfig {
  readonly locale: string
  readonly dir: string | null
}

export interface EditionConfig {
  /** Five fields, node-cron. */
  readonly cron: string
  readonly timezone: string
  /** Values of `--source`: `huggingface`, `arxiv`, `sample`, `file:PATH`. */
  readonly sources: readonly string[]
  /** `required`: an edition waits until an operator approves it. */
  readonly approval: 'none' | 'required'
  /** Share of the readers who get an edition before the rest; 0: everybody at once. */
  readonly canaryPercent: number
}

export interface GithubConfig {
  readonly apiUrl: string
  /** null: the stars of repositories are not read. */
  readonly token: string | null
}

export interface SourcesConfig {
  readonly huggingfaceUrl: string
  readonly arxivUrl: string
  /** Address of the feeds of new announcements; null or left out: the program asks only the API. */
  readonly arxivFeedUrl?: string | null
  readonly arxivCategories: readonly string[]
}
