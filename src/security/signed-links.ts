import type { Day } from '../domain/day.ts'
import { type LinkOwner, linkSubject } from './link-generation.ts'
import type { TokenPurpose, Tokens } from './tokens.ts'

type LastingPurpose = Exclude<
  TokenPurpose,
  'preferences' | 'digest' | 'feedback' | 'feed' | 'saved' | 'form' | 'session'
>

/** The URLs in mails and pages. Their paths must never change, because sent mails contain them. */
export interface Links {
  edition(day: Day): string
  /** @param week an ISO week such as `2026-W48`. */
  week(week: string): string
  paper(id: string): string
  /** A link that does not expire with the generation. */
  subscriber(purpose: LastingPurpose, subject: string, keyId?: string): string
  /** A link to the subscriber's preferences, valid for the current generation. */
  preferences(owner: LinkOwner, keyId?: string): string
  /** A link to a digest in the browser, valid for the current generation. */
  digest(deliveryId: string, generation: number, keyId?: string): string
  /** A mailto link to unsubscribe (RFC 2369 §3.2) with the token in the subject. It does not contain the subscriber's address. */
  unsubscribeByMail(mailbox: string, subscriberId: string, keyId?: string): string
  /** The beginning of all feedback links of a subscriber. `feedbackEnding` is the rest, which is equal for all subscribers. */
  feedback(owner: LinkOwner, keyId?: string): string
  /** The subscriber's own Atom feed, valid for the current generation. */
  feed(owner: LinkOwner): string
  /** The subscriber's saved papers, valid for the current generation. */
  saved(owner: LinkOwner): string
}

/** @param publicUrl without a trailing slash. */
export function createLinks(publicUrl: string, tokens: Tokens): Links {
  const subscriber = (purpose: TokenPurpose, subject: string, keyId?: string) =>
    `${publicUrl}/${purpose}/${tokens.sign(purpose, subject, keyId)}`
  return {
    edition: (day) => `${publicUrl}/papers/${day}`,
    week: (week) => `${publicUrl}/week/${week}`,
    paper: (id) => `${publicUrl}${paperPath(id)}`,
    subscriber,
    preferences: ({ id, linkGeneration }, keyId) => subscriber('preferences', linkSubject(id, linkGeneration), keyId),
    digest: (deliveryId, generation, keyId) => subscriber('digest', linkSubject(deliveryId, generation), keyId),
    unsubscribeByMail: (mailbox, subscriberId, keyId) =>
      `mailto:${encodeURIComponent(mailbox).replace('%40', '@')}?subject=unsubscribe%20${tokens.sign('unsubscribe', subscriberId, keyId)}`,
    feedback: ({ id, linkGeneration }, keyId) => subscriber('feedback', linkSubject(id, linkGeneration), keyId),
    feed: ({ id, linkGeneration }) => subscriber('feed', linkSubject(id, linkGeneration)),
    saved: ({ id, linkGeneration }) => subscriber('saved', linkSubject(id, linkGeneration)),
  }
}

/** The requests of a feedback link: more or fewer papers like this one, or to save it for later. */
export const FEEDBACK_ENDINGS = ['more', 'less', 'save'] as const
export type FeedbackEnding = (typeof FEEDBACK_ENDINGS)[number]

/** Returns the end of a feedback link. It needs no escaping in HTML. */
export function feedbackEnding(paperId: string, verdict: FeedbackEnding): string {
  return `~${encodeURIComponent(paperId).replaceAll("'", '%27')}~${verdict}`
}

/** Returns the path of a paper's page. Old arXiv ids contain a slash. */
export function paperPath(id: string): string {
  return `/paper/${id.split('/').map(encodeURIComponent).join('/')}`
}
