import type { Config } from '../../../config/config.ts'
import { IMPORT_INTERESTS_MEASURED_MAX, IMPORT_INTERESTS_SHOWN_MAX } from '../../../config/limits-subscriptions.ts'
import type { OpenLedger } from '../../../workers/app/ledger.ts'
import { synonymsOf } from '../../../workers/app/synonyms.ts'
import { type ReviewedPreferences, reviewInterests } from '../../ranking/review/review-interests.ts'
import { createUnmatchedFinder } from '../../ranking/review/unmatched-interests.ts'
import { shownCell } from '../../subscriptions/csv/cells.ts'
import type { LineReading } from '../../subscriptions/csv/subscriber-line.ts'
import { wordsOfNote } from '../../subscriptions/interests/interest-notes.ts'
import { makeRecentPool, type RecentPool } from '../../subscriptions/interests/recent-pool.ts'
import { counted } from '../../text/counted.ts'

/** Returns what is wrong with the interests and muted terms of one subscriber, measured over the last weeks. */
export async function interestWarnings(
  preferences: ReviewedPreferences,
  ledger: OpenLedger,
  config: Config,
): Promise<readonly string[]> {
  if (preferences.interests.length + preferences.mutedTerms.length === 0) return []
  const recent = await readRecentPool(ledger, config)
  if (recent === null) return []
  const span = { papers: recent.pool.papers.length, days: recent.days }
  return reviewInterests(recent.pool, preferences)
    .filter(({ kind }) => kind !== 'not-today')
    .map((note) => {
      const { words, nearest } = wordsOfNote(note, span)
      return `${words}${proposing(nearest)}`
    })
}

/** Counts the interests of an import, and says which of them match nothing. */
export class ImportedInterests {
  private readonly subscribers = new Map<string, number>()

  count(reading: LineReading): void {
    if (reading.kind !== 'add') return
    for (const interest of reading.subscriber.preferences.interests) {
      const known = this.subscribers.get(interest)
      if (known !== undefined || this.subscribers.size < IMPORT_INTERESTS_MEASURED_MAX)
        this.subscribers.set(interest, (known ?? 0) + 1)
    }
  }

  /** Returns the warnings, those of most subscribers first. */
  async warnings(ledger: OpenLedger, config: Config): Promise<readonly string[]> {
    if (this.subscribers.size === 0) return []
    const recent = await readRecentPool(ledger, config)
    if (recent === null) return []
    const countOf = (interest: string) => this.subscribers.get(interest) ?? 0
    const unmatched = createUnmatchedFinder(recent.pool)([...this.subscribers.keys()])
    if (unmatched.length === 0) return []
    const shown = [...unmatched]
      .sort((a, b) => countOf(b.typed) - countOf(a.typed) || (a.typed < b.typed ? -1 : 1))
      .slice(0, IMPORT_INTERESTS_SHOWN_MAX)
    const lines = shown.map(
      ({ typed, nearest }) =>
        `  “${shownCell(typed, Number.POSITIVE_INFINITY)}” of ${counted(countOf(typed), 'subscriber')}.${proposing(nearest)}`,
    )
    if (unmatched.length > shown.length) lines.push(`  … and ${unmatched.length - shown.length} more.`)
    const papers = counted(recent.pool.papers.length, 'paper')
    return [
      `${counted(unmatched.length, 'interest')} without a match in the ${papers} of the last ${recent.days} days:`,
      ...lines,
    ]
  }
}

function proposing(nearest: readonly string[]): string {
  return nearest.length === 0 ? '' : ` Near it: ${nearest.map((each) => `“${each}”`).join(', ')}.`
}

/** Returns the papers of the last weeks, or null before the first edition. */
async function readRecentPool({ editions }: OpenLedger, config: Config): Promise<RecentPool | null> {
  const day = await editions.readNewestDay()
  const edition = day === null ? null : await editions.readEdition(day)
  if (edition === null) return null
  const listed = edition.entries.map(({ paper }) => paper)
  return makeRecentPool({ day: edition.day, listed }, { papers: editions, synonyms: synonymsOf(config) })
}
