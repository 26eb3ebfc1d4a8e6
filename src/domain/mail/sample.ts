import type { Day } from '../day.ts'
import type { Selection } from '../parcel.ts'

/** The choice that a sample digest shows, frozen when it was asked for, so that a repeat has the same bytes. */
export interface FrozenSample {
  readonly day: Day
  /** The key that signs its links. */
  readonly keyId: string
  readonly paperIds: readonly string[]
  readonly selection: Selection
}
