import { SOURCE_DROPPED_REPORTED_MAX } from '../../config/limits.ts'
import type { DroppedItems } from './source.ts'

/** Counts what is left out of a list; the first reasons are kept by name. */
export interface DropCount {
  /** @param times how many items share this reason. */
  add(reason: string, times?: number): void
  total(): DroppedItems
}

export function createDropCount(): DropCount {
  const reasons: string[] = []
  let count = 0
  return {
    add(reason, times = 1) {
      count += times
      if (reasons.length < SOURCE_DROPPED_REPORTED_MAX) reasons.push(reason)
    },
    total: () => ({ count, reasons: [...reasons] }),
  }
}
