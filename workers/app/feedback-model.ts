import { readArchive } from '../../src/ledger/editions/archive.ts'
import { keepLearned, readUnlearned } from '../../src/ledger/subscribers/feedback-profiles.ts'
import { createLearning, type Learning } from '../../src/pipeline/feedback-model.ts'
import type { Clock } from '../../src/platform/clock.ts'
import { backgroundOf, learnTaste } from '../../src/ranking/taste.ts'
import { createLexicon } from '../../src/ranking/words/lexicon.ts'
import type { OpenLedger } from './ledger.ts'

/** Learning on this installation’s archive and marks. */
export function makeLearning({ db }: Pick<OpenLedger, 'db'>, clock: Clock): Learning {
  return createLearning({
    readArchive: (day, limit) => readArchive(db, day, limit),
    createLexicon,
    backgroundOf,
    learnTaste,
    keepLearned: (subscriberId, learn, at) => keepLearned(db, subscriberId, learn, at),
    readUnlearned: (limit) => readUnlearned(db, limit),
    clock,
  })
}
