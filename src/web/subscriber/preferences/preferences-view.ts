import type { NextDigest } from '../../../domain/next-digest.ts'
import type { Subscriber } from '../../../domain/subscriber.ts'
import type { SubscriberHistory } from '../../../ledger/reports/status.ts'
import type { FeedbackProfileRow } from '../../../ledger/subscribers/feedback-profiles.ts'
import type { Fields } from '../../../subscriptions/preferences-form.ts'
import type { FormError } from '../../layout/controls.tsx'

/** What a saved form is answered with; the word stands in the address after the redirect. */
export const NEWS = {
  preferences: 'Saved. Your next digest follows it.',
  same: 'Nothing had to be changed.',
  paused: 'Paused. No digest comes until the day you chose, or until you resume.',
  resumed: 'Your digests come again.',
  forgotten: 'Forgotten: your feedback and what it taught are deleted.',
  'logged-out':
    'Old links to this page have ended. It has a new one, which the next mails bring. Links to unsubscribe keep working.',
  address:
    'If that address can be used, a mail is on its way to it. Nothing changes before its button is pressed; one such mail a day goes to any address.',
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
  /** What a faulty form held, or null. */
  readonly typed: Fields | null
  readonly path: string
  readonly unsubscribePath: string
  readonly now: Date
  /** The reader's last deliveries, the newest first. */
  readonly history: readonly SubscriberHistory[]
  readonly next: NextDigest
}
