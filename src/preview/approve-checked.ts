import type { Edition } from '../domain/edition.ts'
import type { EditOptions, EditResult } from '../ledger/editions/edit-edition.ts'
import type { EditionChecks, EditionReport } from './edition-checks.ts'

export interface ApproveCheckedDeps {
  readonly checks: EditionChecks
  readonly editions: {
    readEdition(day: EditOptions['day']): Promise<Edition | null>
    approveEdition(edit: EditOptions, revision: number, override: ApprovalOverride | null): Promise<EditResult>
  }
}

/** Why an operator sends an edition although the checks found faults. The audit log keeps it. */
export interface ApprovalOverride {
  readonly reason: string
  readonly faults: number
}

/** `faults`: nothing was approved, because the checks found faults and the operator gave no reason to send anyway. */
export type ApproveResult = EditResult | { readonly kind: 'faults'; readonly report: EditionReport }

/**
 * Approves the revision that an operator saw. If the checks find a fault in one of its digests, it is approved only with a
 * reason. If two operators approve at once, the ledger accepts one approval.
 */
export async function approveChecked(
  edit: EditOptions,
  { revision, reason }: { readonly revision: number; readonly reason: string | null },
  { checks, editions }: ApproveCheckedDeps,
): Promise<ApproveResult> {
  const edition = await editions.readEdition(edit.day)
  // The ledger says why it is too late. An edition without papers has no digest to check.
  if (edition === null || edition.revision !== revision || edition.state !== 'published')
    return editions.approveEdition(edit, revision, null)
  const report = await checks.check(edition)
  const faults = report.counts.fault
  if (faults === 0) return editions.approveEdition(edit, revision, null)
  if (reason === null) return { kind: 'faults', report }
  return editions.approveEdition(edit, revision, { reason, faults })
}
