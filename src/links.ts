import type { Day } from './day.ts'
import type { TokenPurpose, Tokens } from './token.ts'

/** Every URL that a mail or a page carries; the paths are a contract with what was already sent. */
export interface Links {
  edition(day: Day): string
  paper(id: string): string
  reader(purpose: Exclude<TokenPurpose, 'feedback' | 'form' | 'session'>, subject: string, keyId?: string): string
  /** The mailto form of unsubscribing (RFC 2369 §3.2): the token stands in the subject, no reader’s address anywhere. */
  leaveByMail(mailbox: string, subscriberId: string, keyId?: string): string
  /** One reader’s way to say of papers what he thinks: signed once, as a digest holds twenty such links. */
  feedback(subscriberId: string, keyId?: string): (paperId: string, verdict: 'more' | 'less') => string
}

/** @param publicUrl without a trailing slash. */
export function createLinks(publicUrl: string, tokens: Tokens): Links {
  return {
    edition: (day) => `${publicUrl}/papers/${day}`,
    paper: (id) => `${publicUrl}${paperPath(id)}`,
    reader: (purpose, subject, keyId) => `${publicUrl}/${purpose}/${tokens.seal(purpose, subject, keyId)}`,
    leaveByMail: (mailbox, subscriberId, keyId) =>
      `mailto:${encodeURIComponent(mailbox).replace('%40', '@')}?subject=unsubscribe%20${tokens.seal('unsubscribe', subscriberId, keyId)}`,
    feedback: (subscriberId, keyId) => {
      const reader = `${publicUrl}/feedback/${tokens.seal('feedback', subscriberId, keyId)}`
      return (paperId, verdict) => `${reader}~${encodeURIComponent(paperId)}~${verdict}`
    },
  }
}

/** The path of a paper's page; old ids of arXiv hold a slash. */
export function paperPath(id: string): string {
  return `/paper/${id.split('/').map(encodeURIComponent).join('/')}`
}
