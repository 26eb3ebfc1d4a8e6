import { bindDatabase } from '../connection/bind-database.ts'
import type { Database } from '../schema/database.ts'
import * as dataExport from './data-export.ts'
import * as editAddress from './edit/edit-address.ts'
import * as editPreferences from './edit/edit-preferences.ts'
import * as editState from './edit/edit-state.ts'
import * as history from './edit/history.ts'
import * as erase from './erase.ts'
import * as feedback from './feedback.ts'
import * as feedbackProfiles from './feedback-profiles.ts'
import * as insert from './insert.ts'
import * as pauses from './pauses.ts'
import * as preferences from './preferences.ts'
import * as savedPapers from './saved-papers.ts'
import * as stopped from './stopped.ts'
import * as subscriberSearch from './subscriber-search.ts'
import * as subscribers from './subscribers.ts'
import * as suppressions from './suppressions.ts'
import * as unsubscribe from './unsubscribe.ts'

/** Binds the functions for subscribers, their preferences and feedback, and suppressed addresses. */
export function subscriberStore(db: Database) {
  return bindDatabase(
    db,
    {
      ...subscribers,
      ...insert,
      ...subscriberSearch,
      ...preferences,
      ...pauses,
      ...unsubscribe,
      ...stopped,
      ...suppressions,
      ...feedback,
      ...feedbackProfiles,
      ...savedPapers,
      ...dataExport,
      ...erase,
      ...editAddress,
      ...editPreferences,
      ...editState,
      ...history,
    },
    { retried: ['resumeDueSubscribers'] },
  )
}
