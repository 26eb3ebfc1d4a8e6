import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Day } from '../../../src/domain/day.ts'
import { PACKAGE_ROOT } from '../../../src/platform/paths.ts'
import { explainRank } from '../../../src/ranking/explain.ts'
import type { DigestInput, DigestProps, PaperProps } from '../../../src/rendering/digest/props.ts'
import { viewModelOf } from '../../../src/rendering/digest/view-model.ts'
import type { Links } from '../../../src/security/signed-links.ts'
import { parseDailyPapers } from '../../../src/sources/daily-papers.ts'

export const SITE = 'https://paperround.example'
export const DATA = join(PACKAGE_ROOT, '../shared/data')
export const dataIsHere = existsSync(DATA)

export function paper(id: string, over: Partial<PaperProps> = {}): PaperProps {
  return {
    id,
    title: `A study numbered ${id}`,
    abstract: `We look at the matter of ${id} closely & report what we saw, "as is".`,
    keySentence: `We look at the matter of ${id} closely`,
    machineSummary: `A machine says of ${id} that it is <good> & new.`,
    authorLine: 'Ada Lovelace and Mary Somerville',
    authorsShort: 'Ada Lovelace et al.',
    organization: 'Analytical Society',
    thumbnail: null,
    votes: 42,
    comments: 3,
    stars: 1204,
    starsGained: '',
    url: `${SITE}/paper/${id}`,
    links: [
      { label: 'arXiv', url: `https://arxiv.example/abs/${id}` },
      { label: 'PDF', url: `https://arxiv.example/pdf/${id}?a=1&b=2` },
    ],
    ...over,
  }
}

export function papers(count: number, over: Partial<PaperProps> = {}): PaperProps[] {
  return Array.from({ length: count }, (_, index) => paper(`2603.${String(index + 1).padStart(5, '0')}`, over))
}

export function edition(listed: readonly PaperProps[], over: Partial<DigestProps> = {}): DigestProps {
  return {
    brand: { name: 'Paperround', publicUrl: SITE, postalAddress: '1 Example Street, 1010 Vienna' },
    day: '2026-11-24' as Day,
    dayLong: 'Tuesday, 24 November 2026',
    frequency: 'daily',
    votesAsOf: 'Votes as of 08:40 UTC',
    incomplete: null,
    webUrl: `${SITE}/papers/2026-11-24`,
    papers: listed,
    ...over,
  }
}

/** Input for a digest with all papers of an edition, with links of realistic length. */
export function orderFor(props: DigestProps, over: Partial<DigestInput> = {}, subscriber = 'r'): DigestInput {
  const token = subscriber.padEnd(80, 'x')
  return {
    picks: props.papers.map(({ id }, index) => ({
      paperId: id,
      own: false,
      kind: 'votes',
      interest: '',
      why: `42 votes, number ${index + 1} of the day’s ${props.papers.length}`,
    })),
    featured: 10,
    catchUp: false,
    left: 0,
    chosenBy: {
      interests: ['sparse retrieval', 'agents'],
      authors: false,
      votesOnly: false,
      feedback: false,
      unmatched: null,
    },
    feedbackUrl: `${SITE}/feedback/${token}`,
    slots: {
      unsubscribeUrl: `${SITE}/unsubscribe/${token}`,
      preferencesUrl: `${SITE}/preferences/${token}`,
      browserUrl: `${SITE}/digest/${token}`,
      reason: 'You receive this daily digest because you subscribed to Paperround.',
    },
    ...over,
  }
}

/** Returns the edition of a recorded list, by its path in the data folder, which may be missing. */
export function recorded(path: string): DigestProps {
  const { listings } = parseDailyPapers(JSON.parse(readFileSync(join(DATA, path), 'utf8')))
  const links = {
    edition: (day) => `${SITE}/papers/${day}`,
    week: (week) => `${SITE}/week/${week}`,
    paper: (id) => `${SITE}/paper/${id}`,
  } as Links
  return viewModelOf({
    day: '2026-11-24' as Day,
    frequency: 'daily',
    votesAt: new Date('2026-11-24T08:40:00Z'),
    incomplete: null,
    entries: listings.map((listing, index) => ({
      ...listing,
      rank: index + 1,
      score: 1,
      why: explainRank(index + 1, listings.length, listing.signals),
    })),
    brand: edition([]).brand,
    links,
  })
}
