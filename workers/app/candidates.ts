import { EDITIONS_KEPT_MAX, LEXICON_PAPERS_MAX, LEXICON_PAPERS_MIN } from '../../config/limits.ts'
import type { Edition } from '../../src/domain/edition.ts'
import { readArchivePapers, readCandidateDays, readDuplicateIds } from '../../src/ledger/editions/archive.ts'
import { readEarlierDays, readEdition, readRevision } from '../../src/ledger/editions/editions.ts'
import { readFirstSignals, readSignals } from '../../src/ledger/editions/votes.ts'
import type { CandidateReading } from '../../src/pipeline/compose/compose.ts'
import { createLoadingCache } from '../../src/platform/cache.ts'

import { createLexicon, type Lexicon } from '../../src/ranking/words/lexicon.ts'
import type { OpenLedger } from './ledger.ts'

/** An edition is read once and asked for its revision after that: each parcel looks at two, and a week’s at seven. */
function rememberingEditions(db: OpenLedger['db']): CandidateReading['readEdition'] {
  const editions = createLoadingCache<Edition | undefined>({ max: EDITIONS_KEPT_MAX })
  return async (day) => {
    const revision = await readRevision(db, day)
    if (revision === null) return null
    return (await editions(`${day} ${revision}`, async () => (await readEdition(db, day)) ?? undefined)) ?? null
  }
}

/** A day's digests, a week's and those after each reading of the votes are chosen by the words of the same archive. */
function rememberingLexicon(db: OpenLedger['db']): CandidateReading['readLexicon'] {
  const lexicons = createLoadingCache<Lexicon | null>({ max: 1 })
  return async (day) =>
    lexicons(`${day} ${await readRevision(db, day)}`, async () => {
      const papers = await readArchivePapers(db, day, LEXICON_PAPERS_MAX)
      return papers.length < LEXICON_PAPERS_MIN ? null : createLexicon(papers)
    })
}

/** What a composer reads of the ledger to gather candidates. */
export function candidateReader({ db }: Pick<OpenLedger, 'db'>): CandidateReading {
  return {
    readEdition: rememberingEditions(db),
    readEditionDays: (from, to) => readCandidateDays(db, from, to),
    readEarlierDays: (ids, day) => readEarlierDays(db, ids, day),
    readSignals: (ids, at) => readSignals(db, ids, at),
    readFirstSignals: (ids) => readFirstSignals(db, ids),
    readTwins: (ids) => readDuplicateIds(db, ids),
    readLexicon: rememberingLexicon(db),
  }
}
