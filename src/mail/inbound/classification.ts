import type { ReplyBlame } from '../reply/blame.ts'

export type BounceVerdict = 'permanent' | 'transient' | 'delayed' | 'complaint' | 'ignore'

/** The verdict on a mail to a bounce address, whichever message it is about. */
export interface Classification {
  readonly verdict: BounceVerdict
  /** One line without addresses. */
  readonly reason: string
  /** The party that a failed delivery is blamed on; null for all other verdicts. */
  readonly blame: ReplyBlame | null
  /** The server that refused, where the mail names it. */
  readonly host: string | null
  /** False when a mail was ignored because no reader knows its kind: it may be a report all the same. */
  readonly understood: boolean
}
