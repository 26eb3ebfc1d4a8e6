import { type DoctorFinding, error, ok, warning } from './finding.ts'

export interface Settings {
  readonly publicUrl: string
  readonly transports: readonly string[]
  readonly postalAddress: string | null
  /** null: generated. */
  readonly secret: string | null
  readonly webhookSecret: string | null
  /** The address that the website listens on. */
  readonly host: string
  /** Whether X-Forwarded-For of a proxy on this machine is believed. */
  readonly trustsLoopback: boolean
}

const DISTINCT_CHARS_LEAST = 12

/** Finds settings that are valid but unwise for real subscribers. */
export function checkSettings(settings: Settings): DoctorFinding[] {
  const findings = [ok('configuration', 'The configuration is valid.')]
  if (settings.secret !== null && new Set(settings.secret).size < DISTINCT_CHARS_LEAST)
    findings.push(
      error(
        'SECRET',
        'SECRET is long but easy to guess: it repeats itself.',
        'Make one with `openssl rand -hex 32`, and put the old one into OLD_SECRETS.',
      ),
    )
  if (settings.transports.every((name) => name === 'outbox')) {
    findings.push(
      warning(
        'transport',
        'MAIL_TRANSPORT is outbox: mails are written to files and reach nobody.',
        'Set MAIL_TRANSPORT to resend or smtp.',
      ),
    )
    return findings
  }
  findings.push(
    settings.publicUrl.startsWith('https://')
      ? ok('PUBLIC_URL', `Links begin with ${settings.publicUrl}.`)
      : error(
          'PUBLIC_URL',
          `PUBLIC_URL is ${settings.publicUrl}, and one-click unsubscribing needs https (RFC 8058 §3.1).`,
          'Put the site behind TLS and set PUBLIC_URL.',
        ),
  )
  if (settings.postalAddress === null)
    findings.push(
      warning('postal address', 'MAIL_POSTAL_ADDRESS is not set; several laws ask for one in every mail.', 'Set it.'),
    )
  if (settings.transports.includes('resend') && settings.webhookSecret === null)
    findings.push(
      warning(
        'webhook',
        'RESEND_WEBHOOK_SECRET is not set: bounces and complaints are not heard of, and the address is mailed again.',
        `Add a webhook to ${settings.publicUrl}/webhooks/resend in Resend’s dashboard and set its secret.`,
      ),
    )
  if (isLoopback(settings.host) && !settings.trustsLoopback)
    findings.push(
      warning(
        'HOST',
        `HOST is ${settings.host}, so only a proxy on this machine reaches the website, and TRUST_PROXY does not name it. Every visitor looks like the proxy, and sign-ups soon meet their limits.`,
        'Add loopback to TRUST_PROXY.',
      ),
    )
  return findings
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}
