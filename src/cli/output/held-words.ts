import type { App } from '../../../workers/app/app.ts'
import { sendingRulesOf } from '../../../workers/app/sending-rules.ts'
import type { Day } from '../../domain/day.ts'
import type { HeldReason } from '../../pipeline/dispatch.ts'
import { describeState } from '../../pipeline/state/state-words.ts'

/** Says why nothing of an edition may be dispatched, and what to do about it. */
export async function describeHeld(app: App, day: Day, why: HeldReason): Promise<string> {
  if (why === 'forgotten')
    return `The deliveries of the month of ${day} are deleted (RETENTION_MONTHS). It is unknown who got this edition, so nothing more of it is sent.`
  const at = app.clock()
  const { state } = await app.ledger.reports.readSend({ ...sendingRulesOf(app), day, at })
  return describeState(state, at)
}
