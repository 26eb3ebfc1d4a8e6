import { join } from 'node:path'
import type { Config } from '../../config/config.ts'
import type { BounceMailbox } from '../../src/mail/inbound/mailbox/mailbox.ts'
import type { Transport, TransportName } from '../../src/mail/transport.ts'
import type { Clock } from '../../src/platform/clock.ts'
import { usageError } from '../../src/platform/errors.ts'

/** Opens the configured transports, in fail-over order. Other transports are not loaded. */
export async function openTransports(config: Config, clock: Clock): Promise<Transport[]> {
  const opened: Transport[] = []
  for (const name of config.mail.transports) opened.push(await openTransport(name, config, clock))
  return opened
}

/** Returns the folder in which the outbox transport writes. */
export function outboxDir(config: Config): string {
  return config.outboxDir ?? join(config.dataDir, 'outbox')
}

/** Opens the bounce mailbox, or returns null if none is configured. */
export async function openBounceMailbox({ bounces: { mailbox } }: Config): Promise<BounceMailbox | null> {
  switch (mailbox?.kind) {
    case undefined:
      return null
    case 'maildir':
      return (await import('../../src/mail/inbound/mailbox/maildir.ts')).maildirMailbox(mailbox)
    case 'imap':
      return (await import('../../src/mail/inbound/mailbox/imap.ts')).imapMailbox(mailbox)
  }
}

async function openTransport(name: TransportName, config: Config, clock: Clock): Promise<Transport> {
  switch (name) {
    case 'outbox': {
      const { outboxTransport } = await import('../../src/mail/outbox.ts')
      return outboxTransport({ dir: outboxDir(config) })
    }
    case 'smtp': {
      const { smtpTransport } = await import('../../src/mail/smtp/transport.ts')
      const { url, dkim, connections } = config.smtp
      return smtpTransport({ url: required(url, 'SMTP_URL'), dkim, connections, now: clock })
    }
    case 'resend': {
      const { resendTransport } = await import('../../src/mail/resend/transport.ts')
      return resendTransport({
        apiKey: required(config.resend.apiKey, 'RESEND_API_KEY'),
        baseUrl: config.resend.baseUrl,
        clock,
      })
    }
  }
}

function required(value: string | null, name: string): string {
  if (value === null) throw usageError(`${name} is not set, but MAIL_TRANSPORT names a transport that needs it.`)
  return value
}
