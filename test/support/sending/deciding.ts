import { day } from '../../../src/domain/day.ts'
import type { PendingDelivery, SendDecision } from '../../../src/domain/parcel.ts'
import { selectPapers } from '../../../src/pipeline/compose/select-papers.ts'
import { selectedByVotes } from '../../../src/ranking/selection/selection.ts'
import { entriesFor } from '../editions.ts'

/** Decides like the composer whom to mail, with candidates that suit every subscriber who has not received them. */
export function decideOn(...paperIds: string[]): (candidates: readonly PendingDelivery[]) => SendDecision[] {
  const entries = entriesFor(paperIds)
  const pool = {
    frequency: 'daily' as const,
    noteUnmatched: null,
    dayOf: new Map(paperIds.map((id) => [id, day('2026-11-24')])),
    choose: (_taste: unknown, had: ReadonlySet<string>) =>
      entries.filter(({ paper }) => !had.has(paper.id)).map(selectedByVotes),
  }
  return (candidates) =>
    candidates.map((candidate) => {
      const decision = selectPapers(pool, candidate)
      if (decision.kind === 'skip') return decision
      const { kind, address, chosen, selection } = decision
      const { deliveryId } = candidate
      return { kind, deliveryId, address, paperIds: chosen.map(({ entry }) => entry.paper.id), selection }
    })
}
