import type { NextDigest } from '../../../domain/schedule/next-digest.ts'
import type { Subscriber } from '../../../domain/subscriber.ts'
import type { SubscriberHistory } from '../../../ledger/reports/status.ts'
import type { FeedbackProfileRow } from '../../../ledger/subscribers/feedback-profiles.ts'
import type { InterestPreview } from '../../../subscriptions/interest-preview.ts'
import type { Fields } from '../../../subscriptions/preferences-form.ts'
import type { FormError } from '../../layout/controls.tsx'
import type { ReadingAddresses } from './reading-links.tsx'

/** Messages after a saved form. The key is in the query string of the redirect. */
export const NEWS = {
  preferences: 'Saved. Your next digest uses the new preferences.',
  same: 'Nothing was changed.',
  paused: 'Paused. You receive no digests until the day you chose, or until you resume.',
  resumed: 'Resumed. Your digests will be sent again.',
  forgotten: 'Your feedback and everything learned from it are deleted.',
  seeded: 'Added. Your next digest uses the new interests and what you liked.',
  sample: 'A sample is on its way to you. It shows the newest list, chosen by your preferences.',
  'sample-had': 'You have had a sample within the last 24 hours. Please ask again tomorrow.',
  'sample-empty': 'There is no sample, because the newest list has no paper for you.',
  'logged-out': 'Old links to this page no longer work. Your next emails have a new one. Unsubscribe links still work.',
  address:
    'If that address can be used, a confirmation email is on its way to it. Nothing changes until its button is pressed. An address gets at most one such email a day.',
} as const

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
