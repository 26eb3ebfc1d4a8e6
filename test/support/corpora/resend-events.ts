import { createHmac, randomUUID } from 'node:crypto'

/** A signing secret in the format of Resend's dashboard. */
export const WEBHOOK_SECRET = `whsec_${Buffer.from('thirty-two bytes of the tests...').toString('base64')}`

/** The values of an event. A test passes only those that matter. */
export interface EventSubject {
  readonly emailId: string
  readonly to?: string
  /** The signed id in the tags of the message; null for a payload without tags. */
  readonly mark?: string | null
  readonly createdAt?: Date
}

interface EventShape {
  readonly type: string
  readonly more?: Readonly<Record<string, unknown>>
}

const LONG_AGO = new Date('2026-11-24T09:00:00.000Z')

/** All documented events about an email, in the documented format. */
export const EMAIL_EVENTS = {
  sent: { type: 'email.sent' },
  scheduled: { type: 'email.scheduled' },
  delivered: { type: 'email.delivered' },
  delayed: { type: 'email.delivery_delayed' },
  complained: { type: 'email.complained' },
  bounced: {
    type: 'email.bounced',
    more: {
      bounce: {
        message:
          'smtp; 550 5.1.1 <ada@example.org> user unknown. The recipient’s email provider sent a hard bounce message.',
        subType: 'General',
        type: 'Permanent',
        diagnosticCode: ['smtp; 550 5.1.1 user unknown'],
      },
    },
  },
  mailboxFull: {
    type: 'email.bounced',
    more: { bounce: { message: 'The mailbox is full.', subType: 'MailboxFull', type: 'Transient' } },
  },
  undetermined: {
    type: 'email.bounced',
    more: {
      bounce: { message: 'The bounce could not be understood.', subType: 'Undetermined', type: 'Undetermined' },
    },
  },
  opened: { type: 'email.opened' },
  clicked: {
    type: 'email.clicked',
    more: {
      click: {
        ipAddress: '122.115.53.11',
        link: 'https://example.org/paper',
        timestamp: '2026-11-24T09:05:57.163Z',
        userAgent: 'Mozilla/5.0',
      },
    },
  },
  failed: { type: 'email.failed', more: { failed: { reason: 'reached_daily_quota' } } },
  suppressed: {
    type: 'email.suppressed',
    more: {
      suppressed: { message: 'Resend has suppressed sending to this address.', type: 'OnAccountSuppressionList' },
    },
  },
} as const satisfies Record<string, EventShape>
export type EmailEvent = keyof typeof EMAIL_EVENTS

/** Events that are not about one of our emails. */
export const OTHER_EVENTS = [
  'email.received',
  'contact.created',
  'contact.updated',
  'contact.deleted',
  'domain.created',
  'domain.updated',
  'domain.deleted',
  'suppression.added',
  'suppression.removed',
  'email.something_of_next_year',
] as const

/** The body of an event. */
export function eventBody(event: EmailEvent, { emailId, to, mark, createdAt = LONG_AGO }: EventSubject): string {
  const { type, more }: EventShape = EMAIL_EVENTS[event]
  return JSON.stringify({
    type,
    created_at: createdAt.toISOString(),
    data: {
      created_at: LONG_AGO.toISOString(),
      email_id: emailId,
      message_id: `<${emailId}@eu-west-1.amazonses.com>`,
      from: 'Paperround <digest@papers.example.org>',
      to: [to ?? 'ada@example.org'],
      subject: '12 papers',
      ...(mark === null ? {} : { tags: { kind: 'digest', ...(mark === undefined ? {} : { message: mark }) } }),
      ...more,
    },
  })
}

export interface SignedEvent {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/** Signs by Standard Webhooks: HMAC-SHA256 over id, timestamp and body, with the decoded secret. */
export function signed(
  body: string,
  { id = `msg_${randomUUID()}`, at = new Date(), secret = WEBHOOK_SECRET } = {},
): SignedEvent {
  const timestamp = String(Math.floor(at.getTime() / 1_000))
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'svix-id': id,
      'svix-timestamp': timestamp,
      'svix-signature': `v1,${webhookSignature(secret, id, timestamp, body)}`,
    },
  }
}

export function webhookSignature(secret: string, id: string, timestamp: string, body: string): string {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  return createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
}
