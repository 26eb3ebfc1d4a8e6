/** One variable of the environment, as `.env.example` and the README tell it. */
export interface Variable {
  readonly name: string
  readonly help: string
}

/** Every variable that the program reads. A test holds `.env.example` to this list. */
export const VARIABLES: readonly Variable[] = [
  {
    name: 'DATABASE_URL',
    help: 'PostgreSQL 14 or newer, postgres://user:password@host/name. Unset: an embedded one in DATA_DIR.',
  },
  {
    name: 'REDIS_URL',
    help: 'Redis 6.2 or newer for the queue, redis://host:6379. Unset: the queue lives in the database.',
  },
  {
    name: 'DATA_DIR',
    help: 'Folder of the embedded database, the outbox, the generated secret, and unsubscribes that wait for the database.',
  },
  {
    name: 'XDG_RUNTIME_DIR',
    help: 'Set by the system: where the socket goes when the path of DATA_DIR is too long for one.',
  },
  {
    name: 'PUBLIC_URL',
    help: 'Where readers reach the website; every link in a mail begins with it. May have a path.',
  },
  { name: 'PORT', help: 'Port of the website.' },
  {
    name: 'HOST',
    help: 'Address that PORT and METRICS_PORT listen on, such as 127.0.0.1 where the reverse proxy runs on this machine.',
  },
  {
    name: 'TRUST_PROXY',
    help: 'Reverse proxies whose X-Forwarded-For is believed: addresses or ranges, comma-separated, or loopback.',
  },
  {
    name: 'HSTS_SUBDOMAINS',
    help: 'on or off: whether browsers keep to https on all subdomains of PUBLIC_URL’s host too. Off: HSTS covers the host.',
  },
  { name: 'SECRET', help: 'Signs the links in mails; at least 32 characters, the same on every machine.' },
  { name: 'OLD_SECRETS', help: 'Earlier secrets, comma-separated, oldest last: links signed with them still work.' },
  { name: 'MAIL_TRANSPORT', help: 'outbox, smtp or resend; a comma-separated list is a fail-over order.' },
  { name: 'MAIL_FROM', help: 'Sender, such as Paperround <digest@example.org>.' },
  { name: 'MAIL_REPLY_TO', help: 'Where answers go; MAIL_FROM if not set.' },
  { name: 'MAIL_POSTAL_ADDRESS', help: 'Postal address in the footer, which several laws ask for.' },
  {
    name: 'UNSUBSCRIBE_MAILBOX',
    help: 'Mailbox that is read for mails with the subject unsubscribe TOKEN; unset: unsubscribing by https only.',
  },
  { name: 'LIST_ID', help: 'List-Id (RFC 2919), such as digest.example.org.' },
  { name: 'RESEND_API_KEY', help: 'Key of Resend, re_…' },
  { name: 'RESEND_BASE_URL', help: 'Address of Resend’s API.' },
  { name: 'RESEND_WEBHOOK_SECRET', help: 'Signing secret of the webhook, whsec_…' },
  {
    name: 'SEND_RATE_PER_SECOND',
    help: 'Provider calls a second over all workers. Unset: 10 with Resend, else no limit.',
  },
  {
    name: 'PARCEL_SIZE',
    help: 'Subscribers in one provider call, 1–100. Unset: the transport’s own, 100 for Resend and 1 else.',
  },
  {
    name: 'SEND_GIVE_UP_HOURS',
    help: 'A daily mail that its server defers for so many hours is given up, 1–48; a weekly one after five times as many.',
  },
  {
    name: 'WARMUP_START',
    help: 'First day of a new sending domain, such as 2026-11-24: for 30 days only so many digests go out a day. Unset: no limit.',
  },
  {
    name: 'WARMUP_FIRST_DAY',
    help: 'Digests on that first day; each further day allows half as many again.',
  },
  { name: 'SMTP_URL', help: 'smtp://user:password@host:587 or smtps://host:465.' },
  {
    name: 'SMTP_CONNECTIONS',
    help: 'The most SMTP connections that one worker process opens, 1–100. It uses fewer where the server admits fewer.',
  },
  { name: 'SMTP_UNCERTAIN', help: 'park or resend: what to do with a letter whose SMTP answer was lost.' },
  { name: 'DKIM_DOMAIN', help: 'Domain of our own DKIM signature over SMTP.' },
  { name: 'DKIM_SELECTOR', help: 'Its selector.' },
  { name: 'DKIM_PRIVATE_KEY', help: 'Its private key: PEM text with \\n for line breaks, or the path of a file.' },
  {
    name: 'BOUNCE_ADDRESS',
    help: 'Where letters sent over SMTP come back to, such as bounces@example.org; must take bounces+…@example.org too.',
  },
  {
    name: 'BOUNCE_MAILBOX',
    help: 'The mailbox behind it: maildir:/path or imaps://user:password@host/INBOX.',
  },
  { name: 'DIGEST_TEMPLATE', help: 'mjml or react: the form of the templates that is used.' },
  { name: 'EDITION_CRON', help: 'When the edition is made: five fields, node-cron.' },
  { name: 'EDITION_TIMEZONE', help: 'IANA time zone of EDITION_CRON and of the edition’s day.' },
  { name: 'EDITION_SOURCES', help: 'Sources of the edition, comma-separated: huggingface, arxiv, sample, file:PATH.' },
  { name: 'HF_BASE_URL', help: 'Address of Hugging Face.' },
  { name: 'ARXIV_BASE_URL', help: 'Address of arXiv’s API.' },
  {
    name: 'ARXIV_FEED_URL',
    help: 'Address of arXiv’s feeds of new announcements. With another ARXIV_BASE_URL than arXiv’s own: none.',
  },
  { name: 'ARXIV_CATEGORIES', help: 'arXiv categories, comma-separated.' },
  {
    name: 'ADMIN_PASSWORD',
    help: 'Password of the operator’s pages, at least 12 characters, or its scrypt$… hash. Unset: no pages.',
  },
  { name: 'ADMIN_TOTP_SECRET', help: 'Base32 secret of an authenticator app; the login then asks for its code too.' },
  { name: 'EDITION_APPROVAL', help: 'none or required: whether an edition waits for an operator’s approval.' },
  {
    name: 'EDITION_CANARY_PERCENT',
    help: 'Readers, 0–50 %, who get an edition first; the rest wait for their bounces and complaints. 0: all at once.',
  },
  { name: 'METRICS_TOKEN', help: 'Bearer token of /metrics; unset: not served.' },
  {
    name: 'METRICS_PORT',
    help: 'Port on which a worker or scheduler serves /metrics, /healthz and /readyz; unset: none. `web` and `start` have them on PORT.',
  },
  {
    name: 'ALERT_PUBLISHED_BY',
    help: 'Hour of EDITION_TIMEZONE, 0–23: an alarm goes out when the edition of a working day is not there by then.',
  },
  {
    name: 'ALERT_FINISHED_BY',
    help: 'Hour of EDITION_TIMEZONE, 0–23: an alarm goes out when deliveries of the day are still open then.',
  },
  { name: 'ALERT_WEBHOOK_URL', help: 'Alarms are posted there as JSON with a `text`, as Slack and others take it.' },
  {
    name: 'RETENTION_MONTHS',
    help: 'Months whose deliveries are kept beside the current one, 3–600; older ones are counted and dropped. 0: all are kept.',
  },
  { name: 'LOG_LEVEL', help: 'fatal, error, warn, info, debug, trace or silent.' },
]
