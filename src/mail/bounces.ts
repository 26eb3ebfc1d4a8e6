import { type ParsedMail, simpleParser } from 'mailparser'
import { tokenInSubject } from '../leave.ts'
import type { LetterMarks } from '../letter-mark.ts'
import type { LetterRef, ProviderEventKind } from '../provider-event.ts'
import { bareReason } from './reason.ts'

type Marks = Pick<LetterMarks, 'find'>

/** What a mail that came to the bounce address turned out to be. */
export type MailFinding =
  | {
      readonly kind: 'report'
      readonly says: ProviderEventKind
      readonly letter: LetterRef
      readonly reason: string
      /** Of the report itself; null when it has none. */
      readonly messageId: string | null
    }
  /** A mail program's answer to `List-Unsubscribe: <mailto:…?subject=unsubscribe%20TOKEN>` (RFC 2369 §3.2). */
  | { readonly kind: 'leave'; readonly token: string }
  | { readonly kind: 'ignored'; readonly why: string }

/** Where mail systems say to which address they delivered. */
const RECIPIENT_FIELDS = ['to', 'cc', 'delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'x-rcpt-to']

/**
 * Permanent codes that say nothing of the address (RFC 3463): mailbox full, too large, the route, the content, our
 * own standing. A server that blocks us for an hour must not cost us every reader behind it.
 */
const NOT_OF_THE_ADDRESS = /^5\.(2\.[23]|3\.|4\.[67]|5\.|6\.|7\.)/

/**
 * Reads one mail: a delivery report (RFC 3464), a complaint (ARF, RFC 5965), or a wish to leave. Everything else,
 * automatic answers (RFC 3834) above all, is passed over. Only a mark that our secret made names a letter: anybody
 * can write to the bounce address.
 */
export async function readBounceMail(raw: Buffer, marks: Marks): Promise<MailFinding> {
  const mail = await parse(raw)
  if (mail === null) return { kind: 'ignored', why: 'it cannot be read' }
  const type = partOf(mail, 'message/delivery-status')
  const feedback = partOf(mail, 'message/feedback-report')
  if (reportType(mail) === 'feedback-report' && feedback !== null) return complaint(mail, raw, feedback, marks)
  if (reportType(mail) === 'delivery-status' && type !== null) return deliveryReport(mail, raw, type, marks)
  const automatic = headerText(mail, 'auto-submitted')
  if (automatic !== '' && !/^\s*auto-submitted:\s*no\b/i.test(automatic))
    return { kind: 'ignored', why: 'it is an automatic answer' }
  const token = tokenInSubject(mail.subject ?? '')
  return token === null ? { kind: 'ignored', why: 'it is no report' } : { kind: 'leave', token }
}

async function parse(raw: Buffer): Promise<ParsedMail | null> {
  try {
    return await simpleParser(raw, {
      keepDeliveryStatus: true,
      skipHtmlToText: true,
      skipTextToHtml: true,
      skipImageLinks: true,
      skipTextLinks: true,
    })
  } catch {
    return null
  }
}

function deliveryReport(mail: ParsedMail, raw: Buffer, status: string, marks: Marks): MailFinding {
  const letter = findLetter(mail, raw, marks, '')
  if (letter === null) return { kind: 'ignored', why: 'the report names no letter of ours' }
  // The first group is about the message, each further one about a recipient; ours have one (RFC 3464 §2.1).
  const groups = groupsOf(status).filter((group) => group.has('action'))
  const verdicts = groups.map((group) => ({ says: verdictOf(group), group }))
  const worst = (['bounced', 'soft-bounced', 'delayed'] as const)
    .map((kind) => verdicts.find(({ says }) => says === kind))
    .find((verdict) => verdict !== undefined)
  if (worst === undefined || worst.says === null) return { kind: 'ignored', why: 'the report tells of no failure' }
  const { says, group } = worst
  return {
    kind: 'report',
    says,
    letter,
    reason: bareReason(`${says}: ${group.get('status') ?? ''} ${group.get('diagnostic-code') ?? ''}`),
    messageId: mail.messageId ?? null,
  }
}

function verdictOf(group: ReadonlyMap<string, string>): 'bounced' | 'soft-bounced' | 'delayed' | null {
  const action = group.get('action')?.toLowerCase().trim() ?? ''
  const status = /\d\.\d{1,3}\.\d{1,3}/.exec(group.get('status') ?? '')?.[0] ?? ''
  if (/^delayed\b/.test(action)) return 'delayed'
  if (!/^failed\b/.test(action)) return null
  // A gateway that knows no better code says 5.0.0 and keeps the true one in the diagnostics.
  const told = /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(group.get('diagnostic-code') ?? '')?.[0]
  const code = status.endsWith('.0.0') && told !== undefined ? told : status
  return code.startsWith('5.') && !NOT_OF_THE_ADDRESS.test(code) ? 'bounced' : 'soft-bounced'
}

function complaint(mail: ParsedMail, raw: Buffer, feedback: string, marks: Marks): MailFinding {
  const fields = groupsOf(feedback)[0] ?? new Map<string, string>()
  const type = fields.get('feedback-type')?.trim().toLowerCase() ?? ''
  // `not-spam` takes a complaint back, and the other types (`dkim`, `virus`, `fraud`) are not of a reader.
  if (type !== 'abuse') return { kind: 'ignored', why: `the feedback is “${type.slice(0, 40)}”, not abuse` }
  const letter = findLetter(mail, raw, marks, fields.get('original-mail-from') ?? '')
  if (letter === null) return { kind: 'ignored', why: 'the complaint names no letter of ours' }
  const agent = fields.get('user-agent') ?? 'a feedback loop'
  return {
    kind: 'report',
    says: 'complained',
    letter,
    reason: bareReason(`complained: by ${agent}`),
    messageId: mail.messageId ?? null,
  }
}

/** By the address that the report came to, by what it says of the envelope, or by the head of the returned letter. */
function findLetter(mail: ParsedMail, raw: Buffer, marks: Marks, told: string): LetterRef | null {
  const recipients = RECIPIENT_FIELDS.map((field) => headerText(mail, field)).join('\n')
  // In the raw bytes: the parser may merge a letter that is returned inline, and such a part is never encoded (RFC 2046 §5.2.1).
  const returnPaths = raw.toString('latin1').match(/^return-path:.*$/gim) ?? []
  return marks.find(recipients) ?? marks.find(told) ?? marks.find(returnPaths.join('\n'))
}

function reportType(mail: ParsedMail): string {
  const type = mail.headers.get('content-type') as { value?: string; params?: Record<string, string> } | undefined
  return type?.value === 'multipart/report' ? (type.params?.['report-type']?.toLowerCase() ?? '') : ''
}

function partOf(mail: ParsedMail, contentType: string): string | null {
  return mail.attachments.find((part) => part.contentType === contentType)?.content.toString() ?? null
}

/** Every line of a header field, as it was written. */
function headerText(mail: ParsedMail, name: string): string {
  return mail.headerLines
    .filter(({ key }) => key === name)
    .map(({ line }) => line)
    .join('\n')
}

/** Blocks of `Name: value` lines, folded ones put together, names in lower case; the first of a name counts. */
function groupsOf(text: string): Map<string, string>[] {
  return text
    .replaceAll('\r\n', '\n')
    .replace(/\n[ \t]+/g, ' ')
    .split(/\n\s*\n/)
    .map((block) => {
      const fields = new Map<string, string>()
      for (const line of block.split('\n')) {
        const [, name = '', value = ''] = /^([A-Za-z-]+):(.*)$/.exec(line) ?? []
        if (name !== '' && !fields.has(name.toLowerCase())) fields.set(name.toLowerCase(), value.trim())
      }
      return fields
    })
}
