import { LEXICON_PAPERS_MAX, LEXICON_PAPERS_MIN } from '../config/limits.ts'
import type { CandidateReading } from '../src/compose.ts'
import { readArchive, readPoolDays, readTwins } from '../src/ledger/archive.ts'
import { readEarlierDays, readEdition, readSignals } from '../src/ledger/editions.ts'
import { createLexicon } from '../src/ranking/lexicon.ts'
import type { OpenLedger } from './ledger.ts'

/** What a composer reads of the ledger to gather candidates. */
export function candidateReading({ db }: Pick<OpenLedger, 'db'>): CandidateReading {
  return {
    readEdition: (day) => readEdition(db, day),
    readEditionDays: (from, to) => readPoolDays(db, from, to),
    readEarlierDays: (ids, day) => readEarlierDays(db, ids, day),
    readSignals: (ids, at) => readSignals(db, ids, at),
    readTwins: (ids) => readTwins(db, ids),
    async readLexicon(day) {
      const papers = await readArchive(db, day, LEXICON_PAPERS_MAX)
      return papers.length < LEXICON_PAPERS_MIN ? null : createLexicon(papers)
    },
  }
}
