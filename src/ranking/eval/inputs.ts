import type { RecordedDay, Seen } from './days.ts'
import { type PeopleList, peoplePapersOf } from './people/people-data.ts'

/** How complete the input of an evaluation was. A figure whose input is missing says little, however good it is. */
export interface Inputs {
  /** Papers with a recorded age, and papers whose age is a guess. Three baselines divide by it. */
  readonly ages: { readonly known: number; readonly assumed: number }
  /** Days whose later votes are those of the morning. They are not scored within the day, because truth and ranking are the same. */
  readonly unmovedDays: number
  /** Papers with and without keywords. The keywords define the simulated subscribers. */
  readonly keywords: { readonly known: number; readonly missing: number }
  /** Papers of all lists, with an author, with a submitter, and on lists before the first measured day. */
  readonly people: {
    readonly papers: number
    readonly withAuthors: number
    readonly withSubmitter: number
    readonly archivePapers: number
  }
}

/** Counts what is recorded on the measured days and on all lists. */
export function inputsOf(days: readonly RecordedDay[], lists: readonly PeopleList[]): Inputs {
  const papers = days.flatMap((day) => day.papers)
  const onLists = lists.flatMap((list) => list.papers)
  const count = (isCounted: (seen: Seen) => boolean) => papers.filter(isCounted).length
  return {
    ages: { known: count(({ ageKnown }) => ageKnown), assumed: count(({ ageKnown }) => !ageKnown) },
    unmovedDays: days.length - movedDays(days).length,
    keywords: {
      known: count(({ keywords }) => keywords.length > 0),
      missing: count(({ keywords }) => keywords.length === 0),
    },
    people: {
      papers: onLists.length,
      withAuthors: onLists.filter(({ authors }) => authors.length > 0).length,
      withSubmitter: onLists.filter(({ submitter }) => submitter !== null).length,
      archivePapers: peoplePapersOf(
        lists,
        days.map(({ day }) => day),
      ).archive.length,
    },
  }
}

/** A day on which this share of the votes is the same a day later has no later votes, but the morning’s again. */
const SAME_SHARE_MAX = 0.9

/**
 * Returns the days whose later votes are not those of the morning. On other days truth and ranking are the same numbers, and an
 * order by votes would be perfect.
 */
export function movedDays(days: readonly RecordedDay[]): readonly RecordedDay[] {
  return days.filter(({ papers, later }) => {
    const same = papers.filter(({ paper, votes }) => (later.get(paper.id) ?? votes) === votes)
    return same.length < SAME_SHARE_MAX * papers.length
  })
}

/**
 * Returns the papers. Throws if one of them still has its keywords or the summary of the source’s model. They define what a
 * simulated subscriber wants, so a ranking that reads them knows the answers.
 */
export function withoutAnswers(papers: readonly Seen[]): readonly Seen[] {
  const open = papers.find(({ paper }) => paper.keywords.length > 0 || paper.machineSummary !== null)
  if (open === undefined) return papers
  throw new Error(`The ranking could read the keywords of ${open.paper.id}, which define what subscribers want.`)
}
