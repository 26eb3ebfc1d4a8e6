import { LEXICON_PAPERS_MAX, LEXICON_PAPERS_MIN } from '../config/limits.ts'
import type { CandidateReading } from '../src/compose.ts'
import { readArchive, readTwins } from '../src/ledger/archive.ts'
import { readEarlierDays, readEdition, readEditionDays, readSignals } from '../src/ledger/editions.ts'
import { readFirstSignals } from '../src/ledger/readings.ts'
import { createLexicon } from '../src/ranking/lexicon.ts'
import type { OpenLedger } from './ledger.ts'

/** What a composer reads of the ledger to gather candidates. */
export function candidateReading({ db }: Pick<OpenLedger, 'db'>): CandidateReading {
  return {
    readEdition: (day) => readEdition(db, day),
    readEditionDays: (from, to) => readEditionDays(db, from, to),
    readEarlierDays: (ids, day) => readEarlierDays(db, ids, day),
    readSignals: (ids, at) => readSignals(db, ids, at),
    readFirstSignals: (ids) => readFirstSignals(db, ids),
    readTwins: (ids) => readTwins(db, ids),
    async readLexicon(day) {
      const papers = await readArchive(db, day, LEXICON_PAPERS_MAX)
      return papers.length < LEXICON_PAPERS_MIN ? null : createLexicon(papers)
    },
  }
}
