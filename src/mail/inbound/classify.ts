import { bareReason } from '../reply/reason.ts'
import type { Classification } from './classification.ts'
import { readComplaint } from './complaint.ts'
import type { MailEvidence } from './evidence.ts'
import {
  hasNullSender,
  hasReturnedSubject,
  headerOf,
  isAutomaticAnswer,
  isChallenge,
  isFromMailSystem,
} from './origin.ts'
import type { MailPart } from './part.ts'
import type { FieldGroup } from './report-fields.ts'
import { type BounceFinding, findingOfGroup, findingOfText } from './verdict.ts'

/**
 * Judges a mail alone. A complaint comes first, then the fields of a delivery status (RFC 3464) in whatever frame they
 * stand, then the words of a mail system. Only a dead address is permanent; what the mail leaves open is transient.
 */
export function classifyMail(evidence: MailEvidence): Classification {
  return readComplaint(evidence) ?? readReport(evidence) ?? readText(evidence)
}

function readReport({ groups, words, mail, leaves }: MailEvidence): Classification | null {
  if (leaves.some(({ type }) => type === 'message/disposition-notification') || isReport(mail, 'disposition'))
    return ignored('it says that a message was read or deleted (RFC 8098)')
  return groups.length === 0 ? null : readGroups(groups, words)
}

function readGroups(groups: readonly FieldGroup[], words: string): Classification {
  const findings = groups.map((group) => findingOfGroup(group, words))
  const worst =
    findings.find(({ says, blame }) => says === 'failed' && blame === 'address') ??
    findings.find(({ says }) => says === 'failed') ??
    findings.find(({ says }) => says === 'delayed')
  return worst === undefined ? ignored('the report tells of no failure') : judgementOf(worst)
}

function readText(evidence: MailEvidence): Classification {
  const { mail, words, groupsInWords } = evidence
  if (isAutomaticAnswer(mail)) return ignored('it is an automatic answer')
  if (!isReturned(evidence)) return unknown('it is no report: its author is no mail system')
  if (groupsInWords.length > 0) return readGroups(groupsInWords, words)
  if (isChallenge(words)) return ignored('it asks the sender for an answer')
  const subject = hasReturnedSubject(mail) ? headerOf(mail, 'subject') : ''
  const finding = findingOfText(words, subject)
  if (finding === null)
    return unknown(
      `a mail system wrote it, but its words tell of no failure: ${headerOf(mail, 'subject').slice(0, 80)}`,
    )
  return finding.says === 'delivered' ? ignored('it tells of a delivery') : judgementOf(finding)
}

/** A mail system names itself; where it does not, its subject and one more sign are needed. */
function isReturned({ mail, returned }: MailEvidence): boolean {
  if (isFromMailSystem(mail) || isReport(mail, 'delivery-status')) return true
  if (mail.fields.some(({ name }) => name === 'x-failed-recipients')) return true
  return hasReturnedSubject(mail) && (hasNullSender(mail) || returned.length > 0)
}

function isReport(mail: MailPart, kind: string): boolean {
  return mail.type === 'multipart/report' && (mail.params.get('report-type') ?? '').toLowerCase().startsWith(kind)
}

function judgementOf({ says, blame, words, host }: BounceFinding): Classification {
  const reason = bareReason(words)
  if (says === 'delayed') return { verdict: 'delayed', reason, blame: null, host, understood: true }
  return { verdict: blame === 'address' ? 'permanent' : 'transient', reason, blame, host, understood: true }
}

function ignored(reason: string): Classification {
  return { verdict: 'ignore', reason, blame: null, host: null, understood: true }
}

function unknown(reason: string): Classification {
  return { ...ignored(bareReason(reason)), understood: false }
}
