import { SOURCE_DROPPED_REPORTED_MAX } from '../../config/limits-sources.ts'
import type { DroppedItems } from './source.ts'

/** Counts dropped items, and stores the first few reasons. */
export interface DropCount {
  add(reason: string): void
  /** Adds the counts of another list. */
  addAll(dropped: DroppedItems): void
  total(): DroppedItems
}

export function createDropCount(): DropCount {
  const reasons: string[] = []
  let count = 0
  const addAll = (dropped: DroppedItems) => {
    count += dropped.count
    reasons.push(...dropped.reasons.slice(0, SOURCE_DROPPED_REPORTED_MAX - reasons.length))
  }
  return {
    add: (reason) => addAll({ count: 1, reasons: [reason] }),
    addAll,
    total: () => ({ count, reasons: [...reasons] }),
  }
}
