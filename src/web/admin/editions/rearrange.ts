import type { Entry } from '../../../domain/edition.ts'
import type { EditionChange } from '../../../ledger/editions/edit-edition.ts'
import { reasonOf } from '../layout/forms.ts'

/** The fields of one paper in the edition editor. */
export interface ArrangementInput {
  readonly paperId: string
  readonly place: number
  readonly pin: boolean
  readonly drop: boolean
  readonly reason: string
}

export type Rearranged =
  | { readonly kind: 'order'; readonly order: readonly string[]; readonly changes: readonly EditionChange[] }
  | { readonly kind: 'faults'; readonly faults: ReadonlyMap<string, string> }
  | { readonly kind: 'unchanged' }

/**
 * Returns the edition's new order: pinned papers first, then the others by the position entered. A moved paper gets
 * exactly that position, whether it moves up or down. Each change needs a reason.
 */
export function rearrange(entries: readonly Entry[], arrangements: readonly ArrangementInput[]): Rearranged {
  const byId = new Map(arrangements.map((arrangement) => [arrangement.paperId, arrangement]))
  const rows = entries.map((entry) => ({ entry, arrangement: byId.get(entry.paper.id) ?? unchanged(entry) }))
  const changed = rows.filter(
    ({ entry, arrangement }) => arrangement.drop || arrangement.pin || arrangement.place !== entry.rank,
  )
  if (changed.length === 0) return { kind: 'unchanged' }
  const faults = new Map<string, string>()
  for (const { entry, arrangement } of changed) {
    const reason = reasonOf(arrangement.reason)
    if (!reason.ok) faults.set(entry.paper.id, reason.fault)
    else if (arrangement.drop && arrangement.pin)
      faults.set(entry.paper.id, 'A paper can be pinned or dropped, but not both.')
    else if (!arrangement.drop && !(arrangement.place >= 1 && arrangement.place <= entries.length))
      faults.set(entry.paper.id, `The position must be a number from 1 to ${entries.length}.`)
  }
  const remaining = rows.filter(({ arrangement }) => !arrangement.drop)
  const [first] = rows
  if (remaining.length === 0 && first !== undefined)
    faults.set(first.entry.paper.id, 'An edition needs at least one paper. To send nothing, cancel it.')
  if (faults.size > 0) return { kind: 'faults', faults }
  const order = remaining
    .sort(
      (a, b) =>
        Number(b.arrangement.pin) - Number(a.arrangement.pin) ||
        positionOf(a) - positionOf(b) ||
        a.entry.rank - b.entry.rank,
    )
    .map(({ entry }) => entry.paper.id)
  return {
    kind: 'order',
    order,
    changes: changed.map(({ entry, arrangement }) => ({
      paperId: entry.paper.id,
      from: entry.rank,
      to: arrangement.drop ? null : order.indexOf(entry.paper.id) + 1,
      pinned: arrangement.pin,
      reason: arrangement.reason.trim(),
    })),
  }
}

// A paper that moves up goes before the paper at that position. One that moves down goes after it.
function positionOf({ entry, arrangement }: { readonly entry: Entry; readonly arrangement: ArrangementInput }): number {
  return arrangement.place < entry.rank
    ? arrangement.place - 0.5
    : arrangement.place > entry.rank
      ? arrangement.place + 0.5
      : arrangement.place
}

function unchanged(entry: Entry): ArrangementInput {
  return { paperId: entry.paper.id, place: entry.rank, pin: false, drop: false, reason: '' }
}
