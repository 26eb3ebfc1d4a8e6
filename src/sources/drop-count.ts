import { SOURCE_DROPPED_REPORTED_MAX } from '../../config/limits.ts'
import type { DroppedItems } from './source.ts'

/** Counts what is left out of a list; the first reasons are kept by name. */
export interface DropCount {
  add(reason: string): void
  /** Adds what was counted elsewhere. */
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
