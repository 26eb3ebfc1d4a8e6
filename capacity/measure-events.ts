import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import type { Fleet } from '../chaos/fleet.ts'
import { eventBody, signed } from '../test/support/corpora/resend-events.ts'
import type { App } from '../workers/app/app.ts'

import type { EventCosts } from './costs.ts'
import type { Meter } from './meter.ts'

const EVENTS = 2_000
const WARM_EVENTS = 200
const AT_ONCE = 8

interface EventParts {
  readonly app: App
  readonly meter: Meter
  readonly fleet: Fleet
  readonly env: Readonly<Record<string, string>>
  readonly client: pg.Client
}

/** Posts “delivered” of letters that went out to the website, as Resend would. */
export async function measureEvents({ app, meter, fleet, env, client }: EventParts): Promise<EventCosts> {
  fleet.keep('web', 'web')
  const website = `http://127.0.0.1:${env.PORT}`
  while (!(await fetch(`${website}/healthz`).catch(() => ({ ok: false }))).ok) await pause(100)
  const { rows } = await client.query<{ id: string; provider: string; address: string }>(
    "select id::text, provider_id as provider, address from deliveries where state = 'sent' order by id limit $1",
    [EVENTS + WARM_EVENTS],
  )
  const bodies = rows.map(({ id, provider, address }) =>
    eventBody('delivered', { emailId: provider, to: address, mark: app.marks.seal({ kind: 'delivery', id }) }),
  )
  await post(website, bodies.slice(0, WARM_EVENTS))
  const web = fleet.slots.find(({ name }) => name === 'web')?.child.pid ?? 0
  const eventBytes = await meter.tableBytes('webhook_events')
  const before = await meter.read(web)
  await post(website, bodies.slice(WARM_EVENTS))
  const used = meter.between(before, await meter.read(web))
  const events = bodies.length - WARM_EVENTS
  return {
    webCpuMicros: used.processCpu / events,
    postgresCpuMicros: used.postgresCpu / events,
    logWrites: used.logWrites / events,
    walBytes: used.walBytes / events,
    ledgerBytes: ((await meter.tableBytes('webhook_events')) - eventBytes) / events,
  }
}

async function post(website: string, bodies: readonly string[]): Promise<void> {
  const left = bodies.values()
  const one = async () => {
    for (const body of left) {
      const event = signed(body)
      const answer = await fetch(`${website}/webhooks/resend`, {
        method: 'POST',
        headers: event.headers,
        body: event.body,
      })
      if (!answer.ok) throw new Error(`an event was answered with ${answer.status}: ${await answer.text()}`)
      await answer.arrayBuffer()
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, one))
}
