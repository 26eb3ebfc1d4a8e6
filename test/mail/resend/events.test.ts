import { describe, expect, it } from '@jest/globals'
import { resendEvents } from '../../../src/mail/resend/events.ts'
import { eventBody, signed, WEBHOOK_SECRET } from '../../support/corpora/resend-events.ts'

const NOW = new Date()
const open = resendEvents({ secret: WEBHOOK_SECRET, openSignedId: () => ({ kind: 'delivery', id: '1' }) })

/** The event that Resend posts with this bounce in it. */
function opened(bounce: object) {
  const body = eventBody('bounced', { emailId: 'e1', mark: 'm' })
  const changed = JSON.stringify({ ...JSON.parse(body), data: { ...JSON.parse(body).data, bounce } })
  const { headers } = signed(changed, { at: NOW })
  const report = open(
    Buffer.from(changed),
    { id: headers['svix-id'], timestamp: headers['svix-timestamp'], signature: headers['svix-signature'] },
    NOW,
  )
  return report.kind === 'event' ? [report.event.kind, report.event.blame] : report
}

const bounced = ['bounced', undefined]
const soft = (blame: string) => ['soft-bounced', blame]

describe('a bounce that Resend reports', () => {
  it.each<[string, object, unknown[]]>([
    ['of a user who is unknown', { type: 'Permanent', diagnosticCode: ['smtp; 550 5.1.1 user unknown'] }, bounced],
    ['without words', { type: 'Permanent', subType: 'General', message: '' }, bounced],
    [
      'in Resend’s own words only',
      { type: 'Permanent', message: "The recipient's email provider sent a hard bounce message, but didn't say why." },
      bounced,
    ],
    ['of an address that it suppresses', { type: 'Permanent', subType: 'OnAccountSuppressionList' }, bounced],
    ['of our domain', { type: 'Permanent', diagnosticCode: 'smtp; 550 5.7.26 DMARC check failed' }, soft('sender')],
    ['of our address on a list', { type: 'Permanent', message: '554 5.7.1 your IP is blocked' }, soft('sender')],
    ['of a full mailbox', { type: 'Permanent', diagnosticCode: ['552 5.2.2 mailbox full'] }, soft('recipient')],
    ['that passes, a full mailbox', { type: 'Transient', subType: 'MailboxFull', message: 'Full.' }, soft('recipient')],
    ['that passes, and says no user', { type: 'Transient', message: '550 no such user' }, soft('unclear')],
    ['that nobody understood', { type: 'Undetermined', message: 'It could not be understood.' }, soft('unclear')],
  ])('%s: %j', (_what, bounce, wanted) => {
    expect(opened(bounce)).toEqual(wanted)
  })
})
