import type { Day } from '../domain/day.ts'
import { type LinkOwner, linkSubject } from './link-generation.ts'
import type { TokenPurpose, Tokens } from './tokens.ts'

type LastingPurpose = Exclude<TokenPurpose, 'preferences' | 'digest' | 'feedback' | 'form' | 'session'>

/** Every URL that a mail or a page carries; the paths are a contract with what was already sent. */
export interface Links {
  edition(day: Day): string
  paper(id: string): string
  /** A link that no generation ends. */
  subscriber(purpose: LastingPurpose, subject: string, keyId?: string): string
  /** The subscriber's preferences, until their generation of links ends. */
  preferences(owner: LinkOwner, keyId?: string): string
  /** A digest in the browser, until the generation ends. */
  digest(deliveryId: string, generation: number, keyId?: string): string
  /** The mailto form of unsubscribing (RFC 2369 §3.2): the token stands in the subject, no reader’s address anywhere. */
  unsubscribeByMail(mailbox: string, subscriberId: string, keyId?: string): string
  /** One reader’s way to say of papers what he thinks: signed once, as a digest holds twenty such links. */
  feedback(owner: LinkOwner, keyId?: string): (paperId: string, verdict: 'more' | 'less') => string
}

/** @param publicUrl without a trailing slash. */
export function createLinks(publicUrl: string, tokens: Tokens): Links {
  const subscriber = (purpose: TokenPurpose, subject: string, keyId?: string) =>
    `${publicUrl}/${purpose}/${tokens.sign(purpose, subject, keyId)}`
  return {
    edition: (day) => `${publicUrl}/papers/${day}`,
    paper: (id) => `${publicUrl}${paperPath(id)}`,
    subscriber,
    preferences: ({ id, linkGeneration }, keyId) => subscriber('preferences', linkSubject(id, linkGeneration), keyId),
    digest: (deliveryId, generation, keyId) => subscriber('digest', linkSubject(deliveryId, generation), keyId),
    unsubscribeByMail: (mailbox, subscriberId, keyId) =>
      `mailto:${encodeURIComponent(mailbox).replace('%40', '@')}?subject=unsubscribe%20${tokens.sign('unsubscribe', subscriberId, keyId)}`,
    feedback: ({ id, linkGeneration }, keyId) => {
      const signed = `${publicUrl}/feedback/${tokens.sign('feedback', linkSubject(id, linkGeneration), keyId)}`
      return (paperId, verdict) => `${signed}~${encodeURIComponent(paperId)}~${verdict}`
    },
  }
}

/** The path of a paper's page; old ids of arXiv hold a slash. */
export function paperPath(id: string): string {
  return `/paper/${id.split('/').map(encodeURIComponent).join('/')}`
}
