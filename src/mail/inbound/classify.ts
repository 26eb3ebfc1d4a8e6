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
 * Classifies a mail: as a complaint, else by the fields of a delivery status (RFC 3464), else by the words of a mail
 * system. Only a dead address is permanent. An unclear cause is transient.
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
    findings.find(({ result, blame }) => result === 'failed' && blame === 'address') ??
    findings.find(({ result }) => result === 'failed') ??
    findings.find(({ result }) => result === 'delayed')
  return worst === undefined ? ignored('the report mentions no failure') : classificationOf(worst)
}

function readText(evidence: MailEvidence): Classification {
  const { mail, words, groupsInWords } = evidence
  if (isAutomaticAnswer(mail)) return ignored('it is an automatic answer')
  if (!isReturned(evidence)) return unknown('it is not a report: its author is not a mail system')
  if (groupsInWords.length > 0) return readGroups(groupsInWords, words)
  if (isChallenge(words)) return ignored('it asks the sender for an answer')
  const subject = hasReturnedSubject(mail) ? headerOf(mail, 'subject') : ''
  const finding = findingOfText(words, subject)
  if (finding === null)
    return unknown(`a mail system wrote it, but it mentions no failure: ${headerOf(mail, 'subject').slice(0, 80)}`)
  return finding.result === 'delivered' ? ignored('it reports a delivery') : classificationOf(finding)
}

/** Whether a mail is a returned mail: from a mail system, or with the subject of one and one more sign. */
function isReturned({ mail, returned }: MailEvidence): boolean {
  if (isFromMailSystem(mail) || isReport(mail, 'delivery-status')) return true
  if (mail.fields.some(({ name }) => name === 'x-failed-recipients')) return true
  return hasReturnedSubject(mail) && (hasNullSender(mail) || returned.length > 0)
}

function isReport(mail: MailPart, kind: string): boolean {
  return mail.type === 'multipart/report' && (mail.params.get('report-type') ?? '').toLowerCase().startsWith(kind)
}

function classificationOf({ result, blame, words, host }: BounceFinding): Classification {
  const reason = bareReason(words)
  if (result === 'delayed') return { verdict: 'delayed', reason, blame: null, host, understood: true }
  return { verdict: blame === 'address' ? 'permanent' : 'transient', reason, blame, host, understood: true }
}

function ignored(reason: string): Classification {
  return { verdict: 'ignore', reason, blame: null, host: null, understood: true }
}

function unknown(reason: string): Classification {
  return { ...ignored(bareReason(reason)), understood: false }
}
