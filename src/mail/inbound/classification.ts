import type { ReplyBlame } from '../reply/blame.ts'

export type BounceVerdict = 'permanent' | 'transient' | 'delayed' | 'complaint' | 'ignore'

/** The verdict on a mail to the bounce address. */
export interface Classification {
  readonly verdict: BounceVerdict
  /** One line without addresses. */
  readonly reason: string
  /** The party at fault for a failed delivery; null for other verdicts. */
  readonly blame: ReplyBlame | null
  /** The server that refused the message, where the mail names it. */
  readonly host: string | null
  /** False when a mail was ignored because its format is unknown: it may still be a report. */
  readonly understood: boolean
}
