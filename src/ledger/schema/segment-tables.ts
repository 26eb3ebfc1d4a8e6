import type { Generated } from 'kysely'
import type { BulkKind, BulkOptions, BulkState } from '../../domain/segments/bulk.ts'
import type { FilterFields } from '../../domain/segments/filter.ts'
import type { Json } from './json.ts'

/** Saved segments and bulk actions. */
export interface SegmentTables {
  segments: {
    id: Generated<string>
    name: string
    name_key: string
    filter: Json<FilterFields>
    created_at: Date
    updated_at: Date
  }
  bulk_jobs: {
    id: Generated<string>
    fingerprint: string
    kind: BulkKind
    filter: Json<FilterFields>
    options: Json<BulkOptions>
    reason: string
    who: string
    address: string | null
    operator_id: string | null
    state: BulkState
    /** Matching subscribers when it was started. */
    expected: string
    /** The id of the last subscriber that was looked at. */
    position: Generated<string>
    /** The greatest id at the start. */
    through: string
    examined: Generated<string>
    changed: Generated<string>
    /** Failures of the current batch, in a row. */
    failures: Generated<number>
    created_at: Date
    updated_at: Date
    finished_at: Date | null
  }
}
