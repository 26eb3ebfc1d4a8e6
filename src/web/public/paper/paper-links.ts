import { isArxivId, type Paper, type Signals } from '../../../domain/paper.ts'
import { gainedWords, isNotable, type StarGrowth } from '../../../domain/stars.ts'
import { language, say } from '../../../language/language.ts'
import type { PaperRecord } from '../../../ledger/editions/paper-record.ts'
import { linkViews } from '../../../rendering/digest/view-model.ts'

interface CountedLink {
  readonly label: string
  /** `★ 1,204, +310 this week`, and in words for people who hear it. */
  readonly count: { readonly shown: string; readonly meaning: string } | null
  readonly url: string
}

/** arXiv converts papers to HTML since December 2023 (https://info.arxiv.org/about/accessible_HTML.html). */
const HTML_SINCE = '2312'

/** Returns the links of a paper in display order, with the stars of its code and the comments of its discussion. */
export function countedLinks(paper: Paper, signals: Signals | undefined, growth: StarGrowth | null): CountedLink[] {
  const gained = growth !== null && isNotable(growth) ? `, ${gainedWords(growth)}` : ''
  const counts: Readonly<Record<string, CountedLink['count']>> = {
    Code: countOf(growth?.stars ?? signals?.stars, 'link.stars', (count) => `★ ${language().number(count)}`, gained),
    'Hugging Face': countOf(signals?.comments, 'count.comments', (_, words) => words),
  }
  const links = linkViews(paper).map((link) => ({ ...link, count: counts[link.label] ?? null }))
  const hasHtml = isArxivId(paper.id) && /^\d{4}\./.test(paper.id) && paper.id >= HTML_SINCE
  if (!hasHtml) return links
  const place = links.findLastIndex(({ label }) => label === 'PDF' || label === 'arXiv') + 1
  return links.toSpliced(place, 0, { label: 'HTML', url: `https://arxiv.org/html/${paper.id}`, count: null })
}

function countOf(
  count: number | null | undefined,
  meaningKey: 'link.stars' | 'count.comments',
  show: (count: number, words: string) => string,
  gained = '',
): CountedLink['count'] {
  if (count === null || count === undefined || count === 0) return null
  const meaning = say(meaningKey, { count })
  return { shown: `${show(count, meaning)}${gained}`, meaning: `${meaning}${gained}` }
}

/** Returns the newest number of votes, or null if no source counts them. */
export function latestVotes({ votes }: Pick<PaperRecord, 'votes'>): number | null {
  return votes.findLast(({ upvotes }) => upvotes !== null)?.upvotes ?? null
}
