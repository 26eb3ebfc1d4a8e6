import { EDITION_PAPERS_MAX } from '../../../config/limits.ts'
import type { SourceReport } from '../../domain/edition.ts'
import type { Listing } from '../../domain/paper.ts'
import { language, say } from '../../language/language.ts'
import type { Source, SourceAnswer } from '../../sources/source.ts'
import type { LatePaper, LatePapers } from './late-papers.ts'

/** One source's answer, and what is known about its papers. */
export interface Answered {
  readonly source: Source
  readonly answer: SourceAnswer
  /** Papers of its list that are in another edition and are not listed again. */
  readonly known: ReadonlySet<string>
  readonly votesMissing: boolean
}

/** Returns the report on one source's answer. */
export function reportOf({ source, answer, votesMissing }: Answered): SourceReport {
  const blank = { source: source.name, papers: 0, dropped: 0, reasons: [] }
  if (answer.kind === 'failed') return { ...blank, outcome: 'failed', note: answer.reason }
  if (answer.kind === 'empty') return { ...blank, outcome: 'empty', note: answer.reason }
  return {
    source: source.name,
    outcome: 'listed',
    papers: answer.listings.length,
    dropped: answer.dropped.count,
    reasons: answer.dropped.reasons,
    note: answer.note ?? null,
    found: (answer.leftOut ?? []).reduce(
      (sum, { papers }) => sum + papers,
      answer.listings.length + answer.dropped.count,
    ),
    missing: answer.missing ?? null,
    ...(votesMissing ? { votesMissing } : {}),
  }
}

/** The papers of an edition, and the late papers it was chosen from. */
export interface InEdition {
  readonly papers: Pick<LatePapers, 'late'>
  /** Papers that came late to an earlier list, without those that did not fit into an edition before. */
  readonly late: ReadonlyMap<string, LatePaper>
  readonly ranked: readonly Listing[]
}

/** Returns the report with how many of the source's papers are in the edition, how many are not, and why. */
export function reportIn(answered: Answered, { papers, late, ranked }: InEdition): SourceReport {
  const report = reportOf(answered)
  const { source, answer, known } = answered
  if (answer.kind !== 'listed') return report
  const chosen = new Set(ranked.map(({ paper }) => paper.id))
  const ofSource = [...papers.late.values()].filter((each) => each.source === source.name)
  const ids = [...answer.listings.filter(({ paper }) => !known.has(paper.id)), ...ofSource].map(({ paper }) => paper.id)
  const shown = ids.filter((id) => chosen.has(id))
  const leftOut = [
    ...(answer.leftOut ?? []),
    { why: 'in another edition', papers: known.size },
    { why: `more than an edition holds (${EDITION_PAPERS_MAX})`, papers: ids.length - shown.length },
  ].filter(({ papers }) => papers > 0)
  return { ...report, shown: shown.length, late: shown.filter((id) => late.has(id)).length, leftOut }
}

/** Returns a sentence for readers if papers or votes may be missing, else null. */
export function incompleteOf(reports: readonly SourceReport[]): string | null {
  const named = (isMeant: (report: SourceReport) => boolean) => {
    const names = reports.filter(isMeant).map(({ source }) => source)
    return names.length === 0 ? null : language().list(names)
  }
  const failed = named(({ outcome }) => outcome === 'failed')
  const partly = named(({ missing }) => typeof missing === 'string')
  const awaited = named(({ outcome, note }) => outcome === 'empty' && note === 'not-open')
  const voteless = named(({ votesMissing }) => votesMissing === true)
  const gaps = [
    ...(failed === null ? [] : [say('incomplete.failed', { sources: failed })]),
    ...(partly === null ? [] : [say('incomplete.partly', { sources: partly })]),
    ...(awaited === null ? [] : [say('incomplete.awaited', { sources: awaited })]),
  ].join(', ')
  const votes = voteless === null ? 'no' : 'yes'
  if (gaps !== '') return say('incomplete.gaps', { gaps, votes, sources: voteless ?? '' })
  return voteless === null ? null : say('incomplete.votes', { sources: voteless })
}
