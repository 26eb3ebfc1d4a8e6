import { readArchivePapers } from '../../src/ledger/editions/archive.ts'
import { readDueProfiles, saveFeedbackProfile } from '../../src/ledger/subscribers/feedback-profiles.ts'
import { createFeedbackModel, type FeedbackModel } from '../../src/pipeline/feedback-model.ts'
import type { Clock } from '../../src/platform/clock.ts'
import { backgroundOf, learnProfile } from '../../src/ranking/feedback-profile.ts'
import { createLexicon } from '../../src/ranking/words/lexicon.ts'
import type { OpenLedger } from './ledger.ts'

/** Learning on this installation’s archive and marks. */
export function createFeedbackModelFor({ db }: Pick<OpenLedger, 'db'>, clock: Clock): FeedbackModel {
  return createFeedbackModel({
    readArchive: (day, limit) => readArchivePapers(db, day, limit),
    createLexicon,
    backgroundOf,
    learnProfile: learnProfile,
    keepLearned: (subscriberId, learn, at) => saveFeedbackProfile(db, subscriberId, learn, at),
    readUnlearned: (limit) => readDueProfiles(db, limit),
    clock,
  })
}
