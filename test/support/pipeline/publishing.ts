import { day } from '../../../src/domain/day.ts'
import {
  type AwaitedList,
  type EditionDraft,
  type EditionDrafts,
  type PublishResult,
  publish,
} from '../../../src/pipeline/publish.ts'
import type { ListedAnswer, Source, SourceAnswer } from '../../../src/sources/source.ts'
import { paperOf } from '../papers.ts'

export const DAY = day('2026-11-24')
export const NOW = new Date('2026-11-24T08:45:00Z')

/** A source that always gives the same answer. */
export function aSource(name: Source['name'], answer: SourceAnswer): Source {
  return { name, read: async () => answer }
}

/** A list of papers with their votes, and one item that was dropped. */
export function aList(votes: Record<string, number | null>, observedAt = NOW): ListedAnswer {
  return {
    kind: 'listed',
    observedAt,
    dropped: { count: 1, reasons: ['item 4: title is missing'] },
    listings: Object.entries(votes).map(([id, upvotes]) => ({
      paper: paperOf(id),
      signals: { upvotes, comments: null, stars: null },
    })),
  }
}

interface Published {
  readonly result: PublishResult
  readonly saved: EditionDraft[]
  readonly awaited: AwaitedList[]
}

/** Publishes DAY into an empty ledger. `over` changes what the ledger knows. */
export async function publishWith(sources: readonly Source[], over: Partial<EditionDrafts> = {}): Promise<Published> {
  const saved: EditionDraft[] = []
  const awaited: AwaitedList[] = []
  const editions: EditionDrafts = {
    readRequestedDays: async () => [],
    readFirstSignals: async () => new Map(),
    readKnownPapers: async () => new Set(),
    readExcludedPapers: async () => new Set(),
    saveEdition: async (draft) => {
      saved.push(draft)
      return { kind: 'saved', revision: 1 }
    },
    saveAwaitedLists: async (list) => void awaited.push(list),
    ...over,
  }
  const result = await publish(DAY, {
    sources,
    editions,
    maintenance: { openMonths: async () => [] },
    approval: { needsApproval: false, canaryPercent: 0 },
    clock: () => NOW,
  })
  return { result, saved, awaited }
}

export const publishFrom = (...sources: Source[]) => publishWith(sources)
