import type { NextDigest } from '../../../domain/schedule/next-digest.ts'
import type { Subscriber } from '../../../domain/subscriber.ts'
import type { MessageKey } from '../../../language/catalogue.ts'
import type { SubscriberHistory } from '../../../ledger/reports/status.ts'
import type { FeedbackProfileRow } from '../../../ledger/subscribers/feedback-profiles.ts'
import type { InterestPreview } from '../../../subscriptions/interests/interest-preview.ts'
import type { Fields } from '../../../subscriptions/preferences-form.ts'
import type { FormError } from '../../layout/controls.tsx'
import type { ReadingAddresses } from './reading-links.tsx'

/** Messages after a saved form. The key is in the query string of the redirect. */
export const NEWS = {
  preferences: 'news.preferences',
  same: 'news.same',
  paused: 'news.paused',
  resumed: 'news.resumed',
  forgotten: 'news.forgotten',
  seeded: 'news.seeded',
  sample: 'news.sample',
  'sample-had': 'news.sampleHad',
  'sample-empty': 'news.sampleEmpty',
  'logged-out': 'news.loggedOut',
  address: 'news.address',
} as const satisfies Readonly<Record<string, MessageKey>>

export type News = keyof typeof NEWS

export function isNews(word: unknown): word is News {
  return typeof word === 'string' && Object.hasOwn(NEWS, word)
}

export interface PreferencesView {
  readonly subscriber: Subscriber
  readonly profile: FeedbackProfileRow | null
  readonly news: News | null
  readonly faults: readonly FormError[]
  /** The values of a rejected form, or null. */
  readonly typed: Fields | null
  /** The matches of the shown preferences, or null without interests, authors and muted terms, or before the first list. */
  readonly preview: InterestPreview | null
  /** True if the page shows entered values that are not saved. */
  readonly unsaved: boolean
  readonly path: string
  readonly unsubscribePath: string
  readonly now: Date
  readonly reading: ReadingAddresses
  /** The subscriber's last deliveries, newest first. */
  readonly history: readonly SubscriberHistory[]
  readonly next: NextDigest
}
