import type { Day } from '../day.ts'
import type { FilterFields } from './filter.ts'

/** The changes that a bulk action can make to each subscriber of a search. */
export const BULK_KINDS = [
  'pause',
  'resume',
  'unsubscribe',
  'suppress',
  'confirm',
  'add-interest',
  'remove-interest',
  'erase',
] as const
export type BulkKind = (typeof BULK_KINDS)[number]

/** `stopped` by an operator; `failed` after several errors in a row. */
export type BulkState = 'running' | 'done' | 'stopped' | 'failed'

export interface BulkOptions {
  /** Of a pause: the day on which mails start again. */
  readonly until?: Day | null
  /** Of a changed interest. */
  readonly interest?: string
}

/** A bulk action that runs in the background. */
export interface BulkJob {
  readonly id: string
  readonly kind: BulkKind
  readonly filter: FilterFields
  readonly options: BulkOptions
  readonly reason: string
  readonly who: string
  readonly address: string | null
  readonly operatorId: string | null
  readonly state: BulkState
  /** Matching subscribers when it was started. */
  readonly expected: number
  readonly examined: number
  readonly changed: number
  readonly createdAt: Date
  readonly finishedAt: Date | null
}
