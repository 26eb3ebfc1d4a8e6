import type { Day } from './day.ts'
import type { TokenPurpose, Tokens } from './token.ts'

/** Every URL that a mail or a page carries; the paths are a contract with what was already sent. */
export interface Links {
  edition(day: Day): string
  paper(id: string): string
  reader(purpose: Exclude<TokenPurpose, 'feedback' | 'form'>, subject: string, keyId?: string): string
  feedback(subscriberId: string, paperId: string, verdict: 'more' | 'less', keyId?: string): string
}

/** @param publicUrl without a trailing slash. */
export function createLinks(publicUrl: string, tokens: Tokens): Links {
  return {
    edition: (day) => `${publicUrl}/papers/${day}`,
    paper: (id) => `${publicUrl}/paper/${id.split('/').map(encodeURIComponent).join('/')}`,
    reader: (purpose, subject, keyId) => `${publicUrl}/${purpose}/${tokens.seal(purpose, subject, keyId)}`,
    feedback: (subscriberId, paperId, verdict, keyId) =>
      `${publicUrl}/feedback/${tokens.seal('feedback', `${subscriberId} ${paperId} ${verdict}`, keyId)}`,
  }
}
