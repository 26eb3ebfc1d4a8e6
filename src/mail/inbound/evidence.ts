import { INBOUND_WORDS_CHARS_MAX } from '../../../config/limits-inbound.ts'
import { textOfHtml } from './decode.ts'
import { leavesOf, type MailPart } from './part.ts'
import { type FieldGroup, recipientGroups } from './report-fields.ts'
import { withoutReturnedMessage } from './returned-message.ts'

/** The parts of a mail that may describe the delivery of a message. */
export interface MailEvidence {
  readonly mail: MailPart
  readonly leaves: readonly MailPart[]
  /** The fields about each recipient in a delivery status part (RFC 3464). */
  readonly groups: readonly FieldGroup[]
  /** The same fields in the text, as Amazon WorkMail writes them. Anybody can paste them into a mail. */
  readonly groupsInWords: readonly FieldGroup[]
  /** The fields of a complaint (RFC 5965), or null. */
  readonly feedback: string | null
  /** The text of the mail system, without the returned message. */
  readonly words: string
  /** The returned message or its head: an own part, or copied into the text. */
  readonly returned: readonly string[]
}

const STATUS_TYPES = ['message/delivery-status', 'message/global-delivery-status']
const RETURNED_TYPES = ['message/rfc822', 'message/global', 'text/rfc822-headers', 'message/global-headers']

export function evidenceOf(mail: MailPart): MailEvidence {
  const leaves = leavesOf(mail)
  const ofType = (types: readonly string[]) => leaves.filter(({ type }) => types.includes(type)).map(({ text }) => text)
  const texts = wordTexts(leaves)
  const words = texts.map(withoutReturnedMessage).join('\n').slice(0, INBOUND_WORDS_CHARS_MAX)
  return {
    mail,
    leaves,
    groups: ofType(STATUS_TYPES).flatMap(recipientGroups),
    groupsInWords: groupsIn(words),
    feedback: ofType(['message/feedback-report'])[0] ?? null,
    words,
    returned: [
      ...ofType(RETURNED_TYPES),
      ...texts.map((text) => text.slice(withoutReturnedMessage(text).length)),
    ].filter((text) => text.trim() !== ''),
  }
}

/** Returns the plain text, or the text of the HTML parts when there is none. */
function wordTexts(leaves: readonly MailPart[]): string[] {
  const bounded = (part: MailPart) => part.text.slice(0, 2 * INBOUND_WORDS_CHARS_MAX)
  const other = [...STATUS_TYPES, ...RETURNED_TYPES, 'message/feedback-report', 'text/html']
  const plain = leaves.filter(({ type }) => !other.includes(type)).map(bounded)
  if (plain.some((text) => text.trim() !== '')) return plain
  return leaves.filter(({ type }) => type === 'text/html').map((part) => textOfHtml(bounded(part)))
}

function groupsIn(words: string): FieldGroup[] {
  return recipientGroups(words).filter(
    (group) =>
      (group.has('final-recipient') || group.has('diagnostic-code')) && (group.has('action') || group.has('status')),
  )
}
