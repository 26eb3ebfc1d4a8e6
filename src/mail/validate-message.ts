import type { Mailbox, Message } from './transport.ts'

/** Fields that the transports write themselves from the letter's own members; a second one would be ambiguous. */
const OWN_FIELDS =
  /^(from|sender|to|cc|bcc|reply-to|subject|date|message-id|mime-version|dkim-signature|return-path|content-.*|resent-.*)$/i

/**
 * Why a letter must not be sent, or null when it may. Whatever could make a second recipient or a second header
 * of one value (RFC 5322 §2.2 forbids bare CR and LF in a field) stops here, before any provider reads it.
 */
export function findMessageFault(message: Message): string | null {
  if (!/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(message.id)) return 'the letter’s id is not safe in a file name'
  if (!isOneAddress(message.to)) return 'the recipient is not one plain address'
  if (/[^\x20-\x7e].*@/u.test(message.to))
    return 'the part before the @ is not ASCII: it needs SMTPUTF8 (RFC 6531), which not every server on the way speaks'
  if (!isMailbox(message.from)) return 'the sender is not one plain address'
  if (message.replyTo !== null && !isMailbox(message.replyTo)) return 'the reply address is not one plain address'
  if (message.returnPath !== null && !isOneAddress(message.returnPath))
    return 'the return path is not one plain address'
  if (hasControl(message.subject)) return 'the subject holds a line break or another control character'
  if (!/^[^\s<>@]+@[^\s<>@]+$/.test(message.messageId) || hasControl(message.messageId))
    return 'the Message-ID is not of the form left@right'
  for (const [name, value] of Object.entries(message.headers)) {
    if (!/^[A-Za-z0-9-]+$/.test(name)) return 'the name of a header holds a character that no header name may hold'
    if (OWN_FIELDS.test(name)) return `the header ${name} is written from the letter itself and must not be given twice`
    if (hasControl(value)) return `the header ${name} holds a line break or another control character`
  }
  return null
}

function isMailbox({ name, address }: Mailbox): boolean {
  return isOneAddress(address) && !hasControl(name ?? '')
}

/** Looser than what subscribers may type, as `news@localhost` is a fine sender; but never readable as two people. */
function isOneAddress(address: string): boolean {
  return /^[^\s@,;:<>()[\]"\\]+@[^\s@,;:<>()[\]"\\]+$/u.test(address) && !hasControl(address)
}

function hasControl(text: string): boolean {
  return /[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)
}
