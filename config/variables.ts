/** A variable of the environment, and its help in `.env.example`. */
export interface Variable {
  readonly name: string
  readonly help: string
}

/** Every variable that the program reads, in the order of `.env.example` and docs/CONFIGURATION.md. */
export const VARIABLES: readonly Variable[] = [
  {
    name: 'DATABASE_URL',
    help: 'PostgreSQL 14 or newer, postgres://user:password@host/name. Unset: an embedded database in DATA_DIR.',
  },
  {
    name: 'REDIS_URL',
    help: 'Redis 6.2 or newer for the queue, redis://host:6379. Unset: the queue is in the database.',
  },
  {
    name: 'DATA_DIR',
    help: 'Folder of the embedded database, the outbox, the generated secret, and unsubscribe requests that wait for the database.',
  },
  {
    name: 'XDG_RUNTIME_DIR',
    help: 'Set by the system. Holds the database socket when the path of DATA_DIR is too long for one.',
  },
  {
    name: 'PUBLIC_URL',
    help: 'Public address of the website; every link in a mail begins with it. May have a path. Unset: localhost and PORT.',
  },
  { name: 'PORT', help: 'Port of the website.' },
  {
    name: 'HOST',
    help: 'Address that PORT and METRICS_PORT listen on, such as 127.0.0.1 behind a reverse proxy on the same machine.',
  },
  {
    name: 'TRUST_PROXY',
    help: 'Reverse proxies whose X-Forwarded-For is trusted: comma-separated addresses or ranges, or loopback.',
  },
  {
    name: 'HSTS_SUBDOMAINS',
    help: 'on or off: whether the HSTS header covers all subdomains of PUBLIC_URL’s host too.',
  },
  { name: 'SECRET', help: 'Signs the links in mails; at least 32 characters, the same on every machine.' },
  {
    name: 'OLD_SECRETS',
    help: 'Earlier secrets, comma-separated, oldest last. Links signed with them still work.',
  },
  { name: 'MAIL_TRANSPORT', help: 'outbox, smtp or resend. A comma-separated list is a fail-over order.' },
  { name: 'MAIL_FROM', help: 'Sender, such as Paperround <digest@example.org>.' },
  { name: 'MAIL_REPLY_TO', help: 'Address for replies. Unset: MAIL_FROM.' },
  { name: 'MAIL_POSTAL_ADDRESS', help: 'Postal address for the footer. Several countries require one.' },
  {
    name: 'UNSUBSCRIBE_MAILBOX',
    help: 'Address for unsubscribing by mail. Its mails must arrive in BOUNCE_MAILBOX. Unset: unsubscribing by https only.',
  },
  { name: 'LIST_ID', help: 'List-Id (RFC 2919), such as digest.example.org.' },
  { name: 'RESEND_API_KEY', help: 'API key of Resend, re_…' },
  { name: 'RESEND_BASE_URL', help: 'Address of Resend’s API.' },
  { name: 'RESEND_WEBHOOK_SECRET', help: 'Signing secret of the webhook, whsec_…' },
  {
    name: 'SEND_RATE_PER_SECOND',
    help: 'Provider calls per second over all workers. Unset: 10 with Resend, otherwise no limit.',
  },
  {
    name: 'PARCEL_SIZE',
    help: 'Subscribers per provider call, 1–100. Unset: 100 for Resend, otherwise 1. Over SMTP, a larger number leaves more mails unconfirmed after a crash.',
  },
  {
    name: 'SEND_GIVE_UP_HOURS',
    help: 'A daily digest that the mail server keeps deferring is dropped after this many hours, 1–48; a weekly one after five times as many.',
  },
  {
    name: 'WARMUP_START',
    help: 'First day of a new sending domain, such as 2026-11-24. The digests per day are limited for 30 days. Unset: no limit.',
  },
  {
    name: 'WARMUP_FIRST_DAY',
    help: 'Digests on that first day. Each later day allows half as many again.',
  },
  { name: 'SMTP_URL', help: 'smtp://user:password@host:587 or smtps://host:465.' },
  {
    name: 'SMTP_CONNECTIONS',
    help: 'Maximum SMTP connections per worker process, 1–100. Fewer are used if the server admits fewer.',
  },
  { name: 'SMTP_UNCERTAIN', help: 'park or resend: what to do with a message when the server’s answer was lost.' },
  { name: 'DKIM_DOMAIN', help: 'Domain of the DKIM signature over SMTP, if the mail server does not sign.' },
  { name: 'DKIM_SELECTOR', help: 'Selector of that signature.' },
  {
    name: 'DKIM_PRIVATE_KEY',
    help: 'RSA key of that signature: PEM text with \\n for line breaks, or the path of a file.',
  },
  {
    name: 'BOUNCE_ADDRESS',
    help: 'Envelope sender over SMTP, such as bounces@example.org. Must accept bounces+…@example.org too.',
  },
  {
    name: 'BOUNCE_MAILBOX',
    help: 'Mailbox of that address: maildir:/path or imaps://user:password@host/INBOX.',
  },
  { name: 'DIGEST_TEMPLATE', help: 'mjml or react: which of the two template sets is used.' },
  {
    name: 'DIGEST_IMAGES',
    help: 'on or off: whether digests show a picture of each paper. Mail programs load it from Hugging Face, which sees who opens a mail.',
  },
  {
    name: 'BRAND_FILE',
    help: 'A JSON file with the name, colours, logo and footer of your own. The same on every machine.',
  },
  {
    name: 'TEMPLATES_DIR',
    help: 'Folder with mail templates of your own. Mails that it lacks use ours. The same on every machine.',
  },
  { name: 'LOCALE', help: 'Language of the pages and mails that readers see: en, de, or a file of LOCALES_DIR.' },
  { name: 'LOCALES_DIR', help: 'Folder with files such as fr.json, which add languages and replace texts.' },
  { name: 'EDITION_CRON', help: 'When the edition is made: five cron fields.' },
  { name: 'EDITION_TIMEZONE', help: 'IANA time zone of EDITION_CRON and of the edition’s day.' },
  {
    name: 'EDITION_SOURCES',
    help: 'Sources of the edition, comma-separated: huggingface, arxiv, sample, file:PATH.',
  },
  { name: 'HF_BASE_URL', help: 'Address of Hugging Face.' },
  { name: 'ARXIV_BASE_URL', help: 'Address of arXiv’s API.' },
  {
    name: 'ARXIV_FEED_URL',
    help: 'Address of arXiv’s feeds of new announcements. If ARXIV_BASE_URL is a mirror, there is no default.',
  },
  { name: 'ARXIV_CATEGORIES', help: 'Comma-separated arXiv categories.' },
  {
    name: 'GITHUB_TOKEN',
    help: 'Token of GitHub without any permission. The stars of the papers’ code are then read once a day. Unset: they are not read.',
  },
  { name: 'GITHUB_API_URL', help: 'Address of GitHub’s API. The token is sent only there.' },
  {
    name: 'SYNONYMS_FILE',
    help: 'A text file with more synonyms for interests, one group a line, such as owl = strix or bird > owl, crow. The same on every machine.',
  },
  {
    name: 'ADMIN_PASSWORD',
    help: 'Password of /admin until the first owner has an account: 12 characters or more, or its scrypt.… hash.',
  },
  {
    name: 'ADMIN_TOTP_SECRET',
    help: 'Base32 secret of an authenticator app, for logins with ADMIN_PASSWORD. They then need a code as well.',
  },
  { name: 'EDITION_APPROVAL', help: 'none or required: whether an edition waits until an operator approves it.' },
  {
    name: 'EDITION_CANARY_PERCENT',
    help: 'Share of subscribers, 0–50 %, who get an edition first. The others wait for their bounces and complaints. 0: no canary.',
  },
  { name: 'METRICS_TOKEN', help: 'Bearer token of /metrics. Unset: /metrics is not served.' },
  {
    name: 'METRICS_PORT',
    help: 'Port on which a worker or scheduler serves /metrics, /healthz and /readyz. Unset: none. `web` and `start` use PORT.',
  },
  {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    help: 'Address of an OpenTelemetry collector (OTLP over HTTP), such as http://localhost:4318. Unset: nothing is traced.',
  },
  {
    name: 'ALERT_PUBLISHED_BY',
    help: 'Hour of EDITION_TIMEZONE, 0–23. Alerts if a working day has no edition by then.',
  },
  {
    name: 'ALERT_FINISHED_BY',
    help: 'Hour of EDITION_TIMEZONE, 0–23. Alerts if deliveries of the day are still open by then.',
  },
  { name: 'ALERT_WEBHOOK_URL', help: 'Receives alerts as JSON with a `text` field, as Slack and others expect.' },
  {
    name: 'RETENTION_MONTHS',
    help: 'Months of deliveries to store besides the current one, 3–600. Older ones are counted and deleted. 0: all are stored.',
  },
  { name: 'LOG_LEVEL', help: 'fatal, error, warn, info, debug, trace or silent.' },
]
