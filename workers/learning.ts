import type { Clock } from '../src/day.ts'
import { createLearning, type Learning } from '../src/learn.ts'
import { readArchive } from '../src/ledger/archive.ts'
import { keepLearned, readUnlearned } from '../src/ledger/tastes.ts'
import { createLexicon } from '../src/ranking/lexicon.ts'
import { backgroundOf, learnTaste } from '../src/ranking/taste.ts'
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
