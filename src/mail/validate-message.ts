import type { Mailbox, Message } from './transport.ts'

/** Fields that the transports write themselves. A second one would be ambiguous. */
const OWN_FIELDS =
  /^(from|sender|to|cc|bcc|reply-to|subject|date|message-id|mime-version|dkim-signature|return-path|content-.*|resent-.*)$/i

/**
 * Returns why a message must not be sent, or null. It rejects values that could add a second recipient or header, such as
 * a line break in a field (RFC 5322 §2.2).
 */
export function findMessageFault(message: Message): string | null {
  if (!/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(message.id)) return 'the message’s id is not safe in a file name'
  if (!isOneAddress(message.to)) return 'the recipient is not one plain address'
  if (/[^\x20-\x7e].*@/u.test(message.to))
    return 'the part before the @ is not ASCII: it needs SMTPUTF8 (RFC 6531), which not every mail server supports'
  if (!isMailbox(message.from)) return 'the sender is not one plain address'
  if (message.replyTo !== null && !isMailbox(message.replyTo)) return 'the reply address is not one plain address'
  if (message.returnPath !== null && !isOneAddress(message.returnPath))
    return 'the return path is not one plain address'
  if (hasControl(message.subject)) return 'the subject contains a line break or another control character'
  if (!/^[^\s<>@]+@[^\s<>@]+$/.test(message.messageId) || hasControl(message.messageId))
    return 'the Message-ID is not of the form left@right'
  for (const [name, value] of Object.entries(message.headers)) {
    if (!/^[A-Za-z0-9-]+$/.test(name)) return 'the name of a header contains a character that is not allowed'
    if (OWN_FIELDS.test(name)) return `the transport writes the header ${name} itself, so it must not be set`
    if (hasControl(value)) return `the header ${name} contains a line break or another control character`
  }
  return null
}

function isMailbox({ name, address }: Mailbox): boolean {
  return isOneAddress(address) && !hasControl(name ?? '')
}

/** Accepts more than the subscribe form, such as `news@localhost`, but nothing that reads as two addresses. */
function isOneAddress(address: string): boolean {
  return /^[^\s@,;:<>()[\]"\\]+@[^\s@,;:<>()[\]"\\]+$/u.test(address) && !hasControl(address)
}

function hasControl(text: string): boolean {
  return /[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)
}
