import type { FastifyRequest } from 'fastify'
import { checkPreferences } from '../../../../domain/interests/preferences.ts'
import { BULK_KINDS, type BulkKind, type BulkOptions } from '../../../../domain/segments/bulk.ts'
import { DEFAULT_PREFERENCES } from '../../../../domain/subscriber.ts'
import { readPause } from '../../../../subscriptions/preferences-form.ts'
import type { FormError } from '../../../layout/controls.tsx'
import { reasonOf } from '../../layout/forms.ts'
import { field } from '../../login/guard.ts'

/** An operator's choice on the page of a bulk action. */
export interface BulkChoice {
  readonly kind: BulkKind | null
  readonly until: string
  readonly interest: string
  readonly reason: string
  readonly typed: string
}

export const NO_CHOICE: BulkChoice = { kind: null, until: '', interest: '', reason: '', typed: '' }

export type CheckedBulk =
  | { readonly ok: true; readonly kind: BulkKind; readonly options: BulkOptions; readonly reason: string }
  | { readonly ok: false; readonly faults: readonly FormError[] }

export function choiceOf(request: FastifyRequest): BulkChoice {
  const kind = BULK_KINDS.find((each) => each === field(request, 'kind')) ?? null
  // The search has a field `interest` of its own.
  const [until, interest] = [field(request, 'until'), field(request, 'new_interest')]
  return { kind, until, interest, reason: field(request, 'reason'), typed: field(request, 'typed') }
}

/** Returns the words that an operator types before subscribers are erased. */
export function erasureWords(count: number): string {
  return `erase ${count}`
}

// Its day begins first. A pause until a day that has begun there would end at once for somebody.
const EARLIEST_ZONE = 'Pacific/Kiritimati'

/** Checks a choice, and returns all faults. */
export function checkBulk(choice: BulkChoice, count: number, now: Date): CheckedBulk {
  const { kind } = choice
  const faults: FormError[] = []
  if (kind === null) faults.push({ field: 'kind', words: 'Choose what to do.' })
  const reason = reasonOf(choice.reason)
  if (!reason.ok) faults.push({ field: 'reason', words: reason.fault })
  const options = kind === null ? {} : readOptions(kind, choice, now, faults)
  const typed = choice.typed.replace(/[\s,.]+/g, ' ').toLowerCase()
  if (kind === 'erase' && typed !== erasureWords(count))
    faults.push({ field: 'typed', words: `To erase these subscribers, type: ${erasureWords(count)}` })
  if (kind === null || !reason.ok || faults.length > 0) return { ok: false, faults }
  return { ok: true, kind, options, reason: reason.reason }
}

function readOptions(kind: BulkKind, choice: BulkChoice, now: Date, faults: FormError[]): BulkOptions {
  if (kind === 'pause') {
    const pause = readPause(choice.until, EARLIEST_ZONE, now)
    if (pause.ok) return { until: pause.until }
    faults.push({ field: 'until', words: pause.reason })
  }
  if (kind === 'add-interest' || kind === 'remove-interest') {
    const { value, faults: found } = checkPreferences({ interests: [choice.interest] }, DEFAULT_PREFERENCES)
    const [interest] = value.interests
    // An interest that can no longer be added may still be stored, and can be removed.
    if (kind === 'remove-interest' && choice.interest !== '') return { interest: choice.interest }
    if (interest !== undefined && found.length === 0) return { interest }
    faults.push({ field: 'new_interest', words: found[0]?.words ?? 'Enter an interest.' })
  }
  return {}
}
