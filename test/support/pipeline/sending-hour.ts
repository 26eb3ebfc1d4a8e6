import type { ParsedMail } from 'mailparser'
import { day } from '../../../src/domain/day.ts'
import { openSources } from '../../../workers/app/sources.ts'
import type { TestSite } from '../web/site.ts'

/** Sets the clock, sends the digests that are due then, and returns the mails. With `publishing`, it first publishes that day. */
export async function sendHour(site: TestSite, moment: string, publishing: boolean): Promise<ParsedMail[]> {
  site.clock.now = new Date(moment)
  const on = day(moment.slice(0, 10))
  const { app } = site
  if (publishing) await app.publish(on, openSources(['huggingface'], app.config, app.clock))
  await app.dispatch(on, { kind: 'hour', now: site.clock.now }, { waitForWindow: false })
  const parcels = await app.ledger.db.selectFrom('parcels').select('id').where('state', '!=', 'settled').execute()
  for (const { id } of parcels) await app.deliver(id)
  return site.sendTransactionals()
}
