import { bareReason } from '../reply/reason.ts'
import type { Classification } from './classification.ts'
import type { MailEvidence } from './evidence.ts'
import { readFields } from './head.ts'
import { headerOf } from './origin.ts'
import { fieldGroups } from './report-fields.ts'

/** Reads a complaint in the Abuse Reporting Format (RFC 5965) or Microsoft's older format; null for other mails. */
export function readComplaint(evidence: MailEvidence): Classification | null {
  if (evidence.feedback === null) return isOldJmrp(evidence) ? complaint('Microsoft’s JMRP') : null
  const fields = fieldGroups(evidence.feedback)[0]
  const type = fields?.get('feedback-type')?.trim().toLowerCase() ?? ''
  if (type === 'abuse') return complaint(fields?.get('user-agent') ?? 'a feedback loop')
  // `not-spam` withdraws a complaint. The other types (`auth-failure`, `virus`, `fraud`, `opt-out`) are not from a person.
  const reason = bareReason(`the feedback is “${type.slice(0, 40)}”, not abuse`)
  return { verdict: 'ignore', reason, blame: null, host: null, understood: type !== '' }
}

/** Until 2026 Microsoft's Junk Mail Reporting Program attached the message to a mail with a fixed subject. */
function isOldJmrp({ mail, returned }: MailEvidence): boolean {
  const marked = returned.some((message) =>
    readFields(message.split('\n\n')[0] ?? '').some(({ name }) => name === 'x-hmxmroriginalrecipient'),
  )
  const titled = /^complaint about message from\b/i.test(headerOf(mail, 'subject'))
  return (
    mail.type.startsWith('multipart/') &&
    returned.length > 0 &&
    (marked || (titled && /@hotmail\.com>?\s*$/i.test(headerOf(mail, 'from'))))
  )
}

function complaint(by: string): Classification {
  return { verdict: 'complaint', reason: bareReason(`by ${by}`), blame: null, host: null, understood: true }
}
