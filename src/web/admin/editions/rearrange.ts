import type { Entry } from '../../../domain/edition.ts'
import type { EditionChange } from '../../../ledger/editions/edit-edition.ts'
import { reasonOf } from '../layout/forms.ts'

/** What an operator asks of one paper of an edition. */
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
 * The order that an operator's wishes make of an edition: pinned papers first, the others by the place that was
 * typed. A paper moved to a place stands there, whichever side it comes from. Each wish needs a reason.
 */
export function rearrange(entries: readonly Entry[], wishes: readonly ArrangementInput[]): Rearranged {
  const byId = new Map(wishes.map((wish) => [wish.paperId, wish]))
  const rows = entries.map((entry) => ({ entry, wish: byId.get(entry.paper.id) ?? keep(entry) }))
  const changed = rows.filter(({ entry, wish }) => wish.drop || wish.pin || wish.place !== entry.rank)
  if (changed.length === 0) return { kind: 'unchanged' }
  const faults = new Map<string, string>()
  for (const { entry, wish } of changed) {
    const reason = reasonOf(wish.reason)
    if (!reason.ok) faults.set(entry.paper.id, reason.fault)
    else if (wish.drop && wish.pin) faults.set(entry.paper.id, 'It can be pinned or dropped, not both.')
    else if (!wish.drop && !(wish.place >= 1 && wish.place <= entries.length))
      faults.set(entry.paper.id, `The place is a number from 1 to ${entries.length}.`)
  }
  const staying = rows.filter(({ wish }) => !wish.drop)
  const [first] = rows
  if (staying.length === 0 && first !== undefined)
    faults.set(first.entry.paper.id, 'An edition needs one paper at least. To send nothing, cancel it.')
  if (faults.size > 0) return { kind: 'faults', faults }
  const order = staying
    .sort((a, b) => Number(b.wish.pin) - Number(a.wish.pin) || placeOf(a) - placeOf(b) || a.entry.rank - b.entry.rank)
    .map(({ entry }) => entry.paper.id)
  return {
    kind: 'order',
    order,
    changes: changed.map(({ entry, wish }) => ({
      paperId: entry.paper.id,
      from: entry.rank,
      to: wish.drop ? null : order.indexOf(entry.paper.id) + 1,
      pinned: wish.pin,
      reason: wish.reason.trim(),
    })),
  }
}

// Who moves up to a place comes before the one that has it; who moves down, after.
function placeOf({ entry, wish }: { readonly entry: Entry; readonly wish: ArrangementInput }): number {
  return wish.place < entry.rank ? wish.place - 0.5 : wish.place > entry.rank ? wish.place + 0.5 : wish.place
}

function keep(entry: Entry): ArrangementInput {
  return { paperId: entry.paper.id, place: entry.rank, pin: false, drop: false, reason: '' }
}
