import { bindDatabase } from '../connection/bind-database.ts'
import type { Database } from '../schema/database.ts'
import * as archive from './archive.ts'
import * as editEdition from './edit-edition.ts'
import * as editions from './editions.ts'
import * as feedPapers from './feed-papers.ts'
import * as lists from './lists.ts'
import * as paperRecord from './paper-record.ts'
import * as best from './periods/best.ts'
import * as calendar from './periods/calendar.ts'
import * as publicQueries from './public-queries.ts'
import * as recentPapers from './recent-papers.ts'
import * as scorecards from './scorecards.ts'
import * as search from './search.ts'
import * as searchWords from './search-words.ts'
import * as starGrowth from './stars/growth.ts'
import * as starReadings from './stars/readings.ts'
import * as topics from './topics/topics.ts'
import * as votes from './votes.ts'

/** Binds the functions for editions, their papers and votes, the archive and search. */
export function editionStore(db: Database) {
  return bindDatabase(
    db,
    {
      ...editions,
      ...editEdition,
      ...feedPapers,
      ...lists,
      ...votes,
      ...archive,
      ...publicQueries,
      ...search,
      ...scorecards,
      ...recentPapers,
      ...topics,
      ...best,
      ...calendar,
      ...paperRecord,
      ...searchWords,
      ...starGrowth,
      ...starReadings,
    },
    { retried: ['saveEdition', 'saveAwaitedLists', 'claimVotesRefresh', 'saveVotes'] },
  )
}
