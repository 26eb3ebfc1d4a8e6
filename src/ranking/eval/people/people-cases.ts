import { createHash } from 'node:crypto'
import type { PeoplePapers, PersonPaper } from './people-data.ts'

/** A person in one pool: the papers of the archive that are theirs, newest first, and their papers in the pool. */
export interface PersonCase {
  readonly pool: number
  readonly name: string
  readonly likes: readonly PersonPaper[]
  /** Ids of papers. */
  readonly wanted: ReadonlySet<string>
}

/** With fewer papers there is little to learn from. A name with more is often several people. */
const ARCHIVE_PAPERS_MIN = 5
const ARCHIVE_PAPERS_MAX = 60
const CASES_MAX = 1_000

/** Returns whose papers are measured: all authors of a paper, or who put it on the list. */
export type PeopleOf = (paper: PersonPaper) => readonly string[]

/**
 * Returns all people with 5 to 60 papers in the archive and at least one in a pool, once for each such pool. Of more than 1,000
 * those with the smallest SHA-256 of pool number and name are kept, so the sample depends on no order and no seed.
 */
export function casesOf({ archive, pools }: PeoplePapers, peopleOf: PeopleOf): PersonCase[] {
  const likesOf = byPerson(archive, peopleOf)
  const cases = pools.flatMap((papers, pool) =>
    [...byPerson(papers, peopleOf)].flatMap(([name, wanted]) => {
      const likes = likesOf.get(name) ?? []
      if (likes.length < ARCHIVE_PAPERS_MIN || likes.length > ARCHIVE_PAPERS_MAX) return []
      const hash = createHash('sha256').update(`${pool}\t${name}`).digest('hex')
      return [{ hash, pool, name, likes: [...likes].reverse(), wanted: new Set(wanted.map(({ id }) => id)) }]
    }),
  )
  return cases
    .sort((a, b) => (a.hash < b.hash ? -1 : 1))
    .slice(0, CASES_MAX)
    .map(({ hash: _, ...each }) => each)
}

function byPerson(papers: readonly PersonPaper[], peopleOf: PeopleOf): Map<string, PersonPaper[]> {
  const found = new Map<string, PersonPaper[]>()
  for (const paper of papers) {
    for (const name of peopleOf(paper)) {
      const known = found.get(name)
      if (known === undefined) found.set(name, [paper])
      else known.push(paper)
    }
  }
  return found
}
