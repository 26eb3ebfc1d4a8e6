import { randomUUID } from 'node:crypto'
import { DISPATCH_PAGE_SUBSCRIBERS } from '../../config/limits.ts'
import type { Day } from '../../src/domain/day.ts'
import { writePage } from '../../src/ledger/dispatch/write-page.ts'
import type { Clock } from '../../src/platform/clock.ts'
import { UserError } from '../../src/platform/errors.ts'
import type { App } from '../../workers/app/app.ts'

/** Writes the deliveries of a dispatch to everyone, without its window, which would stay full. Returns the number of parcels. */
export async function dispatchWithoutWindow(
  { ledger, queues }: Pick<App, 'ledger' | 'queues'>,
  { day, parcelSize, clock }: { readonly day: Day; readonly parcelSize: number; readonly clock: Clock },
): Promise<number> {
  let parcels = 0
  for (let after = '0', more = true; more; ) {
    const page = await writePage(ledger.db, {
      day,
      cohort: { kind: 'everyone' },
      after,
      subscribersMax: DISPATCH_PAGE_SUBSCRIBERS,
      parcelSize,
      newParcelId: randomUUID,
      at: clock(),
    })
    if (page.kind !== 'page')
      throw new UserError(`The edition is held: ${page.kind === 'held' ? page.why : page.kind}.`)
    await queues.add(
      'send',
      page.parcelIds.map((parcelId) => ({ parcelId })),
    )
    parcels += page.parcelIds.length
    ;({ after, more } = page)
  }
  return parcels
}
