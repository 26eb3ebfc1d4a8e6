import { INTERESTS_MAX } from '../../../config/limits.ts'
import { addDays, type Day } from '../../domain/day.ts'
import type { FeedbackProfile } from '../../domain/interests/feedback-profile.ts'
import { DEFAULT_PREFERENCES, type Preferences, type Subscriber } from '../../domain/subscriber.ts'

/** The person whose digest an operator looks at: a subscriber, or an invented one. */
export interface DigestReader {
  /** The number of the subscriber, or `0` for an invented one. */
  readonly id: string
  readonly email: string
  /** How pages and messages name them. It contains no address. */
  readonly name: string
  readonly profile: Preferences & { readonly learned?: FeedbackProfile | null; readonly linkGeneration?: number }
  /** The first day of a pause since which no digest was sent. */
  readonly pausedSince: Day | null
}

/** An invented subscriber, for a kind of digest. */
export interface Persona {
  readonly id: string
  readonly title: string
  readonly preferences: Partial<Preferences>
  /** For the first digest after a pause of so many days. */
  readonly pausedDays?: number
}

/** The kinds of digest that an operator can look at. The first one is what most new subscribers get. */
export const PERSONAS: readonly [Persona, ...Persona[]] = [
  { id: 'new', title: 'New subscriber, no interests', preferences: {} },
  { id: 'weekly', title: 'Weekly digest', preferences: { frequency: 'weekly' } },
  {
    id: 'short',
    title: 'Short: 3 papers, no other titles',
    preferences: { featuredCount: 3, includeOtherTitles: false },
  },
  { id: 'titles', title: 'Titles only', preferences: { format: 'titles' } },
  { id: 'abstracts', title: 'Whole abstracts', preferences: { format: 'abstracts' } },
  { id: 'sentences', title: 'Key sentences', preferences: { format: 'sentences' } },
  { id: 'summaries', title: 'Summaries by AI', preferences: { format: 'summaries' } },
  { id: 'back', title: 'First digest after a pause', preferences: {}, pausedDays: 3 },
]

/** The address of invented subscribers. It is in no digest, only in the headers. */
const INVENTED_ADDRESS = 'reader@example.org'

/** Returns an invented subscriber with these interests. */
export function personaReader(persona: Persona, interests: readonly string[], day: Day): DigestReader {
  const chosen = interests.slice(0, INTERESTS_MAX)
  return {
    id: '0',
    email: INVENTED_ADDRESS,
    name: chosen.length === 0 ? persona.title : `${persona.title}, interested in ${chosen.join(', ')}`,
    profile: { ...DEFAULT_PREFERENCES, ...persona.preferences, interests: chosen },
    pausedSince: persona.pausedDays === undefined ? null : addDays(day, -persona.pausedDays),
  }
}

/** Returns a subscriber as a reader. Their feedback is part of the choice of papers. */
export function subscriberReader(subscriber: Subscriber, learned: FeedbackProfile | null): DigestReader {
  return {
    id: subscriber.id,
    email: subscriber.email,
    name: `subscriber ${subscriber.id}`,
    profile: { ...subscriber, learned },
    pausedSince: subscriber.pausedSince,
  }
}
